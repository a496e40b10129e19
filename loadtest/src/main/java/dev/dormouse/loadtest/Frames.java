package dev.dormouse.loadtest;

import java.util.Arrays;

/// The client's side of WebSocket framing (RFC 6455, section 5.2): writes masked frames, and takes
/// a server's frames out of bytes that arrive in any pieces.
public final class Frames {
  static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  /// The most a frame's header can take: two bytes, eight of length, four of mask.
  public static final int MAX_HEADER = 14;

  /// Nothing in the bench contract comes near it; a longer length is taken for garbage.
  private static final int MAX_PAYLOAD = 1 << 20;

  /// Bytes of a frame that is not whole yet; the first [#heldLength] count.
  private byte[] held = new byte[0];

  private int heldLength;

  /// Is told of every whole frame.
  @FunctionalInterface
  public interface Sink {
    /// @param bytes holds the payload at `offset`; valid during the call only
    void frame(int opcode, byte[] bytes, int offset, int length);
  }

  /// Writes a whole masked frame into `into` at `at`, which must have room for the payload and
  /// [#MAX_HEADER].
  ///
  /// @return the place behind the frame
  public static int write(byte[] into, int at, int opcode, byte[] payload, int length, int mask) {
    int next = at;
    into[next++] = (byte) (0x80 | opcode);
    if (length < 126) {
      into[next++] = (byte) (0x80 | length);
    } else if (length < 1 << 16) {
      into[next++] = (byte) (0x80 | 126);
      into[next++] = (byte) (length >>> 8);
      into[next++] = (byte) length;
    } else {
      into[next++] = (byte) (0x80 | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        into[next++] = (byte) ((long) length >>> shift);
      }
    }
    for (int shift = 24; shift >= 0; shift -= 8) {
      into[next++] = (byte) (mask >>> shift);
    }
    for (int i = 0; i < length; i++) {
      into[next++] = (byte) (payload[i] ^ (mask >>> (24 - 8 * (i & 3))));
    }
    return next;
  }

  /// Takes the first `length` bytes and tells `sink` of each frame that is whole now.
  ///
  /// @throws WireException for what a server must not send, and for a message in fragments, which
  ///   no answer of the bench room is long enough to need
  public void read(byte[] bytes, int length, Sink sink) {
    if (heldLength > 0) {
      hold(bytes, 0, length);
      int read = frames(held, heldLength, sink);
      System.arraycopy(held, read, held, 0, heldLength - read);
      heldLength -= read;
    } else {
      int read = frames(bytes, length, sink);
      hold(bytes, read, length - read);
    }
  }

  /// True unless the beginning of a frame waits for its rest.
  public boolean isWhole() {
    return heldLength == 0;
  }

  /// Reads all whole frames and returns the place behind the last.
  private static int frames(byte[] source, int end, Sink sink) {
    int at = 0;
    int next = frame(source, at, end, sink);
    while (next > at) {
      at = next;
      next = frame(source, at, end, sink);
    }
    return at;
  }

  /// Reads one frame at `at` and returns the place behind it, or `at` if it is not whole.
  private static int frame(byte[] source, int at, int end, Sink sink) {
    int there = end - at;
    if (there < 2) {
      return at;
    }
    int first = source[at] & 0xff;
    int second = source[at + 1] & 0xff;
    if ((first & 0x70) != 0 || (second & 0x80) != 0) {
      throw new WireException("the server sent a frame with a reserved bit or a mask");
    }
    int opcode = first & 0x0f;
    if ((first & 0x80) == 0 || opcode == CONTINUATION) {
      throw new WireException("the server sent a message in fragments");
    }
    int lengthBytes =
        switch (second) {
          case 126 -> 2;
          case 127 -> 8;
          default -> 0;
        };
    int header = 2 + lengthBytes;
    if (there < header) {
      return at;
    }
    long length = second;
    if (lengthBytes > 0) {
      length = 0;
      for (int i = 0; i < lengthBytes; i++) {
        length = (length << 8) | (source[at + 2 + i] & 0xff);
      }
    }
    if (length < 0 || length > MAX_PAYLOAD) {
      throw new WireException("the server sent a frame of " + length + " bytes");
    }
    if (there - header < length) {
      return at;
    }
    sink.frame(opcode, source, at + header, (int) length);
    return at + header + (int) length;
  }

  private void hold(byte[] bytes, int offset, int length) {
    if (length == 0) {
      return;
    }
    if (held.length < heldLength + length) {
      held = Arrays.copyOf(held, Math.max(256, Integer.highestOneBit(heldLength + length) * 2));
    }
    System.arraycopy(bytes, offset, held, heldLength, length);
    heldLength += length;
  }
}
