package dev.dormouse.crash;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/// The [Ledger]'s services over HTTP, on loopback, for a real server: `POST /{service}/{operation}`
/// with the key in `Idempotency-Key`, `GET /{service}/find/{key}`.
final class LedgerDoor implements AutoCloseable {
  private final Ledger ledger;
  private final HttpServer server;

  LedgerDoor(Ledger ledger) throws IOException {
    this.ledger = ledger;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.start();
  }

  /// What the setting `service` takes.
  String setting() {
    String root = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    return "%s=%s,%s=%s"
        .formatted(Errands.BANK, root + Errands.BANK, Errands.TILL, root + Errands.TILL);
  }

  private void serve(HttpExchange exchange) throws IOException {
    String[] path = exchange.getRequestURI().getPath().split("/", -1);
    String key =
        path.length > 3 ? path[3] : exchange.getRequestHeaders().getFirst("Idempotency-Key");
    exchange.getRequestBody().readAllBytes();
    ledger.call(path[1], path[2], key, said -> answer(exchange, said));
  }

  private static void answer(HttpExchange exchange, String said) {
    int status =
        switch (said) {
          case "known", "done" -> 200;
          case "unknown" -> 404;
          case "refused" -> 402;
          case "failed" -> 500;
          default -> throw new IllegalArgumentException(said);
        };
    byte[] body = ("{\"reason\":\"" + said + "\"}").getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().add("content-type", "application/json");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException _) {
      // Who asked was killed meanwhile.
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
