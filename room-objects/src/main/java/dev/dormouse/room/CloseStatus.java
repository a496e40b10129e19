package dev.dormouse.room;

import java.nio.charset.StandardCharsets;

/// How a connection ends: a code and a reason, as RFC 6455 section 7.4 has them.
///
/// @param code 1000 to 4999
/// @param reason at most 123 bytes of UTF-8, what a control frame leaves room for
public record CloseStatus(int code, String reason) {
  private static final int MAX_REASON = 123;

  public CloseStatus {
    if (code < 1000 || code > 4999) {
      throw new IllegalArgumentException("a close code is 1000 to 4999, not " + code);
    }
    int length = reason.getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_REASON) {
      throw new IllegalArgumentException(
          "a close reason has at most " + MAX_REASON + " bytes, not " + length);
    }
  }

  public static CloseStatus of(CloseCode code) {
    return new CloseStatus(code.code(), code.sentence());
  }
}
