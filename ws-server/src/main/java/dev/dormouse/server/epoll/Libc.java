package dev.dormouse.server.epoll;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The system calls that sockets need, as C has them; a failed call returns its negated error
/// number (see [Errno]).
///
/// All but [#epollWait] return at once, as every descriptor here is non-blocking: they are linked
/// as critical, which saves a change of the thread's state and lets them read arrays of the heap.
@SuppressWarnings("restricted") // native access is granted to all of this process
final class Libc {
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int SOCK_STREAM = 1;
  static final int NONBLOCK = 0x800;
  static final int CLOEXEC = 0x80000;
  static final int SOL_SOCKET = 1;
  static final int SO_REUSEADDR = 2;
  static final int IPPROTO_TCP = 6;
  static final int TCP_NODELAY = 1;
  static final int IPPROTO_IPV6 = 41;
  static final int IPV6_V6ONLY = 26;
  static final int SHUT_WR = 1;
  static final int MSG_PEEK = 0x2;
  static final int MSG_NOSIGNAL = 0x4000;
  static final int MSG_MORE = 0x8000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

  private static final MethodHandle SOCKET = quick("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND = quick("bind", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle LISTEN = quick("listen", JAVA_INT, JAVA_INT);
  private static final MethodHandle SETSOCKOPT =
      quick("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle ACCEPT = quick("accept4", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle SOCKNAME = quick("getsockname", JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle PEERNAME = quick("getpeername", JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle SHUTDOWN = quick("shutdown", JAVA_INT, JAVA_INT);
  private static final MethodHandle CLOSE = quick("close", JAVA_INT);
  private static final MethodHandle EPOLL_CREATE = quick("epoll_create1", JAVA_INT);
  private static final MethodHandle EPOLL_CTL =
      quick("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle EVENTFD = quick("eventfd", JAVA_INT, JAVA_INT);
  private static final MethodHandle RECV = moving("recv", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SEND = moving("send", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle READ = moving("read", JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle WRITE = moving("write", JAVA_INT, ADDRESS, JAVA_LONG);

  /// The one call that waits.
  private static final MethodHandle EPOLL_WAIT =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("epoll_wait"),
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
          ERRNO);

  private Libc() {}

  private static MethodHandle quick(String name, MemoryLayout... arguments) {
    return linked(name, FunctionDescriptor.of(JAVA_INT, arguments));
  }

  private static MethodHandle moving(String name, MemoryLayout... arguments) {
    return linked(name, FunctionDescriptor.of(JAVA_LONG, arguments));
  }

  private static MethodHandle linked(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), type, ERRNO, Linker.Option.critical(true));
  }

  static int socket(int family, int type) {
    int[] error = new int[1];
    try {
      return result((int) SOCKET.invokeExact(of(error), family, type, 0), error);
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  static int bind(int fd, byte[] address) {
    int[] error = new int[1];
    try {
      MemorySegment name = MemorySegment.ofArray(address);
      return result((int) BIND.invokeExact(of(error), fd, name, address.length), error);
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  static int listen(int fd, int backlog) {
    int[] error = new int[1];
    try {
      return result((int) LISTEN.invokeExact(of(error), fd, backlog), error);
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// Sets an option that is a number.
  static int setsockopt(int fd, int level, int option, int value) {
    int[] error = new int[1];
    try {
      MemorySegment number = of(new int[] {value});
      return result(
          (int) SETSOCKOPT.invokeExact(of(error), fd, level, option, number, Integer.BYTES), error);
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  static int accept(int fd) {
    int[] error = new int[1];
    try {
      return result(
          (int)
              ACCEPT.invokeExact(
                  of(error), fd, MemorySegment.NULL, MemorySegment.NULL, NONBLOCK | CLOEXEC),
          error);
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// Writes the socket's own address into `address`, or that of its peer.
  static int name(int fd, boolean peer, byte[] address) {
    int[] error = new int[1];
    try {
      MemorySegment into = MemorySegment.ofArray(address);
      MemorySegment length = of(new int[] {address.length});
      return result(
          peer
              ? (int) PEERNAME.invokeExact(of(error), fd, into, length)
              : (int) SOCKNAME.invokeExact(of(error), fd, into, length),
          error);
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  static int shutdown(int fd, int how) {
    int[] error = new int[1];
    try {
      return result((int) SHUTDOWN.invokeExact(of(error), fd, how), error);
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  static int close(int fd) {
    int[] error = new int[1];
    try {
      return result((int) CLOSE.invokeExact(of(error), fd), error);
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  static int epollCreate() {
    int[] error = new int[1];
    try {
      return result((int) EPOLL_CREATE.invokeExact(of(error), CLOEXEC), error);
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  static int epollCtl(int epoll, int operation, int fd, MemorySegment event) {
    int[] error = new int[1];
    try {
      return result((int) EPOLL_CTL.invokeExact(of(error), epoll, operation, fd, event), error);
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// Waits for events, for `millis` at most; for ever if it is negative.
  ///
  /// @param error native memory for the error number
  static int epollWait(MemorySegment error, int epoll, MemorySegment events, int max, int millis) {
    try {
      int count = (int) EPOLL_WAIT.invokeExact(error, epoll, events, max, millis);
      return count >= 0 ? count : -error.get(JAVA_INT, 0);
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  static int eventfd() {
    int[] error = new int[1];
    try {
      return result((int) EVENTFD.invokeExact(of(error), 0, NONBLOCK | CLOEXEC), error);
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// Receives into memory of either kind.
  static long recv(int fd, MemorySegment into, int flags) {
    int[] error = new int[1];
    try {
      return result((long) RECV.invokeExact(of(error), fd, into, into.byteSize(), flags), error);
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// Sends from memory of either kind. Never raises a signal.
  static long send(int fd, MemorySegment from, int flags) {
    int[] error = new int[1];
    try {
      return result(
          (long) SEND.invokeExact(of(error), fd, from, from.byteSize(), flags | MSG_NOSIGNAL),
          error);
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// Reads a number from an event descriptor, which resets it.
  static long take(int fd) {
    int[] error = new int[1];
    try {
      MemorySegment number = MemorySegment.ofArray(new long[1]);
      return result((long) READ.invokeExact(of(error), fd, number, (long) Long.BYTES), error);
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// Makes an event descriptor readable.
  static long ring(int fd) {
    int[] error = new int[1];
    try {
      MemorySegment one = MemorySegment.ofArray(new long[] {1});
      return result((long) WRITE.invokeExact(of(error), fd, one, (long) Long.BYTES), error);
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  private static MemorySegment of(int[] number) {
    return MemorySegment.ofArray(number);
  }

  private static int result(int result, int[] error) {
    return result >= 0 ? result : -error[0];
  }

  private static long result(long result, int[] error) {
    return result >= 0 ? result : -error[0];
  }

  private static IllegalStateException broken(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("a system call could not be made", cause);
  }
}
