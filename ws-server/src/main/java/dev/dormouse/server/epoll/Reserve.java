package dev.dormouse.server.epoll;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// The descriptors that clients do not get, of those that the process may have: classes, files of
/// the storage and the answers to those who are let in need some, and a class that could not be
/// loaded once is missing for good.
final class Reserve {
  /// At most as many, and at most an eighth of all.
  private static final int MOST = 64;

  private static final int PART = 8;

  private Reserve() {}

  /// The kernel gives out the lowest free number: from this one on, the reserve has begun.
  static int begin() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      long all = system.getMaxFileDescriptorCount();
      return (int) Math.min(Integer.MAX_VALUE, all - Math.min(MOST, all / PART));
    }
    return Integer.MAX_VALUE;
  }

  /// Whether the reserve has begun by now.
  static boolean begun(int begin) {
    int probe = Libc.eventfd();
    if (probe < 0) {
      return true;
    }
    var _ = Libc.close(probe);
    return probe >= begin;
  }
}
