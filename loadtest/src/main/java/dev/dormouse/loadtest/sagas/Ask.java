package dev.dormouse.loadtest.sagas;

import dev.dormouse.loadtest.Handshake;
import dev.dormouse.loadtest.WireException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Requests over one connection that stays open (HTTP/1.1), one after the other, as cheap for the
/// client as a WebSocket. For one thread.
final class Ask implements AutoCloseable {
  /// Servers close what is silent for long; none does after less.
  private static final long SILENCE_NANOS = 3_000_000_000L;

  private final URI server;
  private Socket socket;
  private InputStream in;
  private long lastUsed = System.nanoTime();

  private Ask(URI server) throws IOException {
    this.server = server;
    this.socket = connected(server);
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  static Ask at(URI server) throws IOException {
    return new Ask(server);
  }

  private static Socket connected(URI server) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(Caller.PATIENCE_MS);
      socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), Caller.PATIENCE_MS);
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  String get(String path) throws IOException {
    return request("GET " + path, "");
  }

  String post(String path, String json) throws IOException {
    String type = json.isEmpty() ? "" : "content-type: application/json\r\n";
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return request("POST " + path, "%scontent-length: %d\r\n".formatted(type, body.length), body);
  }

  private String request(String line, String headers, byte... body) throws IOException {
    byte[] head =
        "%s HTTP/1.1\r\nhost: %s\r\n%s\r\n"
            .formatted(line, server.getAuthority(), headers)
            .getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[head.length + body.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    if (System.nanoTime() - lastUsed > SILENCE_NANOS) {
      socket.close();
      socket = connected(server);
      in = new BufferedInputStream(socket.getInputStream());
    }
    socket.getOutputStream().write(all);
    String answer = answer(line);
    lastUsed = System.nanoTime();
    return answer;
  }

  private String answer(String asked) throws IOException {
    String[] head = Handshake.head(in).split("\r\n", -1);
    int length = -1;
    for (String field : head) {
      if (field.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(field.substring(field.indexOf(':') + 1).strip());
      }
    }
    if (length < 0) {
      throw new WireException(asked + " was answered without a length: " + head[0]);
    }
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    if (!head[0].contains(" 200 ") && !head[0].contains(" 201 ")) {
      throw new WireException(asked + " was answered " + head[0] + ": " + body);
    }
    return body;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
