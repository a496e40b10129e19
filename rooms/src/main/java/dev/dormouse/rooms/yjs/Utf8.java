package dev.dormouse.rooms.yjs;

/// Text as Yjs counts it: stored as UTF-8, measured in UTF-16 units.
final class Utf8 {
  private Utf8() {}

  /// Checks `bytes` from `start` to `end` and counts its UTF-16 units.
  ///
  /// Refuses what a decoder in fatal mode refuses (overlong forms, surrogates, anything above
  /// U+10FFFF), because editors decode in that mode: stored once, such text would break each of
  /// them.
  static int units(byte[] bytes, int start, int end) throws MalformedUpdateException {
    int units = 0;
    int i = start;
    while (i < end) {
      int lead = bytes[i] & 0xFF;
      if (lead < 0x80) {
        i++;
        units++;
        continue;
      }
      int length = sequenceLength(bytes, i, end);
      if (length == 0) {
        throw new MalformedUpdateException("text that is not UTF-8", i);
      }
      i += length;
      units += length == 4 ? 2 : 1;
    }
    return units;
  }

  /// The length of the multi-byte sequence at `i`, or 0 if there is none that is well-formed
  /// (Unicode standard, table 3-7).
  private static int sequenceLength(byte[] bytes, int i, int end) {
    int lead = bytes[i] & 0xFF;
    int length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (length == 0 || length > end - i) {
      return 0;
    }
    int second = bytes[i + 1] & 0xFF;
    int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (second < lowest || second > highest) {
      return 0;
    }
    for (int k = 2; k < length; k++) {
      if ((bytes[i + k] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /// The length of the well-formed sequence that starts with `leadByte`.
  static int lengthAt(byte leadByte) {
    int lead = leadByte & 0xFF;
    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  }
}
