package dev.dormouse.loadtest;

import java.util.Locale;
import java.util.OptionalDouble;

/// Something a case measures.
enum Measure {
  RATE("rate", "per second", "%,.0f", true),
  CPU("server CPU", "µs each", "%.1f", false),
  P50("p50", "ms", "%.2f", false),
  P99("p99", "ms", "%.2f", false),
  WOKEN("were asleep", "%", "%.0f", true),
  WAKE_P50("p50 of a wake", "ms", "%.3f", false),
  WAKE_P99("p99 of a wake", "ms", "%.3f", false),
  AWAKE_P50("p50 when awake", "ms", "%.3f", false),
  AWAKE_P99("p99 when awake", "ms", "%.3f", false),
  HEAP("heap growth", "bytes each", "%,.0f", false),
  RSS("RSS growth", "bytes each", "%,.0f", false),
  START("time", "ms", "%,.0f", false);

  private final String title;
  private final String unit;
  private final String format;
  private final boolean moreIsBetter;

  Measure(String title, String unit, String format, boolean moreIsBetter) {
    this.title = title;
    this.unit = unit;
    this.format = format;
    this.moreIsBetter = moreIsBetter;
  }

  String title() {
    return title + ", " + unit;
  }

  String text(double value) {
    return String.format(Locale.ROOT, format, value);
  }

  boolean moreIsBetter() {
    return moreIsBetter;
  }

  /// True if `value` is as good as `budget` or better.
  boolean keeps(double value, double budget) {
    return moreIsBetter ? value >= budget : value <= budget;
  }

  /// How many times better `ours` is than `peers`: above 1 is better, whatever the measure. Empty
  /// where that says nothing: for the share that makes other figures valid, and for growth that was
  /// none.
  OptionalDouble timesBetter(double ours, double peers) {
    if (this == WOKEN || ours <= 0 || peers <= 0) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(moreIsBetter ? ours / peers : peers / ours);
  }
}
