package dev.dormouse.loadtest.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One axis of a chart: where a value stands between the two ends, and which values are named.
///
/// @param logarithmic whether equal lengths are equal factors; then both ends are above 0
record Axis(double low, double high, boolean logarithmic) {
  private static final int WANTED_STEPS = 5;

  Axis {
    if (!(low < high) || (logarithmic && low <= 0)) {
      throw new IllegalArgumentException("no axis from " + low + " to " + high);
    }
  }

  /// From 0 to a round value that is not below `most`.
  static Axis linear(double most) {
    double bound = most > 0 ? most : 1;
    double step = step(bound);
    return new Axis(0, Math.ceil(bound / step - 1e-9) * step, false);
  }

  /// From a power of ten to another, with everything between.
  static Axis logarithmic(double least, double most) {
    double low = Math.pow(10, Math.floor(Math.log10(least)));
    double high = Math.pow(10, Math.ceil(Math.log10(most) - 1e-9));
    return new Axis(low, high > low ? high : low * 10, true);
  }

  /// 0 at the low end, 1 at the high one; what lies outside stands at its end.
  double place(double value) {
    double place =
        logarithmic
            ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
            : (value - low) / (high - low);
    return Math.clamp(place, 0.0, 1.0);
  }

  /// The values to be named, from the lowest.
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    if (logarithmic) {
      for (double tick = low; tick < high * 1.001; tick *= 10) {
        ticks.add(tick);
      }
    } else {
      double step = step(high - low);
      for (int i = 0; low + i * step <= high + step * 1e-6; i++) {
        ticks.add(low + i * step);
      }
    }
    return ticks;
  }

  /// 1, 2 or 5 times a power of ten, so that about five of them make `length`.
  private static double step(double length) {
    double rough = length / WANTED_STEPS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double factor = rough / power;
    return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
  }

  /// A value as people write it: 20k, 1.5M, 0.2.
  static String name(double value) {
    if (value >= 1e6) {
      return digits(value / 1e6) + "M";
    }
    return value >= 1e4 ? digits(value / 1e3) + "k" : digits(value);
  }

  private static String digits(double value) {
    String text = String.format(Locale.ROOT, "%.3f", value);
    return text.replaceAll("0+$", "").replaceAll("\\.$", "");
  }
}
