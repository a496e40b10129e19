package dev.dormouse.loadtest;

import java.util.Locale;

/// Something a case measures.
enum Measure {
  RATE("rate", "per second", "%,.0f", true),
  CPU("server CPU", "µs each", "%.1f", false),
  P50("p50", "ms", "%.2f", false),
  P99("p99", "ms", "%.2f", false),
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

  /// How many times better `ours` is than `peers`: above 1 is better, whatever the measure.
  double timesBetter(double ours, double peers) {
    return moreIsBetter ? ours / peers : peers / ours;
  }
}
