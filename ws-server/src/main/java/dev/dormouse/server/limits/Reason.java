package dev.dormouse.server.limits;

import java.nio.charset.StandardCharsets;

/// Why a client is sent away, and what it is told.
public enum Reason {
  /// All places are taken.
  CLIENTS(
      "503 Service Unavailable",
      5,
      "too-many-clients",
      "the server has as many connections as it may have"),

  /// Its address has all the places that one address may have.
  ADDRESS(
      "429 Too Many Requests",
      10,
      "too-many-of-address",
      "there are as many connections from your address as there may be"),

  /// Its user has all the places that one user may have.
  USER(
      "429 Too Many Requests",
      10,
      "too-many-of-user",
      "there are as many connections of yours as there may be"),

  /// Too many others have not been answered yet.
  HANDSHAKES(
      "503 Service Unavailable",
      1,
      "too-many-handshakes",
      "too many connections are being opened at once"),

  /// Its address connects too often.
  RATE(
      "429 Too Many Requests",
      1,
      "too-often",
      "connections are opened too often from your address"),

  /// It took too long to say what it wants; it is cut off without a word, as it is in the middle of
  /// one.
  LATE,

  /// The process has no descriptor left for it; it is closed at once.
  DESCRIPTORS;

  private final String answer;

  Reason() {
    answer = "";
  }

  /// Its answer looks like all errors that clients get over HTTP.
  Reason(String status, int seconds, String error, String message) {
    String body =
        """
        {"error":"%s","message":"%s","retryable":true,"outcome":"NOT_APPLIED"}
        """
            .formatted(error, message);
    this.answer =
        "HTTP/1.1 "
            + status
            + "\r\nRetry-After: "
            + seconds
            + "\r\nConnection: close\r\nCache-Control: no-store"
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
  }

  /// An answer to whatever it was going to ask, as it goes on the wire; empty for none.
  byte[] answer() {
    return answer.getBytes(StandardCharsets.US_ASCII);
  }
}
