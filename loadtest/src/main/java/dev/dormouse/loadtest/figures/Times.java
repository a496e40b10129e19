package dev.dormouse.loadtest.figures;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/// Times in microseconds, three digits exact, that add up without loss: the percentiles of a sum
/// are those of all times together, which no average of percentiles is. Safe for any thread.
public final class Times {
  private static final long LONGEST = TimeUnit.MINUTES.toMicros(10);
  private static final int DIGITS = 3;

  /// Guarded by this.
  private final Histogram histogram = new Histogram(LONGEST, DIGITS);

  /// Counts one; what is longer than ten minutes counts as that.
  public synchronized void add(long micros) {
    histogram.recordValue(Math.clamp(micros, 0, LONGEST));
  }

  /// Adds all of `encoded`, which [#takeEncoded] made.
  ///
  /// @throws IllegalArgumentException if it is something else
  public synchronized Times add(String encoded) {
    if (!encoded.isEmpty()) {
      try {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(encoded));
        histogram.add(Histogram.decodeFromCompressedByteBuffer(bytes, LONGEST));
      } catch (DataFormatException | RuntimeException e) {
        throw new IllegalArgumentException("not times: " + encoded, e);
      }
    }
    return this;
  }

  /// All of it as text, empty for none, and starts anew.
  public synchronized String takeEncoded() {
    if (histogram.getTotalCount() == 0) {
      return "";
    }
    ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(bytes);
    histogram.reset();
    return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length));
  }

  public synchronized long count() {
    return histogram.getTotalCount();
  }

  /// What `percent` of all times do not exceed, in microseconds; 0 if there are none.
  public synchronized long percentile(double percent) {
    return histogram.getValueAtPercentile(percent);
  }

  /// The longest, in microseconds; 0 if there are none.
  public synchronized long max() {
    return histogram.getMaxValue();
  }
}
