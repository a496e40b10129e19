package dev.dormouse.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("An address of keys")
@Timeout(30)
class KeyAddressIT {
  private final CountDownLatch over = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
  }

  private interface Body {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  private KeyAddress answering(int length, Body body) {
    server.createContext(
        "/keys",
        exchange -> {
          exchange.sendResponseHeaders(200, length);
          try (OutputStream out = exchange.getResponseBody()) {
            body.write(out);
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        });
    return new KeyAddress(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys"),
        Duration.ofSeconds(1));
  }

  @Test
  void is_read() throws IOException {
    byte[] keys = Mint.document(Mint.curve("one")).getBytes(StandardCharsets.UTF_8);
    assertThat(answering(keys.length, out -> out.write(keys)).read()).hasSize(1);
  }

  @Test
  void whose_answer_stalls_after_its_first_bytes_is_given_up() {
    KeyAddress stalling =
        answering(
            1000,
            out -> {
              out.write("{\"keys\":".getBytes(StandardCharsets.UTF_8));
              out.flush();
              over.await();
            });
    assertThatIOException()
        .isThrownBy(stalling::read)
        .withMessage("there was no whole answer in 1 s");
  }

  @Test
  void whose_answer_drips_is_given_up() {
    KeyAddress dripping =
        answering(
            1000,
            out -> {
              while (!over.await(100, TimeUnit.MILLISECONDS)) {
                out.write(' ');
                out.flush();
              }
            });
    assertThatIOException()
        .isThrownBy(dripping::read)
        .withMessage("there was no whole answer in 1 s");
  }

  @Test
  void whose_answer_does_not_end_is_given_up() {
    KeyAddress endless =
        answering(
            0,
            out -> {
              while (over.getCount() > 0) {
                out.write(new byte[1 << 16]);
              }
            });
    assertThatIOException().isThrownBy(endless::read);
  }
}
