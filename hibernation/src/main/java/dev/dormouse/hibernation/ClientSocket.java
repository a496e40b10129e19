package dev.dormouse.server.sockets;

import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.Sockets.Intake;
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

  /// Opens a connection to `room` on this socket and tells the room. Messages may be delivered once
  /// this has returned.
  ///
  /// @return the connection's key
  public long attach(RoomId room, Admission.Accepted admission) {
    OpenConnection connection = table.register(room, this, admission);
    boolean late;
    synchronized (this) {
      late = gone;
      if (!late) {
        connections.add(connection);
      }
    }
    table.post(room, new Event.Opened(connection.key, admission));
    if (late) {
      table.ended(connection, CloseStatus.of(CloseCode.ABNORMAL), null);
    }
    return connection.key;
  }

  /// Ends one connection of this socket, and the socket with the last.
  public void detach(long key, CloseStatus status) {
    OpenConnection connection = table.connection(key);
    if (connection != null && connection.socket == this) {
      close(connection, status);
    }
  }

  /// A whole message came in for a connection of this socket.
  ///
  /// @return false if no more may be read until [Wire#readOn]
  public boolean received(long key, Message message) {
    OpenConnection connection = table.connection(key);
    if (connection == null || connection.shut) {
      return true;
    }
    Audience audience = connection.audience;
    long before = audience.resumes();
    Intake intake = table.post(connection.room, new Event.Received(key, message));
    return switch (intake) {
      case OPEN -> true;
      case PAUSE -> !audience.pause(this, before);
    };
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
      ended = List.copyOf(connections);
      connections.clear();
    }
    table.forget(this);
    for (OpenConnection connection : ended) {
      table.ended(connection, status, failure);
    }
  }

  /// Closes the wire itself, whatever it carries.
  public void shut(CloseStatus status) {
    wire.close(status);
  }

  void send(Message message, boolean more) {
    if (!wire.send(message, more)) {
      table.counters().dropped.increment();
    }
  }

  void readOn() {
    wire.readOn();
  }

  /// The room closed `connection`, or its doorman did.
  void close(OpenConnection connection, CloseStatus status) {
    connection.shut = true;
    boolean last;
    synchronized (this) {
      last = connections.size() == 1 && connections.getFirst() == connection;
      if (!last && !connections.remove(connection)) {
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
