package dev.dormouse.server.epoll;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The time for which an endpoint has a descriptor. A number that is closed while another thread is
/// about to use it may be somebody else's at that moment; so whoever uses it says so, and it is
/// closed by the last to leave. Nobody waits.
final class Tenure {
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Tenure.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// Set when the endpoint has lost it; the rest of the number is how many use it.
  private static final int OVER = Integer.MIN_VALUE;

  final int fd;
  private final Object holder;
  private final Slots slots;

  @SuppressWarnings("UnusedVariable") // by its handle
  private volatile int state;

  Tenure(int fd, Object holder, Slots slots) {
    this.fd = fd;
    this.holder = holder;
    this.slots = slots;
  }

  /// Begins to use the number.
  ///
  /// @return false if it is over; else [#exit] must follow
  boolean enter() {
    for (int now = state; now >= 0; now = state) {
      if (STATE.compareAndSet(this, now, now + 1)) {
        return true;
      }
    }
    return false;
  }

  void exit() {
    if ((int) STATE.getAndAdd(this, -1) == OVER + 1) {
      close();
    }
  }

  boolean held() {
    return state >= 0;
  }

  /// Ends it and closes the number, now or when the last has left.
  void end() {
    if ((int) STATE.getAndBitwiseOr(this, OVER) == 0) {
      close();
    }
  }

  /// Ends it without closing the number.
  ///
  /// @return false if somebody uses it, or it is over
  boolean leave() {
    return STATE.compareAndSet(this, 0, OVER);
  }

  private void close() {
    slots.release(fd, holder);
    var _ = Libc.close(fd);
  }
}
