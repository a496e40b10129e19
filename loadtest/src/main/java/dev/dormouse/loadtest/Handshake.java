package dev.dormouse.loadtest;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;

/// The upgrade of one socket (RFC 6455, section 4.1), without extensions.
public final class Handshake {
  /// From RFC 6455, section 1.3.
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private static final int MAX_HEAD = 8_192;

  private Handshake() {}

  /// The request. The key only has to be well-formed: nothing between these two caches.
  public static byte[] request(URI server, String path, String key) {
    String request =
        """
        GET %s HTTP/1.1
        Host: %s
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Key: %s
        Sec-WebSocket-Version: 13

        """
            .formatted(path, server.getAuthority(), key);
    return request.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  /// A key for connection `number`: sixteen bytes, base64.
  public static String key(int number) {
    byte[] bytes = "%016d".formatted(number).getBytes(StandardCharsets.US_ASCII);
    return Base64.getEncoder().encodeToString(bytes);
  }

  /// Reads the answer's head to its end and not a byte further.
  public static String head(InputStream from) throws IOException {
    StringBuilder head = new StringBuilder(256);
    while (head.length() < MAX_HEAD) {
      int next = from.read();
      if (next < 0) {
        throw new WireException("the server closed in the middle of the upgrade: " + head);
      }
      head.append((char) next);
      if (next == '\n' && head.length() >= 4 && head.indexOf("\r\n\r\n", head.length() - 4) >= 0) {
        return head.toString();
      }
    }
    throw new WireException("the answer to the upgrade has no end: " + head.substring(0, 200));
  }

  /// @throws WireException unless `head` switches to WebSocket with the right proof for `key`
  public static void check(String head, String key) {
    String[] lines = head.split("\r\n", -1);
    if (!lines[0].startsWith("HTTP/1.1 101")) {
      throw new WireException("the upgrade was answered '" + lines[0] + "'");
    }
    String wanted = accept(key);
    for (String line : lines) {
      if (line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-accept:")) {
        String got = line.substring(line.indexOf(':') + 1).strip();
        if (got.equals(wanted)) {
          return;
        }
        throw new WireException("the upgrade was accepted as " + got + ", not as " + wanted);
      }
    }
    throw new WireException("the upgrade was answered without Sec-WebSocket-Accept");
  }

  static String accept(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
