package dev.dormouse.server.parking;

import org.jspecify.annotations.Nullable;

/// Bytes that go out before all others: the rest of a frame of which the kernel took only a part
/// while its socket was parked. Safe for any thread.
public final class Backlog {
  private final byte[] bytes;

  /// Guarded by this, as is the next.
  private int sent;

  private @Nullable Runnable then;

  /// @param then runs once when all has been sent or never will be
  public Backlog(byte[] bytes, Runnable then) {
    this.bytes = bytes;
    this.then = then;
  }

  /// A socket, as far as it is needed here.
  @FunctionalInterface
  public interface Sink {

    /// Sends bytes from a place on, without blocking.
    ///
    /// @return how many were taken; -1 if the socket is broken
    int send(byte[] bytes, int from);
  }

  /// Sends what can be sent now.
  ///
  /// @return true if nothing is left; bytes that a broken socket does not take count as gone, since
  ///   reading will find it broken too
  public boolean send(Sink to) {
    Runnable done;
    synchronized (this) {
      while (sent < bytes.length) {
        int count = to.send(bytes, sent);
        if (count == 0) {
          return false;
        }
        sent = count < 0 ? bytes.length : sent + count;
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
