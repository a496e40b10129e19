package dev.dormouse.server.nio;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/// Whether the process has a descriptor to spare for another client. Some are kept back: classes,
/// files of the storage and the answers to those who are let in need some, and a class that could
/// not be loaded once is missing for good.
///
/// Channels do not tell their numbers, and counting what is open costs time for each: so it is
/// counted again only when a quarter of what was free may be used up.
///
/// For one thread.
final class Descriptors {
  /// At most as many are kept back, and at most an eighth of all.
  private static final int MOST = 64;

  private static final int PART = 8;

  /// Null where they are not limited, or cannot be counted.
  private final @Nullable UnixOperatingSystemMXBean system = counted();

  /// How many clients may come before it has to be counted again.
  private long allowance;

  private static @Nullable UnixOperatingSystemMXBean counted() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      try {
        return system.getOpenFileDescriptorCount() > 0 ? system : null;
      } catch (InternalError _) {
        // As where there is no /proc.
        return null;
      }
    }
    return null;
  }

  /// Whether the client that has just been accepted can stay.
  boolean spare() {
    UnixOperatingSystemMXBean counter = system;
    if (counter == null || allowance-- > 0) {
      return true;
    }
    long free = free(counter);
    allowance = Math.max(0, free / 4);
    return free >= 0;
  }

  /// Has the next look count, whatever was found before.
  void countAgain() {
    allowance = 0;
  }

  private static long free(UnixOperatingSystemMXBean counter) {
    long all = counter.getMaxFileDescriptorCount();
    try {
      return all - Math.min(MOST, all / PART) - counter.getOpenFileDescriptorCount();
    } catch (InternalError _) {
      // Counting takes one, too.
      return -1;
    }
  }
}
