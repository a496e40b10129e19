package dev.dormouse.server.epoll;

import java.io.IOException;
import java.net.BindException;

/// Error numbers of Linux, which x86-64 and AArch64 share.
final class Errno {
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int ENOMEM = 12;
  static final int EACCES = 13;
  static final int ENFILE = 23;
  static final int EMFILE = 24;
  static final int EAFNOSUPPORT = 97;
  static final int EADDRINUSE = 98;
  static final int EADDRNOTAVAIL = 99;
  static final int ENOBUFS = 105;

  private Errno() {}

  /// Whether a result, as [Libc] gives it, says that there is nothing to do for now.
  static boolean later(long result) {
    return result == -EAGAIN;
  }

  static boolean interrupted(long result) {
    return result == -EINTR;
  }

  /// What a failed call of this name and result is in Java's words.
  static IOException failure(String call, long result) {
    int error = (int) -result;
    return switch (error) {
      case EADDRINUSE -> new BindException("Address already in use");
      case EADDRNOTAVAIL -> new BindException("Cannot assign requested address");
      case EACCES -> new BindException("Permission denied");
      case EMFILE, ENFILE -> new IOException(call + ": too many open files");
      default -> new IOException(call + " failed with error " + error);
    };
  }
}
