package dev.dormouse.server.jetty;

import dev.dormouse.hibernation.ClientSocket;
import dev.dormouse.hibernation.SocketTable;
import dev.dormouse.hibernation.Wire;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.server.jetty.Outbound.Taken;
import dev.dormouse.server.limits.Guest;
import dev.dormouse.server.limits.Meter;
import dev.dormouse.server.parking.ParkingEndPoint;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/// One WebSocket on Jetty's core API: frames in, messages out to the table; messages in, frames
/// out.
///
/// How it ends is for [Ending] to say.
///
/// Frames come one at a time, each only after the one before was asked for ([CoreSession#demand]);
/// the [Wire] side may be used by any thread.
///
/// Where sockets are parked it is there only between two rests ([ParkableWire]); [Outbound] decides
/// whether a message still goes this way.
final class WebSocketWire implements FrameHandler, Wire, Place {
  private final SocketTable table;
  private final SocketLimits limits;
  private final Assembly assembly;

  /// How much it may say, for as long as it is awake: a client that is parked has been quiet for so
  /// long that it may say as much as any, but for what its address and its user have said
  /// meanwhile. For the thread that reads.
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

  private final Ending ending;

  /// Needed only until the socket is open; then null.
  private @Nullable Beginning beginning;

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
    this.ending = new Ending(this, table.counters(), limits, execution);
    this.outbound = ending.outbound();
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
            limits.burden(),
            ending::unheard);
  }

  /// A socket that comes back from being parked.
  WebSocketWire(
      ParkingPlace place,
      ParkableWire lasting,
      ClientSocket socket,
      long key,
      int messageBytes,
      ParkingEndPoint endPoint,
      Meter meter) {
    this.meter = meter;
    this.table = place.table();
    this.limits = place.limits();
    this.ending = new Ending(this, table.counters(), limits, place.execution());
    this.outbound = ending.outbound();
    this.lasting = lasting;
    this.endPoint = endPoint;
    this.socket = socket;
    this.key = key;
    this.assembly = new Assembly(messageBytes, place.limits().burden(), ending::unheard);
  }

  /// How much of what it was sent the socket has taken.
  long taken() {
    RoomSession mine = session;
    ParkingEndPoint end =
        mine == null ? null : ParkingEndPoint.within(mine.getConnection().getEndPoint());
    return end == null ? 0 : end.sent();
  }

  @Override
  public void onOpen(CoreSession core, Callback callback) {
    RoomSession opened = (RoomSession) core;
    session = opened;
    limits.burden().begin(outbound);
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
        ending.answer(frame, callback);
        return;
      }
      case OpCode.PING -> pong(frame);
      case OpCode.PONG -> {}
      default -> {
        if (!ending.begun()) {
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
    if (!enough || ending.begun()) {
      session().demand();
      return;
    }
    owing.set(true);
    if (ending.begun()) {
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
            yield (more || ending.begun()) && owing.compareAndSet(true, false);
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
    return to == null || ending.begun()
        ? Taken.DROPPED
        : outbound.offer(to, opCode, bytes, more, ending::drop);
  }

  /// Sends the rest of a frame before all else.
  void sendFirst(byte[] rest, ParkingEndPoint to) {
    outbound.add(rest.length);
    to.sendFirst(rest, () -> outbound.left(rest.length));
  }

  /// Leaves Jetty, if nothing is being sent or closed; the last condition to be asked, on the
  /// loop's thread. Messages are not taken any more.
  boolean leave() {
    boolean leaves = !staying && !ending.begun() && !owing.get() && outbound.leave();
    if (leaves) {
      limits.burden().done(outbound);
      meter.pay();
    }
    return leaves;
  }

  /// Who pays for what it says.
  int account() {
    return meter.account();
  }

  /// Takes [#leave] back.
  void stay() {
    outbound.stay();
    limits.burden().begin(outbound);
    if (ending.over()) {
      // It came in between.
      limits.burden().done(outbound);
    }
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
    return !ending.begun() || !owing.compareAndSet(true, false);
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
    Guest guest = mine == null ? null : Handshake.guest(mine.getConnection().getEndPoint());
    return guest == null ? null : guest.origin();
  }

  @Override
  public void close(CloseStatus status) {
    ending.begin(status);
  }

  /// As [Ending#refuse].
  void refuse(int code, Throwable cause, boolean unreadable) {
    ending.refuse(code, cause, unreadable);
  }

  @Override
  public void onError(Throwable cause, Callback callback) {
    ending.failed(cause);
    callback.succeeded();
  }

  @Override
  public void onClosed(org.eclipse.jetty.websocket.core.CloseStatus status, Callback callback) {
    ending.end();
    callback.succeeded();
  }

  /// It has ended.
  void gone(CloseStatus status, @Nullable Throwable failure) {
    owing.set(false);
    assembly.end();
    limits.burden().done(outbound);
    meter.pay();
    ClientSocket mine = socket;
    if (mine != null) {
      mine.closed(status, failure);
    }
  }

  RoomSession session() {
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
