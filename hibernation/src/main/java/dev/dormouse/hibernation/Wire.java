package dev.dormouse.hibernation;

import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// What a socket is carried by: a WebSocket, or a fake one in tests. No method blocks or throws.
public interface Wire {

  /// Queues a message behind those before it.
  ///
  /// @param more whether another message follows at once, so that flushing can wait for it
  /// @return false if the wire is closing or gone, so that the message was dropped
  boolean send(Message message, boolean more);

  /// Sends what is queued, then starts the closing handshake. Nothing is sent after it. The first
  /// status given counts. [ClientSocket#closed] follows when the client has answered or its time is
  /// up.
  void close(CloseStatus status);

  /// Reads on after [ClientSocket#received] said to stop; without effect at any other time. May be
  /// called before `received` has returned.
  void readOn();

  /// Whether it is out of the way of whoever reads and writes, until something happens. For who
  /// looks: it may be otherwise already.
  default boolean isParked() {
    return false;
  }

  /// Where the socket comes from; null if that is not known, or not any more.
  default @Nullable SocketAddress peer() {
    return null;
  }

  /// Lets go of this object, if nothing is going on with the wire and a number is all that needs to
  /// be kept; [Wires#unpack] makes another of it. Nothing is asked of this one any more, unless
  /// [#unpack] takes it back.
  ///
  /// @return the number, from 0 and as small as may be; or -1 if there is no number or this is not
  ///   the moment
  default int pack() {
    return -1;
  }

  /// Takes [#pack] back.
  default void unpack() {
    throw new IllegalStateException("a wire that was not packed");
  }
}
