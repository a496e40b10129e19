package dev.dormouse.server.jetty;

import dev.dormouse.hibernation.SocketCounters;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.server.limits.Unfinished;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.jspecify.annotations.Nullable;

/// How a WebSocket ends: in its own way, since Jetty cuts the socket at once for most codes, which
/// loses what the client has not yet read. Everything queued leaves first, then the close frame,
/// then what the client still sends is read and dropped until its close frame comes or the time is
/// up.
///
/// Safe for any thread.
final class Ending {
  private final WebSocketWire wire;
  private final SocketCounters counters;
  private final SocketLimits limits;
  private final Execution execution;

  /// What has to leave first.
  private final Outbound outbound;

  /// Why the socket closes, once it does; whoever comes first.
  private final AtomicReference<@Nullable CloseStatus> closing = new AtomicReference<>();

  /// Whether the close frame has been handed to Jetty.
  private final AtomicBoolean goodbye = new AtomicBoolean();

  private final AtomicBoolean ended = new AtomicBoolean();

  /// Whether our side of the socket is shut right after the close frame, which the client sees even
  /// if we see nothing of it; written before the close begins.
  private volatile boolean hangUp;

  /// What broke the socket, if something did; written before it ends.
  private volatile @Nullable Throwable failure;

  private volatile Execution.@Nullable Timer deadline;

  Ending(WebSocketWire wire, SocketCounters counters, SocketLimits limits, Execution execution) {
    this.wire = wire;
    this.counters = counters;
    this.limits = limits;
    this.execution = execution;
    this.outbound =
        new Outbound(limits, counters.queued, this::sayGoodbye, wire::taken, this::unread);
  }

  Outbound outbound() {
    return outbound;
  }

  /// Whether it closes.
  boolean begun() {
    return closing.get() != null;
  }

  /// Whether it is no more.
  boolean over() {
    return ended.get();
  }

  /// Something broke the socket, which ends next.
  void failed(Throwable cause) {
    if (!begun()) {
      failure = cause;
    }
  }

  /// The frames broke the protocol: says why and reads no more messages.
  ///
  /// @param unreadable whether what the client still sends cannot be made out, so that its answer
  ///   to our close frame would not be seen
  void refuse(int code, Throwable cause, boolean unreadable) {
    if (!begun()) {
      failure = cause;
      hangUp = unreadable;
    }
    begin(CloseStatus.of(CloseCode.of(code).orElse(CloseCode.PROTOCOL_ERROR)));
  }

  /// A message is not sent to it, so it must not go on.
  void drop(CloseCode why) {
    if (begin(CloseStatus.of(why)) && why == CloseCode.TOO_SLOW) {
      counters.slow.increment();
    }
  }

  /// It does not read what it is sent.
  private void unread(Unfinished.Why why) {
    // So that it does not leave, nor somebody else have its socket, in between.
    if (!outbound.hold()) {
      return;
    }
    // Nothing but that waits if it has just read all.
    if (outbound.holds() > 1) {
      drop(CloseCode.TOO_SLOW);
      if (why == Unfinished.Why.FULL) {
        // What waits is to be free now, not when the time to close is up.
        cut();
      }
    }
    outbound.left(1);
  }

  /// It has begun a message and does not go on with it, or the message takes too much.
  void unheard(Unfinished.Why why) {
    if (outbound.hold()) {
      int code = CloseCode.TRY_LATER.code();
      begin(
          switch (why) {
            case SLOW -> new CloseStatus(code, "the message did not get on");
            case FULL -> CloseStatus.of(CloseCode.TRY_LATER);
          });
      outbound.left(1);
    }
  }

  /// Closes it, if nobody has.
  boolean begin(CloseStatus status) {
    if (!closing.compareAndSet(null, status)) {
      return false;
    }
    counters.closing.increment();
    setDeadline();
    if (outbound.empty()) {
      sayGoodbye();
    }
    // The client's close frame may wait behind messages that are not being read.
    wire.readOn();
    return true;
  }

  private void setDeadline() {
    deadline = execution.schedule(limits.closing(), this::cut);
  }

  /// If it closes, and not twice.
  private void sayGoodbye() {
    CloseStatus status = closing.get();
    if (status != null && goodbye.compareAndSet(false, true)) {
      // Past the session, which would cut the socket right after the frame.
      WebSocketConnection connection = wire.session().getConnection();
      Frame frame =
          new org.eclipse.jetty.websocket.core.CloseStatus(status.code(), status.reason())
              .toFrame();
      Callback then =
          hangUp ? Callback.from(() -> connection.getEndPoint().shutdownOutput()) : Callback.NOOP;
      connection.enqueueFrame(new OutgoingEntry.Builder(frame, then).batch(false).build());
    }
  }

  /// The client closes, or answers our close (C5).
  void answer(Frame frame, Callback callback) {
    var theirs = org.eclipse.jetty.websocket.core.CloseStatus.getCloseStatus(frame);
    int code = theirs.getCode();
    String reason = theirs.getReason() == null ? "" : theirs.getReason();
    if (closing.compareAndSet(null, new CloseStatus(code, reason))) {
      counters.closing.increment();
      goodbye.set(true);
      setDeadline();
      int answer = code == CloseCode.NO_STATUS.code() ? CloseCode.NORMAL.code() : code;
      wire.session().close(answer, reason, callback);
      return;
    }
    if (goodbye.get()) {
      cut();
    }
    callback.succeeded();
  }

  /// Ends the socket without waiting any longer.
  private void cut() {
    end();
    wire.session().abort();
  }

  /// The socket has ended.
  void end() {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    // Whatever is sent from here on is dropped.
    if (!closing.compareAndSet(null, CloseStatus.of(CloseCode.ABNORMAL))) {
      counters.closing.decrement();
    }
    goodbye.set(true);
    Execution.Timer timer = deadline;
    if (timer != null) {
      timer.cancel();
    }
    CloseStatus status = closing.get();
    if (status != null) {
      wire.gone(status, failure);
    }
  }
}
