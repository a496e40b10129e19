package dev.dormouse.loadtest;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Texts of a fixed length that differ by a number, made without garbage: one character for the
/// verb, sixteen hexadecimal digits, eight of a second number, dots.
final class Numbered {
  private static final int DIGITS = 16;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private Numbered() {}

  static byte[] text(char verb, int length, int second) {
    byte[] text = new byte[length];
    Arrays.fill(text, (byte) '.');
    text[0] = (byte) verb;
    put(text, 1, DIGITS, 0);
    put(text, 1 + DIGITS, DIGITS / 2, second);
    return text;
  }

  static void renumber(byte[] text, long number) {
    put(text, 1, DIGITS, number);
  }

  private static void put(byte[] text, int at, int digits, long number) {
    for (int i = 0; i < digits; i++) {
      text[at + i] = HEX[(int) (number >>> (4 * (digits - 1 - i))) & 0xf];
    }
  }
}
