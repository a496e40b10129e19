package dev.dormouse.saga.log;

import java.time.Duration;

/// How a log cuts itself into files, and what it refuses.
///
/// @param fileBytes a new file begins when the present one holds so much; the unit of deletion
/// @param fileAge a new file begins when the present one is so old, so that a quiet queue's files
///   can be deleted too
/// @param messageBytes the largest entry, header and payload together
/// @param reserveBytes how much must be free on the disk beyond the batch itself. A file is mapped
///   memory over space that is not yet taken: a write that finds none cannot fail in an orderly way
/// @param blockBytes how much of a file is mapped at a time; at least four times `messageBytes`
public record LogSettings(
    long fileBytes, Duration fileAge, int messageBytes, long reserveBytes, int blockBytes) {
  private static final int MIB = 1024 * 1024;

  public LogSettings {
    if (fileBytes < 1 || !fileAge.isPositive() || messageBytes < 1 || reserveBytes < 0) {
      throw new IllegalArgumentException("sizes and ages of a log's files are positive");
    }
    if (blockBytes < 4L * messageBytes) {
      throw new IllegalArgumentException(
          "a block of " + blockBytes + " bytes cannot take messages of " + messageBytes);
    }
  }

  /// Files of 256 MiB or one hour, entries of 1.1 MiB (1 MiB and a header), 64 MiB in reserve.
  public static LogSettings defaults() {
    return new LogSettings(256L * MIB, Duration.ofHours(1), MIB + MIB / 8, 64L * MIB, 16 * MIB);
  }

  public LogSettings withFiles(long bytes, Duration age) {
    return new LogSettings(bytes, age, messageBytes, reserveBytes, blockBytes);
  }

  public LogSettings withMessages(int bytes, int blockBytes) {
    return new LogSettings(fileBytes, fileAge, bytes, reserveBytes, blockBytes);
  }

  public LogSettings withReserve(long bytes) {
    return new LogSettings(fileBytes, fileAge, messageBytes, bytes, blockBytes);
  }
}
