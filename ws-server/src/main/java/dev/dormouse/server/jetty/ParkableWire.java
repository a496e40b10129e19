package dev.dormouse.server.jetty;

import dev.dormouse.hibernation.ClientSocket;
import dev.dormouse.hibernation.Heard;
import dev.dormouse.hibernation.SocketCounters;
import dev.dormouse.hibernation.Wire;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.server.limits.Meter;
import dev.dormouse.server.parking.Incoming;
import dev.dormouse.server.parking.Parked;
import dev.dormouse.server.parking.ParkingEndPoint;
import java.net.SocketAddress;
import java.util.List;
import org.eclipse.jetty.io.Connection;
import org.jspecify.annotations.Nullable;

/// All that is left of an idle WebSocket: its socket's berth and who it is. Jetty's session,
/// connection and endpoint are dropped and made anew, without a handshake, when the client says
/// something or when more is to be sent than the kernel takes at once.
///
/// [#at] decides every race. It is changed under this object's lock only; leaving Jetty and coming
/// back happen on the loop's thread. While it is [AtRest] whoever holds the lock owns the socket:
/// nobody else writes to it, and nobody closes it. While it is [Hearing] that is so too; the loop's
/// thread has a message of the client's decided meanwhile, without the lock. Only that thread ever
/// reads. While it is [Waking] what is sent waits, in order. A live socket takes messages without
/// the lock, and says itself when it has just left ([Outbound.Taken#MOVED]). Nothing of Jetty is
/// called under the lock.
///
/// One for each socket, for as long as it is open: kept small.
final class ParkableWire implements Wire, Parked, Doorstep {
  /// Up to how many bytes a message is written past Jetty; beyond it the kernel is not likely to
  /// take all of it, and copying it costs more than waking.
  private static final int DIRECT = 32 * 1024;

  private static final AtRest AT_REST = new AtRest();
  private static final Packed PACKED = new Packed();

  private final ParkingPlace place;
  private final int messageBytes;

  /// The connector's number of the parked socket: means something only while it is [AtRest].
  /// Guarded by this.
  private int berth = ParkingEndPoint.NOWHERE;

  /// Where the socket is; written under the lock.
  private volatile Place at;

  /// Set once, before any message comes or goes.
  private @Nullable ClientSocket socket;

  private long key;

  /// In the parking place: nothing but the socket is left.
  static final class AtRest implements Place {}

  /// Nothing but the number of the berth is left, and this object is not the socket's any more.
  static final class Packed implements Place {}

  ParkableWire(ParkingPlace place, int messageBytes) {
    this.place = place;
    this.messageBytes = messageBytes;
    this.at = new Waking();
  }

  /// The handshake is done and the room knows of the socket.
  void opened(WebSocketWire live, ClientSocket socket, long key) {
    this.socket = socket;
    this.key = key;
    var _ = back(live, null);
  }

  /// It was packed, and is at rest as it was.
  void comesBack(ClientSocket socket, long key, int berth) {
    synchronized (this) {
      this.socket = socket;
      this.key = key;
      this.berth = berth;
      at = AT_REST;
    }
  }

  @Override
  public int pack() {
    PackedWires packed = place.packed();
    synchronized (this) {
      if (packed == null
          || !(at instanceof AtRest)
          || !place.connector().hand(berth, this, packed)) {
        return -1;
      }
      at = PACKED;
      return berth;
    }
  }

  @Override
  public void unpack() {
    PackedWires packed = place.packed();
    synchronized (this) {
      if (packed == null || at != PACKED || !place.connector().hand(berth, packed, this)) {
        throw new IllegalStateException("a wire that was not packed");
      }
      at = AT_REST;
    }
  }

  private static IllegalStateException gone() {
    return new IllegalStateException("a packed wire is used");
  }

  @Override
  public boolean send(Message message, boolean more) {
    while (true) {
      if (at instanceof WebSocketWire live) {
        switch (live.take(message, more)) {
          case SENT -> {
            return true;
          }
          case DROPPED -> {
            return false;
          }
          case MOVED -> {}
        }
      }
      synchronized (this) {
        switch (at) {
          case AtRest _, Hearing _ -> {
            return write(message);
          }
          case Waking waking -> {
            return queue(waking, message);
          }
          case WebSocketWire _ -> {
            // It has come back in between.
          }
          case Packed _ -> throw gone();
        }
      }
    }
  }

  /// Writes a frame past Jetty, with the lock held.
  private boolean write(Message message) {
    if (message.bytes().length > DIRECT) {
      Waking waking = new Waking();
      waking.add(message);
      wake(waking);
      return true;
    }
    if (!write(FrameEncoder.encode(message))) {
      return false;
    }
    place.table().counters().sent.increment();
    return true;
  }

  /// Writes whole frames past Jetty, with the lock held; what the kernel does not take wakes the
  /// socket and goes out first then.
  private boolean write(byte[] frames) {
    int taken = place.connector().send(berth, frames);
    if (taken < 0) {
      // Broken: whoever reads it finds out how.
      wake(new Waking());
      return false;
    }
    if (taken < frames.length) {
      byte[] rest = new byte[frames.length - taken];
      System.arraycopy(frames, taken, rest, 0, rest.length);
      wake(new Waking(rest));
    }
    return true;
  }

  private boolean queue(Waking waking, Message message) {
    if (waking.status() != null) {
      return false;
    }
    if (waking.bytes() + message.bytes().length > place.limits().behind() && waking.bytes() > 0) {
      waking.close(CloseStatus.of(CloseCode.TOO_SLOW));
      place.table().counters().slow.increment();
      return false;
    }
    waking.add(message);
    return true;
  }

  private void wake(Waking waking) {
    waking.owing = at instanceof Hearing hearing && hearing.owing;
    leavesRest();
    at = waking;
    place.connector().wake(berth, this);
  }

  private void leavesRest() {
    place.table().counters().parked.decrement();
    place.table().counters().unparked.increment();
  }

  @Override
  public void close(CloseStatus status) {
    WebSocketWire live;
    synchronized (this) {
      switch (at) {
        case AtRest _, Hearing _ -> {
          Waking waking = new Waking();
          waking.close(status);
          wake(waking);
          return;
        }
        case Waking waking -> {
          waking.close(status);
          return;
        }
        case WebSocketWire it -> {
          it.stayForGood();
          live = it;
        }
        case Packed _ -> throw gone();
      }
    }
    live.close(status);
  }

  @Override
  public boolean isParked() {
    return rests() || at instanceof Packed;
  }

  @Override
  public @Nullable SocketAddress peer() {
    if (at instanceof WebSocketWire live) {
      return live.peer();
    }
    synchronized (this) {
      return rests() ? place.connector().peer(berth) : null;
    }
  }

  @Override
  public void readOn() {
    if (!(at instanceof WebSocketWire)) {
      synchronized (this) {
        switch (at) {
          case Hearing hearing -> hearing.owing = false;
          case Waking waking -> waking.owing = false;
          // A socket that is not being read is never at rest.
          case AtRest _, WebSocketWire _, Packed _ -> {}
        }
      }
    }
    if (at instanceof WebSocketWire live) {
      live.readOn();
    }
  }

  @Override
  public After attend(Incoming incoming) {
    return Attendance.attend(this, incoming, messageBytes);
  }

  @Override
  public boolean spares(Message message) {
    return socket().spares(key, message);
  }

  @Override
  public boolean pong(Incoming incoming, int size, byte[] answer, int pongs, int frames) {
    synchronized (this) {
      if (!(at instanceof AtRest)
          || !place.gusts().allows(berth, frames, size)
          || !incoming.take(size)) {
        return false;
      }
      place.table().counters().attended.add(pongs);
      if (pongs > 0 && write(answer)) {
        place.table().counters().pings.add(pongs);
      }
      return at instanceof AtRest;
    }
  }

  @Override
  public boolean hear(Incoming incoming, int size, Message message) {
    synchronized (this) {
      if (!(at instanceof AtRest)
          || !place.gusts().allows(berth, 1, size)
          || !incoming.take(size)) {
        return false;
      }
      at = new Hearing();
    }
    SocketCounters counters = place.table().counters();
    counters.received.increment();
    counters.attended.increment();
    Heard heard;
    try {
      heard = socket().hear(key, message);
    } catch (RuntimeException | Error e) {
      close(CloseStatus.of(CloseCode.SERVER_ERROR));
      throw e;
    }
    return heard(heard);
  }

  /// A conversation with the room is for Jetty, which sends several messages at once and stops
  /// reading when the room is behind.
  private synchronized boolean heard(Heard heard) {
    boolean behind = heard == Heard.BEHIND;
    switch (at) {
      case Hearing _ when heard == Heard.SPARED -> {
        at = AT_REST;
        return true;
      }
      case Hearing hearing -> {
        Waking waking = new Waking();
        waking.owing = behind && hearing.owing;
        leavesRest();
        at = waking;
      }
      // Somebody has written more than the kernel took, or closed it.
      case Waking waking -> waking.owing &= behind;
      case AtRest _, WebSocketWire _, Packed _ ->
          throw new IllegalStateException("a socket has moved while its client was heard");
    }
    return false;
  }

  /// Leaves Jetty, if nothing is half done; on the loop's thread.
  boolean park(WebSocketWire live, ParkingEndPoint endPoint) {
    synchronized (this) {
      if (at != live || !live.leave()) {
        return false;
      }
      int left = endPoint.detach();
      if (left == ParkingEndPoint.NOWHERE) {
        live.stay();
        return false;
      }
      berth = left;
      place.gusts().parks(left, live.account());
      at = AT_REST;
      place.table().counters().parked.increment();
    }
    socket().rests();
    return true;
  }

  @Override
  public Connection wake(ParkingEndPoint endPoint) {
    Meter meter;
    synchronized (this) {
      meter = place.gusts().meter(berth);
      if (rests()) {
        leavesRest();
        at = new Waking();
      }
    }
    ClientSocket mine = socket();
    WebSocketWire live = new WebSocketWire(place, this, mine, key, messageBytes, endPoint, meter);
    return RoomConnection.on(
        endPoint, place.connector(), new RoomSession(live, null, place.components()), live);
  }

  /// Hands on what waited for the socket to come back, and then the socket itself.
  ///
  /// @param endPoint where the rest of a frame goes, if there may be one
  /// @return whether it is to be read; if not, [#readOn] will say so
  boolean back(WebSocketWire live, @Nullable ParkingEndPoint endPoint) {
    CloseStatus status;
    boolean reads;
    while (true) {
      List<Message> messages;
      synchronized (this) {
        if (!(at instanceof Waking waking)) {
          throw new IllegalStateException("a socket comes back that was not away");
        }
        status = waking.status();
        messages = waking.take();
        if (endPoint != null && waking.rest.length > 0) {
          live.sendFirst(waking.rest, endPoint);
          endPoint = null;
        }
        if (messages.isEmpty()) {
          if (status != null) {
            live.stayForGood();
          }
          reads = !waking.owing || status != null || !live.owe();
          at = live;
          break;
        }
      }
      for (int i = 0; i < messages.size(); i++) {
        var _ = live.take(messages.get(i), i < messages.size() - 1);
      }
    }
    if (status != null) {
      live.close(status);
    }
    return reads;
  }

  @Override
  public void cut(Throwable cause) {
    CloseStatus status = CloseStatus.of(CloseCode.ABNORMAL);
    synchronized (this) {
      Waking never = new Waking();
      never.close(status);
      if (rests()) {
        leavesRest();
      }
      at = never;
    }
    ClientSocket mine = socket;
    if (mine != null) {
      mine.closed(status, cause);
    }
  }

  private boolean rests() {
    return at instanceof AtRest || at instanceof Hearing;
  }

  private ClientSocket socket() {
    ClientSocket mine = socket;
    if (mine == null) {
      throw new IllegalStateException("parked before it was open");
    }
    return mine;
  }
}
