package dev.dormouse.server.epoll;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Bytes that go out before all others: the rest of a frame of which the kernel took only a part
/// while its socket was parked. Safe for any thread.
final class Backlog {
  private final byte[] bytes;

  /// Guarded by this, as is the next.
  private int sent;

  private @Nullable Runnable then;

  /// @param then runs once when all has been sent or never will be
  Backlog(byte[] bytes, Runnable then) {
    this.bytes = bytes;
    this.then = then;
  }

  /// Sends what can be sent now.
  ///
  /// @return true if nothing is left; bytes that a broken socket does not take count as gone, since
  ///   reading will find it broken too
  boolean send(int fd) {
    Runnable done;
    synchronized (this) {
      while (sent < bytes.length) {
        MemorySegment rest = MemorySegment.ofArray(bytes).asSlice(sent);
        long count = Libc.send(fd, rest, 0);
        if (Errno.later(count)) {
          return false;
        }
        if (count >= 0) {
          sent += (int) count;
        } else if (!Errno.interrupted(count)) {
          sent = bytes.length;
        }
      }
      done = then;
      then = null;
    }
    if (done != null) {
      done.run();
    }
    return true;
  }
}
