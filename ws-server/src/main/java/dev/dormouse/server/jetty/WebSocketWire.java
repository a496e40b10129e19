package dev.dormouse.server.jetty;

import dev.dormouse.hibernation.ClientSocket;
import dev.dormouse.hibernation.SocketTable;
import dev.dormouse.hibernation.Wire;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.server.jetty.Outbound.Taken;
import dev.dormouse.server.limits.Meter;
import dev.dormouse.server.limits.Metering;
import dev.dormouse.server.parking.ParkingEndPoint;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.jspecify.annotations.Nullable;

/// One WebSocket on Jetty's core API: frames in, messages out to the table; messages in, frames
/// out.
///
/// It closes in its own way, since Jetty cuts the socket at once for most codes, which loses what
/// the client has not yet read: everything queued leaves first, then the close frame, then what the
/// client still sends is read and dropped until its close frame comes or the time is up.
///
/// Frames come one at a time, each only after the one before was asked for ([CoreSession#demand]);
/// the [Wire] side may be used by any thread.
///
/// Where sockets are parked it is there only between two rests ([ParkableWire]); [Outbound] decides
/// whether a message still goes this way.
final class WebSocketWire implements FrameHandler, Wire, Place {
  private final SocketTable table;
  private final SocketLimits limits;
  private final Execution execution;
  private final Assembly assembly;

  /// How much it may say, for as long as it is awake: a client that is parked has been quiet for so
  /// long that it may say as much as any. For the thread that reads.
  private final Meter meter;

  /// The part of the socket that stays; null where sockets are not parked.
  private final @Nullable ParkableWire lasting;

  /// Where it came back to; null if it has never been parked.
  private final @Nullable ParkingEndPoint endPoint;

  /// What has been handed to Jetty and has not left yet.
  private final Outbound outbound;

  /// Set before somebody who does not read closes it: from then on it is not parked any more.
  private volatile boolean staying;

  /// Set while a frame has been handled and the next has not been asked for.
  private final AtomicBoolean owing = new AtomicBoolean();

  /// Why the socket closes, once it does; whoever comes first.
  private final AtomicReference<@Nullable CloseStatus> closing = new AtomicReference<>();

  /// Whether the close frame has been handed to Jetty.
  private final AtomicBoolean goodbye = new AtomicBoolean();

  private final AtomicBoolean ended = new AtomicBoolean();

  /// Whether our side of the socket is shut right after the close frame, which the client sees even
  /// if we see nothing of it; written before the close begins.
  private volatile boolean hangUp;

  /// Needed only until the socket is open; then null.
  private @Nullable Beginning beginning;

  /// What broke the socket, if something did; written before it ends.
  private volatile @Nullable Throwable failure;

  private volatile Execution.@Nullable Timer deadline;

  /// Both set when Jetty opens the socket, before any frame comes or room answers; the second
  /// earlier when it comes back.
  private volatile @Nullable RoomSession session;

  private volatile @Nullable ClientSocket socket;

  /// The connection's key; as above.
  private long key;

  WebSocketWire(
      SocketTable table,
      SocketLimits limits,
      Execution execution,
      @Nullable ParkableWire lasting,
      Beginning beginning,
      Meter meter) {
    this.meter = meter;
    this.table = table;
    this.limits = limits;
    this.outbound = new Outbound(limits, table.counters().queued, this::sayGoodbye);
    this.execution = execution;
    this.lasting = lasting;
    this.endPoint = null;
    this.beginning = beginning;
    this.assembly =
        new Assembly(
            switch (beginning) {
              case Beginning.Admitted admitted -> admitted.messageBytes();
              // Nothing of it is heard.
              case Beginning.TurnedAway _ -> 0;
            },
            limits.burden());
  }

  /// A socket that comes back from being parked.
  WebSocketWire(
      ParkingPlace place,
      ParkableWire lasting,
      ClientSocket socket,
      long key,
      int messageBytes,
      ParkingEndPoint endPoint) {
    Metering metering = place.limits().metering();
    // Whose it was is not kept while it is parked, but where it is can be asked.
    this.meter =
        metering.meter(metering.asksForAddress() ? endPoint.getRemoteSocketAddress() : null, -1);
    this.table = place.table();
    this.limits = place.limits();
    this.outbound = new Outbound(limits, table.counters().queued, this::sayGoodbye);
    this.execution = place.execution();
    this.lasting = lasting;
    this.endPoint = endPoint;
    this.socket = socket;
    this.key = key;
    this.assembly = new Assembly(messageBytes, place.limits().burden());
  }

  @Override
  public void onOpen(CoreSession core, Callback callback) {
    RoomSession opened = (RoomSession) core;
    session = opened;
    ParkableWire whole = lasting;
    Beginning first = beginning;
    beginning = null;
    switch (first) {
      case Beginning.Admitted it -> {
        ClientSocket mine = table.open(whole == null ? this : whole);
        socket = mine;
        callback.succeeded();
        key = mine.attach(it.room(), it.admission(), it.stay());
        if (whole != null) {
          whole.opened(this, mine, key);
        }
      }
      case Beginning.TurnedAway(CloseStatus status, _) -> {
        socket = table.open(this);
        callback.succeeded();
        close(status);
      }
      case null -> {
        callback.succeeded();
        if (whole != null && !whole.back(this, endPoint)) {
          return;
        }
      }
    }
    opened.demand();
  }

  @Override
  public void onFrame(Frame frame, Callback callback) {
    boolean enough = !meter.take(frame.getPayloadLength());
    switch (frame.getOpCode()) {
      case OpCode.CLOSE -> {
        answerClose(frame, callback);
        return;
      }
      case OpCode.PING -> pong(frame);
      case OpCode.PONG -> {}
      default -> {
        if (closing.get() == null) {
          data(frame, enough, callback);
          return;
        }
      }
    }
    callback.succeeded();
    next(enough);
  }

  /// Asks for the next frame: at once, or in a while.
  ///
  /// @param enough whether the client has said more than it may for now
  private void next(boolean enough) {
    if (!enough || closing.get() != null) {
      session().demand();
      return;
    }
    owing.set(true);
    if (closing.get() != null) {
      readOn();
    } else {
      meter.again(this::readOn);
    }
  }

  private void data(Frame frame, boolean enough, Callback callback) {
    Assembly.Step step = assembly.add(frame);
    // The bytes are copied: the buffer goes back before the room is entered.
    callback.succeeded();
    boolean readOn =
        switch (step) {
          case Assembly.Part _ -> true;
          case Assembly.Bad(CloseCode code) -> {
            close(CloseStatus.of(code));
            yield true;
          }
          case Assembly.Whole(Message message) -> {
            table.counters().received.increment();
            owing.set(true);
            boolean more = socket().received(key, message);
            // Set and taken back rather than set late, since the room may catch up in between.
            yield (more || closing.get() != null) && owing.compareAndSet(true, false);
          }
        };
    if (readOn) {
      next(enough);
    }
  }

  private void pong(Frame ping) {
    ByteBuffer payload = ping.getPayload();
    byte[] bytes = new byte[payload == null ? 0 : payload.remaining()];
    if (payload != null) {
      payload.get(bytes);
    }
    if (offer(OpCode.PONG, bytes, false) == Taken.SENT) {
      table.counters().pings.increment();
    }
  }

  @Override
  public boolean send(Message message, boolean more) {
    return take(message, more) == Taken.SENT;
  }

  /// As [#send], but tells whether the socket has just been parked.
  Taken take(Message message, boolean more) {
    Taken taken = offer(FrameEncoder.opCode(message), message.bytes(), more);
    if (taken == Taken.SENT) {
      table.counters().sent.increment();
    }
    return taken;
  }

  private Taken offer(byte opCode, byte[] bytes, boolean more) {
    RoomSession to = session;
    return to == null || closing.get() != null
        ? Taken.DROPPED
        : outbound.offer(to, opCode, bytes, more, this::behind);
  }

  private void behind() {
    if (begin(CloseStatus.of(CloseCode.TOO_SLOW))) {
      table.counters().slow.increment();
    }
  }

  /// Sends the rest of a frame before all else.
  void sendFirst(byte[] rest, ParkingEndPoint to) {
    outbound.add(rest.length);
    to.sendFirst(rest, () -> outbound.left(rest.length));
  }

  /// Leaves Jetty, if nothing is being sent or closed; the last condition to be asked, on the
  /// loop's thread. Messages are not taken any more.
  boolean leave() {
    boolean leaves = !staying && closing.get() == null && !owing.get() && outbound.leave();
    if (leaves) {
      meter.pay();
    }
    return leaves;
  }

  /// Takes [#leave] back.
  void stay() {
    outbound.stay();
  }

  /// From now on it does not leave; to be said under the lock of [ParkableWire].
  void stayForGood() {
    staying = true;
  }

  /// Leaves its endpoint for the parking place, if there is one and this is the moment.
  @Nullable ParkableWire park(ParkingEndPoint from) {
    ParkableWire whole = lasting;
    return whole != null && whole.park(this, from) ? whole : null;
  }

  /// Is not read until [#readOn] says so; returns false if it closes, and so is to be read at once.
  boolean owe() {
    owing.set(true);
    return closing.get() == null || !owing.compareAndSet(true, false);
  }

  @Override
  public void readOn() {
    if (owing.compareAndSet(true, false)) {
      session().demand();
    }
  }

  @Override
  public @Nullable SocketAddress peer() {
    RoomSession mine = session;
    return mine == null ? null : mine.getRemoteAddress();
  }

  @Override
  public void close(CloseStatus status) {
    begin(status);
  }

  /// The frames broke the protocol: says why and reads no more messages.
  ///
  /// @param unreadable whether what the client still sends cannot be made out, so that its answer
  ///   to our close frame would not be seen
  void refuse(int code, Throwable cause, boolean unreadable) {
    if (closing.get() == null) {
      failure = cause;
      hangUp = unreadable;
    }
    close(CloseStatus.of(CloseCode.of(code).orElse(CloseCode.PROTOCOL_ERROR)));
  }

  private boolean begin(CloseStatus status) {
    if (!closing.compareAndSet(null, status)) {
      return false;
    }
    table.counters().closing.increment();
    setDeadline();
    if (outbound.empty()) {
      sayGoodbye();
    }
    // The client's close frame may wait behind messages that are not being read.
    readOn();
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
      WebSocketConnection connection = session().getConnection();
      Frame frame =
          new org.eclipse.jetty.websocket.core.CloseStatus(status.code(), status.reason())
              .toFrame();
      Callback then =
          hangUp ? Callback.from(() -> connection.getEndPoint().shutdownOutput()) : Callback.NOOP;
      connection.enqueueFrame(new OutgoingEntry.Builder(frame, then).batch(false).build());
    }
  }

  /// The client closes, or answers our close (C5).
  private void answerClose(Frame frame, Callback callback) {
    var theirs = org.eclipse.jetty.websocket.core.CloseStatus.getCloseStatus(frame);
    int code = theirs.getCode();
    String reason = theirs.getReason() == null ? "" : theirs.getReason();
    if (closing.compareAndSet(null, new CloseStatus(code, reason))) {
      table.counters().closing.increment();
      goodbye.set(true);
      setDeadline();
      int answer = code == CloseCode.NO_STATUS.code() ? CloseCode.NORMAL.code() : code;
      session().close(answer, reason, callback);
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
    session().abort();
  }

  @Override
  public void onError(Throwable cause, Callback callback) {
    if (closing.get() == null) {
      failure = cause;
    }
    callback.succeeded();
  }

  @Override
  public void onClosed(org.eclipse.jetty.websocket.core.CloseStatus status, Callback callback) {
    end();
    callback.succeeded();
  }

  private void end() {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    owing.set(false);
    assembly.end();
    meter.pay();
    // Whatever is sent from here on is dropped.
    if (!closing.compareAndSet(null, CloseStatus.of(CloseCode.ABNORMAL))) {
      table.counters().closing.decrement();
    }
    goodbye.set(true);
    Execution.Timer timer = deadline;
    if (timer != null) {
      timer.cancel();
    }
    CloseStatus status = closing.get();
    ClientSocket mine = socket;
    if (mine != null && status != null) {
      mine.closed(status, failure);
    }
  }

  private RoomSession session() {
    return opened(session);
  }

  private ClientSocket socket() {
    return opened(socket);
  }

  private static <T> T opened(@Nullable T it) {
    if (it == null) {
      throw new IllegalStateException("the socket is not open yet");
    }
    return it;
  }
}
