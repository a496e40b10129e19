package dev.dormouse.loadtest;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// The few plain requests of the bench contract.
public final class Http {
  private static final int PATIENCE_MS = 20_000;

  private Http() {}

  /// Blocks until the answer is there, at most 20 s.
  ///
  /// @throws WireException if it is not 200
  public static String get(URI server, String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) server.resolve(path).toURL().openConnection();
    connection.setConnectTimeout(PATIENCE_MS);
    connection.setReadTimeout(PATIENCE_MS);
    try {
      int status = connection.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        throw new WireException("GET " + path + " was answered " + status);
      }
      try (InputStream body = connection.getInputStream()) {
        return new String(body.readAllBytes(), StandardCharsets.UTF_8);
      }
    } finally {
      connection.disconnect();
    }
  }

  /// The counter that `room` has stored.
  static long counter(URI server, String room) {
    try {
      String body = get(server, "/get/" + room);
      return Long.parseLong(body.strip());
    } catch (IOException | NumberFormatException e) {
      throw new WireException("the stored counter of room " + room + " cannot be read: " + e, e);
    }
  }
}
