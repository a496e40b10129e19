package dev.dormouse.server.jetty;

import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A parked socket on its way back to Jetty, and what is to be sent when it is there. Guarded by
/// its [ParkableWire].
final class Waking implements Place {
  private static final byte[] NOTHING = new byte[0];

  /// The rest of a frame of which the socket took a part; goes out before all else.
  final byte[] rest;

  /// Whether it is not to be read when it is back, because its room is behind.
  boolean owing;

  private final List<Message> messages = new ArrayList<>();
  private long bytes;
  private @Nullable CloseStatus status;

  Waking() {
    this(NOTHING);
  }

  Waking(byte[] rest) {
    this.rest = rest;
    this.bytes = rest.length;
  }

  /// How much waits, in bytes.
  long bytes() {
    return bytes;
  }

  void add(Message message) {
    messages.add(message);
    bytes += message.bytes().length;
  }

  /// Takes the messages out, oldest first.
  List<Message> take() {
    List<Message> taken = List.copyOf(messages);
    messages.clear();
    bytes = 0;
    return taken;
  }

  /// Closes it as soon as it is back; the first status counts.
  void close(CloseStatus why) {
    if (status == null) {
      status = why;
    }
  }

  /// Why it is to close; null if it is not.
  @Nullable CloseStatus status() {
    return status;
  }
}
