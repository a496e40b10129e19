package dev.dormouse.loadtest;

/// A histogram of times with an error below one percent and a fixed size: every power of two is cut
/// into 128 equal parts.
final class Latencies {
  private static final int PART_BITS = 7;
  private static final int PARTS = 1 << PART_BITS;

  /// 2^40 ns are 18 minutes; what is longer counts as that.
  private static final int POWERS = 40;

  private final long[] counts = new long[(POWERS - PART_BITS + 1) * PARTS];
  private long total;

  void add(long nanos) {
    counts[slot(nanos)]++;
    total++;
  }

  /// The time in nanoseconds that the given share of all times does not exceed; 0 if there is none.
  ///
  /// @param share above 0, at most 1
  long percentile(double share) {
    long wanted = Math.max(1, (long) Math.ceil(share * total));
    long passed = 0;
    for (int slot = 0; slot < counts.length; slot++) {
      passed += counts[slot];
      if (passed >= wanted) {
        return highest(slot);
      }
    }
    return 0;
  }

  private static int slot(long nanos) {
    long bounded = Math.clamp(nanos, 0, (1L << POWERS) - 1);
    int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(bounded | 1) - PART_BITS);
    return shift * PARTS + (int) (bounded >>> shift);
  }

  /// The highest time that falls into `slot`.
  private static long highest(int slot) {
    int shift = Math.max(0, slot / PARTS - 1);
    long part = slot - (long) shift * PARTS;
    return ((part + 1) << shift) - 1;
  }
}
