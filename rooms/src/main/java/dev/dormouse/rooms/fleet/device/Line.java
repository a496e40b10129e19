package dev.dormouse.rooms.fleet.device;

import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Connection;
import dev.dormouse.room.RoomContext;
import java.util.Optional;

/// The device's connection: the newest one, all others are closed.
///
/// `leaving` is set during one handler only, and guarded by the room's turn.
final class Line {
  /// Do not reconnect: it would be closed by the one that closes it now.
  private static final CloseStatus REPLACED =
      new CloseStatus(4409, "the device has connected anew");

  private final RoomContext context;
  private final DeviceProtocol protocol;
  private long leaving = -1;

  Line(RoomContext context, DeviceProtocol protocol) {
    this.context = context;
    this.protocol = protocol;
  }

  /// This connection goes at the end of the handler, and is still listed until then.
  void leaving(Connection connection) {
    leaving = connection.key();
  }

  void left() {
    leaving = -1;
  }

  private Optional<Connection> current() {
    return context.connections().stream()
        .filter(connection -> connection.key() != leaving)
        .reduce((earlier, later) -> later);
  }

  boolean isConnected() {
    return current().isPresent();
  }

  boolean isCurrent(Connection connection) {
    return current().map(it -> it.key() == connection.key()).orElse(false);
  }

  /// Closes all but the newest.
  void replaceOthers() {
    current()
        .ifPresent(newest ->
            context.connections().stream()
                .filter(connection -> connection.key() != newest.key())
                .forEach(connection -> connection.close(REPLACED)));
  }

  /// Tells the device, if it is there.
  void say(Told told) {
    current().ifPresent(connection -> connection.send(protocol.write(told)));
  }
}
