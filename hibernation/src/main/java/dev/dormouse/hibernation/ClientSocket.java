package dev.dormouse.hibernation;

import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.Sockets.Intake;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One way to a client, and the connections that it carries: usually one, several when a protocol
/// multiplexes rooms on it (C1). Closing the last of them closes the socket.
///
/// All methods are safe for any thread.
public final class ClientSocket {
  private final SocketTable table;
  private final Wire wire;

  /// In order of attaching. Guarded by this.
  private final List<OpenConnection> connections = new ArrayList<>(1);

  /// Guarded by this.
  private boolean gone;

  ClientSocket(SocketTable table, Wire wire) {
    this.table = table;
    this.wire = wire;
  }

  /// Opens a connection to `room` on this socket, and tells its doorman and then the room. Messages
  /// may be delivered once this has returned.
  ///
  /// If its admission names a doorman that is not declared, or its client has as many connections
  /// as he may, there is no connection, and the socket is closed if it carries nothing else.
  ///
  /// @return the connection's key
  public long attach(RoomId room, Admission.Accepted admission) {
    return attach(room, admission, Stay.WITHOUT_END);
  }

  /// The same for a connection that may stay for a time only: then it is closed with 4401.
  public long attach(RoomId room, Admission.Accepted admission, Stay stay) {
    long key = table.number();
    OpenConnection connection = table.register(key, room, this, admission, stay);
    if (connection == null) {
      return key;
    }
    synchronized (this) {
      if (gone) {
        connection.shut = true;
      } else {
        connections.add(connection);
      }
    }
    connection.arrives();
    table.post(room, new Event.Opened(connection.key, admission));
    CloseStatus over;
    synchronized (this) {
      connection.told = true;
      over = gone ? CloseStatus.of(CloseCode.ABNORMAL) : connection.overEarly;
    }
    if (over != null) {
      table.ended(connection, over, null);
    } else {
      table.stays().checkNew(connection);
    }
    return connection.key;
  }

  /// Nothing could be attached.
  void refuse(CloseCode why) {
    boolean empty;
    synchronized (this) {
      empty = connections.isEmpty();
    }
    if (empty) {
      wire.close(CloseStatus.of(why));
    }
  }

  /// Ends one connection of this socket, and the socket with the last.
  public void detach(long key, CloseStatus status) {
    OpenConnection connection = table.connection(key);
    if (connection != null && connection.socket == this) {
      close(connection, status);
    }
  }

  /// Whether a message may be answered without its room: the automatic response is the answer, or a
  /// doorman hears it first. A guess, since a room may change its mind: [#hear] decides.
  public boolean spares(long key, Message message) {
    OpenConnection connection = table.connection(key);
    return connection != null
        && (connection.porch != null || connection.audience.responseTo(message) != null);
  }

  /// A whole message came in for a connection of this socket. It is answered for the room, taken by
  /// the connection's doorman, or posted to the room.
  ///
  /// @return false if no more may be read until [Wire#readOn]
  public boolean received(long key, Message message) {
    return hear(key, message) != Heard.BEHIND;
  }

  /// As [#received], but tells more of what became of it.
  public Heard hear(long key, Message message) {
    OpenConnection connection = table.connection(key);
    if (connection == null || connection.shut) {
      return Heard.SPARED;
    }
    String token = table.renewals().tokenIn(message);
    if (token != null) {
      table.stays().renew(connection, token);
      return Heard.SPARED;
    }
    Audience audience = connection.audience;
    Message answer = audience.responseTo(message);
    if (answer != null) {
      connection.respond(answer, table.millis());
      table.counters().autoResponses.increment();
      return Heard.SPARED;
    }
    if (connection.porch != null && !connection.porch.hears(connection, message)) {
      return Heard.SPARED;
    }
    if (!table.isHeard(connection)) {
      return Heard.SPARED;
    }
    long before = audience.resumes();
    Intake intake = table.post(connection.room, new Event.Received(key, message));
    return switch (intake) {
      case OPEN -> Heard.POSTED;
      case PAUSE -> pause(connection, before) ? Heard.BEHIND : Heard.POSTED;
    };
  }

  private boolean pause(OpenConnection connection, long before) {
    if (!connection.audience.pause(this, before)) {
      return false;
    }
    if (connection.shut) {
      // It has been forgotten already, perhaps before it was noted down.
      connection.audience.forget(this);
      return false;
    }
    return true;
  }

  /// The socket is gone: every connection on it ends. Only the first call counts.
  ///
  /// @param failure what broke it, or null if it was closed in good order
  public void closed(CloseStatus status, @Nullable Throwable failure) {
    List<OpenConnection> ended;
    synchronized (this) {
      if (gone) {
        return;
      }
      gone = true;
      // One that is just being attached ends there: its room must hear of its opening first, or it
      // would take the end for a stranger's and keep the connection for ever.
      ended = connections.stream().filter(connection -> connection.told).toList();
      connections.forEach(connection -> connection.shut = true);
      connections.clear();
    }
    table.forget(this);
    for (OpenConnection connection : ended) {
      table.ended(connection, status, failure);
    }
  }

  /// The wire has come to rest: nothing of the socket is read, sent or closed for now.
  public void rests() {
    OpenConnection only;
    synchronized (this) {
      only = connections.size() == 1 ? connections.getFirst() : null;
    }
    if (only != null) {
      table.rests(only);
    }
  }

  /// See [Wire#isParked].
  boolean isParked() {
    return wire.isParked();
  }

  /// See [Wire#peer].
  @Nullable SocketAddress peer() {
    return wire.peer();
  }

  /// The one connection of a socket that was packed.
  synchronized void comesBack(OpenConnection connection) {
    connections.add(connection);
  }

  /// Lets go of the wire, if it carries `connection` alone and nothing goes on with either.
  ///
  /// @return the wire's number, or -1 if this is not the moment
  synchronized int pack(OpenConnection connection) {
    boolean quiet =
        !gone
            && connections.size() == 1
            && connections.getFirst() == connection
            && connection.told
            && !connection.shut;
    return quiet ? wire.pack() : -1;
  }

  /// Takes [#pack] back.
  void unpack() {
    wire.unpack();
  }

  /// Closes the wire itself, whatever it carries.
  public void shut(CloseStatus status) {
    wire.close(status);
  }

  /// Returns false if the message was dropped.
  boolean send(Message message, boolean more) {
    boolean sent = wire.send(message, more);
    if (!sent) {
      table.counters().dropped.increment();
    }
    return sent;
  }

  void readOn() {
    wire.readOn();
  }

  /// The room closed `connection`, or its doorman did.
  void close(OpenConnection connection, CloseStatus status) {
    // Not when the handshake is over: what the doorman keeps for it is others' room. And before it
    // is shut, so that whoever stands on the porch hears what is relayed there.
    connection.departs();
    connection.shut = true;
    boolean last;
    synchronized (this) {
      last = connections.size() == 1 && connections.getFirst() == connection;
      if (!last && !connections.remove(connection)) {
        return;
      }
      if (!last && !connection.told) {
        // Ends where it is being attached, after its opening.
        connection.overEarly = status;
        return;
      }
    }
    if (last) {
      // Stays attached: the room hears of its end when the closing handshake is over.
      wire.close(status);
    } else {
      table.ended(connection, status, null);
    }
  }
}
