package dev.dormouse.loadtest.talk;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes the few things of Yjs's first encoding that a typist needs, and of y-protocols around it.
final class YBytes {
  private static final int SYNC = 0;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /// A frame of y-protocols about the document.
  ///
  /// @param step 0 asks, 1 answers, 2 tells of a change
  static byte[] sync(int step, byte[] payload) {
    return new YBytes().varUint(SYNC).varUint(step).part(payload).bytes();
  }

  /// An update that types `text`, ASCII only, behind what `client` typed before.
  ///
  /// @param clock how much it typed before
  static byte[] typing(String root, long client, long clock, String text) {
    YBytes update = new YBytes().varUint(1).varUint(1).varUint(client).varUint(clock);
    if (clock == 0) {
      update.raw(YReader.STRING).varUint(1).string(root);
    } else {
      update.raw(YReader.STRING | YReader.HAS_ORIGIN).varUint(client).varUint(clock - 1);
    }
    return update.string(text).varUint(0).bytes();
  }

  /// An unsigned number, seven bits a byte, the lowest first.
  YBytes varUint(long value) {
    long left = value;
    while (left > 0x7f) {
      out.write((int) (left & 0x7f) | 0x80);
      left >>>= 7;
    }
    out.write((int) left);
    return this;
  }

  /// One byte as it is.
  YBytes raw(int value) {
    out.write(value);
    return this;
  }

  YBytes string(String text) {
    return part(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The number of bytes, and the bytes.
  YBytes part(byte[] bytes) {
    varUint(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
