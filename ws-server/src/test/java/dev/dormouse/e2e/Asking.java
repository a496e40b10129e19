package dev.dormouse.e2e;

import dev.dormouse.server.RawWebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Plain requests to one namespace over one connection, without a retry that nobody sees: what was
/// asked was asked once.
///
/// For one thread.
final class Asking implements AutoCloseable {
  private final RawWebSocket wire;
  private final String namespace;

  /// @param status of HTTP
  record Reply(int status, String body) {}

  Asking(int port, String namespace) throws IOException {
    this.wire = RawWebSocket.dial(port);
    this.namespace = namespace;
  }

  /// Asks and waits for the answer.
  ///
  /// @param path what follows `/-/`, with its query
  /// @throws IOException if the connection ends before the answer is whole
  Reply ask(String method, String room, String path) throws IOException {
    String line =
        "%s /rooms/%s/%s/-/%s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
            .formatted(method, namespace, room, path);
    wire.bytes(line.getBytes(StandardCharsets.UTF_8));
    RawWebSocket.Head head = wire.head();
    String length =
        head.header("content-length").orElseThrow(() -> new IOException("of no length: " + head));
    String body = wire.body(head);
    if (body.getBytes(StandardCharsets.UTF_8).length != Integer.parseInt(length)) {
      throw new IOException("the answer broke off");
    }
    return new Reply(head.status(), body);
  }

  /// Asks for what must be granted.
  String get(String room, String path) throws IOException {
    Reply reply = ask("GET", room, path);
    if (reply.status() != 200) {
      throw new AssertionError(room + " answers " + path + " with " + reply);
    }
    return reply.body();
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
