package dev.dormouse.server.jetty;

import dev.dormouse.hibernation.ClientSocket;
import dev.dormouse.hibernation.Wire;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.server.epoll.EpollConnector;
import dev.dormouse.server.epoll.EpollEndPoint;
import dev.dormouse.server.epoll.Parked;
import java.util.List;
import org.eclipse.jetty.io.Connection;
import org.jspecify.annotations.Nullable;

/// All that is left of an idle WebSocket: its descriptor and who it is. Jetty's session, connection
/// and endpoint are dropped and made anew, without a handshake, when the client says something or
/// when more is to be sent than the kernel takes at once.
///
/// [#at] decides every race. It is changed under this object's lock only; leaving Jetty and coming
/// back happen on the loop's thread. While it is [AtRest] whoever holds the lock owns the
/// descriptor: nobody else writes to it, and nobody closes it. While it is [Waking] what is sent
/// waits, in order. A live socket takes messages without the lock, and says itself when it has just
/// left ([Outbound.Taken#MOVED]). Nothing of Jetty is called under the lock.
///
/// One for each socket, for as long as it is open: kept small.
final class ParkableWire implements Wire, Parked {
  /// Up to how many bytes a message is written past Jetty; beyond it the kernel is not likely to
  /// take all of it, and copying it costs more than waking.
  private static final int DIRECT = 32 * 1024;

  private static final AtRest AT_REST = new AtRest();

  private final ParkingPlace place;
  private final int fd;
  private final int messageBytes;

  /// Where the socket is; written under the lock.
  private volatile Place at;

  /// Set once, before any message comes or goes.
  private @Nullable ClientSocket socket;

  private long key;

  /// In the parking place: nothing but the descriptor is left.
  static final class AtRest implements Place {}

  ParkableWire(ParkingPlace place, int fd, int messageBytes) {
    this.place = place;
    this.fd = fd;
    this.messageBytes = messageBytes;
    this.at = new Waking();
  }

  /// The handshake is done and the room knows of the socket.
  void opened(WebSocketWire live, ClientSocket socket, long key) {
    this.socket = socket;
    this.key = key;
    back(live, null);
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
          case AtRest _ -> {
            return write(message);
          }
          case Waking waking -> {
            return queue(waking, message);
          }
          case WebSocketWire _ -> {
            // It has come back in between.
          }
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
    byte[] frame = FrameEncoder.encode(message);
    int taken = EpollConnector.send(fd, frame);
    if (taken < 0) {
      // Broken: whoever reads it finds out how.
      wake(new Waking());
      return false;
    }
    place.table().counters().sent.increment();
    if (taken < frame.length) {
      byte[] rest = new byte[frame.length - taken];
      System.arraycopy(frame, taken, rest, 0, rest.length);
      wake(new Waking(rest));
    }
    return true;
  }

  private boolean queue(Waking waking, Message message) {
    if (waking.status() != null) {
      return false;
    }
    if (waking.bytes() + message.bytes().length > place.limits().outboundBytes()
        && waking.bytes() > 0) {
      waking.close(CloseStatus.of(CloseCode.TOO_SLOW));
      place.table().counters().slow.increment();
      return false;
    }
    waking.add(message);
    return true;
  }

  private void wake(Waking waking) {
    leavesRest();
    at = waking;
    place.connector().wake(fd, this);
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
        case AtRest _ -> {
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
      }
    }
    live.close(status);
  }

  @Override
  public void readOn() {
    // A socket that is not being read is never parked.
    if (at instanceof WebSocketWire live) {
      live.readOn();
    }
  }

  /// Leaves Jetty, if nothing is half done; on the loop's thread.
  boolean park(WebSocketWire live, EpollEndPoint endPoint) {
    synchronized (this) {
      if (at != live || !live.leave()) {
        return false;
      }
      if (!endPoint.detach()) {
        live.stay();
        return false;
      }
      at = AT_REST;
      place.table().counters().parked.increment();
      return true;
    }
  }

  @Override
  public Connection wake(EpollEndPoint endPoint) {
    synchronized (this) {
      if (at instanceof AtRest) {
        leavesRest();
        at = new Waking();
      }
    }
    ClientSocket mine = socket;
    if (mine == null) {
      throw new IllegalStateException("parked before it was open");
    }
    WebSocketWire live = new WebSocketWire(place, this, mine, key, messageBytes, endPoint);
    return RoomConnection.on(
        endPoint, place.connector(), new RoomSession(live, null, place.components()), live);
  }

  /// Hands on what waited for the socket to come back, and then the socket itself.
  ///
  /// @param endPoint where the rest of a frame goes, if there may be one
  void back(WebSocketWire live, @Nullable EpollEndPoint endPoint) {
    CloseStatus status;
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
  }

  @Override
  public void cut(Throwable cause) {
    CloseStatus status = CloseStatus.of(CloseCode.ABNORMAL);
    synchronized (this) {
      Waking never = new Waking();
      never.close(status);
      if (at instanceof AtRest) {
        leavesRest();
      }
      at = never;
    }
    ClientSocket mine = socket;
    if (mine != null) {
      mine.closed(status, cause);
    }
  }
}
