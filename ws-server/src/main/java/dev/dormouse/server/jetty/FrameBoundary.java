package dev.dormouse.server.jetty;

import java.nio.ByteBuffer;

/// Follows the bytes of a client's frames, so far as to know where one ends and whether a message
/// is still open: Jetty's parser knows too, but keeps it to itself.
///
/// What Jetty finds wrong with a frame is of no interest here: such a socket is closing.
///
/// Not safe for threads: the bytes of one socket come in order.
final class FrameBoundary {
  private static final int FIN = 0x80;
  private static final int MASKED = 0x80;
  private static final int LENGTH = 0x7f;

  /// Opcodes from here on are of control frames, which may come amid a message.
  private static final int CONTROL = 0x8;

  /// Bytes of the header that have come; 0 between frames.
  private int header;

  /// Bytes that the header has in all, as far as is known.
  private int headerSize = 2;

  /// What the length field says so far.
  private long length;

  /// Bytes of the payload that are still to come.
  private long payload;

  /// Whether the last data frame was not its message's last.
  private boolean open;

  /// Whether the next byte begins a message, or a control frame outside of any.
  boolean atRest() {
    return header == 0 && payload == 0 && !open;
  }

  /// Takes all that is left in `bytes`.
  void add(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      if (payload > 0) {
        int part = (int) Math.min(payload, bytes.remaining());
        bytes.position(bytes.position() + part);
        payload -= part;
      } else {
        head(bytes.get() & 0xff);
      }
    }
  }

  private void head(int octet) {
    header++;
    if (header == 1) {
      if ((octet & 0x0f) < CONTROL) {
        open = (octet & FIN) == 0;
      }
      return;
    }
    if (header == 2) {
      int field = octet & LENGTH;
      int more = field == 126 ? 2 : field == 127 ? 8 : 0;
      length = more == 0 ? field : 0;
      headerSize = 2 + more + ((octet & MASKED) == 0 ? 0 : 4);
      lengthEnd = 2 + more;
    } else if (header <= lengthEnd) {
      length = length << 8 | octet;
    }
    if (header == headerSize) {
      header = 0;
      headerSize = 2;
      payload = length;
    }
  }

  /// Where in the header the length field ends.
  private int lengthEnd;
}
