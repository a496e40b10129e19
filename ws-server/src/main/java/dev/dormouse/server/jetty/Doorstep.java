package dev.dormouse.server.jetty;

import dev.dormouse.room.Message;
import dev.dormouse.server.parking.Incoming;

/// A parked socket, as whoever reads for it sees it. Each step takes its bytes only if the socket
/// is still parked, and says whether it still is afterwards; if not, what has not been taken is for
/// the connection that it wakes to.
interface Doorstep {

  /// Whether a message may be answered without its room.
  boolean spares(Message message);

  /// Takes pings and pongs, and answers.
  ///
  /// @param size what they take of the incoming bytes
  /// @param answer the frames to send, one after the other
  /// @param pongs how many these are
  /// @param frames how many are taken
  boolean pong(Incoming incoming, int size, byte[] answer, int pongs, int frames);

  /// Takes a message, and has it answered or posted.
  ///
  /// @param size what it takes of the incoming bytes
  boolean hear(Incoming incoming, int size, Message message);
}
