package dev.dormouse.server;

import com.sun.net.httpserver.HttpServer;
import dev.dormouse.server.access.Mint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// Hands out public keys over HTTP on loopback, and counts who asks.
final class KeyServer implements AutoCloseable {
  private final HttpServer http;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile String document = "";
  private volatile int status = 200;

  KeyServer(Mint... mints) throws IOException {
    holds(mints);
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    http.createContext(
        "/keys",
        exchange -> {
          asked.incrementAndGet();
          byte[] body = document.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    http.start();
  }

  void holds(Mint... mints) {
    document = Mint.document(mints);
  }

  void answers(int code) {
    status = code;
  }

  int asked() {
    return asked.get();
  }

  String address() {
    return "http://127.0.0.1:" + http.getAddress().getPort() + "/keys";
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
