package dev.dormouse.server.jetty;

import dev.dormouse.server.parking.Incoming;
import dev.dormouse.server.parking.Parked.After;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// One look after a parked socket: goes through the frames that its client has sent, sees to those
/// that neither need its room nor a connection of Jetty's, and stops before the first that does,
/// whose bytes stay where they are.
///
/// For the loop's thread. Decides nothing about the socket itself, and takes no lock.
final class Attendance {
  /// The most messages that are seen to at a time: each may be relayed to many. Pings are bounded
  /// by what one look shows.
  private static final int MESSAGES = 16;

  private static final byte PONG = (byte) 0x8a;

  private final Doorstep socket;
  private final Incoming incoming;
  private final int limit;

  /// The answers to the pings before the next message: they go out at once.
  private final ByteArrayOutputStream pongs = new ByteArrayOutputStream(0);

  private int pings;

  /// How many pings and stray pongs these are.
  private int frames;

  /// How many bytes these pings take, with the stray pongs between them.
  private int size;

  private Attendance(Doorstep socket, Incoming incoming, int limit) {
    this.socket = socket;
    this.incoming = incoming;
    this.limit = limit;
  }

  /// @param limit the most bytes that a message may have
  static After attend(Doorstep socket, Incoming incoming, int limit) {
    ByteBuffer bytes = incoming.look();
    return bytes == null ? After.AWAKE : new Attendance(socket, incoming, limit).go(bytes);
  }

  private After go(ByteBuffer bytes) {
    After rest = incoming.full() ? After.PARKED_WITH_MORE : After.PARKED;
    int begin = bytes.position();
    int messages = 0;
    while (bytes.hasRemaining()) {
      switch (LeadingFrame.of(bytes, limit)) {
        case LeadingFrame.Ping(int of, byte[] payload) -> {
          pongs.write(PONG);
          pongs.write(payload.length);
          pongs.writeBytes(payload);
          pings++;
          pass(bytes, of);
        }
        case LeadingFrame.Pong(int of) -> pass(bytes, of);
        case LeadingFrame.Whole(int of, var message) -> {
          if (!answered() || !socket.spares(message)) {
            return After.AWAKE;
          }
          if (messages++ == MESSAGES) {
            return After.PARKED_WITH_MORE;
          }
          if (!socket.hear(incoming, of, message)) {
            return After.AWAKE;
          }
          bytes.position(bytes.position() + of);
        }
        case LeadingFrame.Unfinished _ -> {
          // It may only have been cut by the end of our look.
          boolean cut = incoming.full() && bytes.position() > begin;
          return answered() && cut ? After.PARKED_WITH_MORE : After.AWAKE;
        }
        case LeadingFrame.Other _ -> {
          var _ = answered();
          return After.AWAKE;
        }
      }
    }
    return answered() ? rest : After.AWAKE;
  }

  private void pass(ByteBuffer bytes, int of) {
    size += of;
    frames++;
    bytes.position(bytes.position() + of);
  }

  /// Answers the pings so far.
  ///
  /// @return whether the socket is still parked
  private boolean answered() {
    if (size == 0) {
      return true;
    }
    boolean parked = socket.pong(incoming, size, pongs.toByteArray(), pings, frames);
    pongs.reset();
    pings = 0;
    frames = 0;
    size = 0;
    return parked;
  }
}
