package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.RawWebSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Somebody who behaves, beside those who do not: says something now and then, on a socket and by a
/// request on a new connection, and wants an answer.
final class Neighbour {
  private static final long PAUSE_MILLIS = 10;

  private final int port;
  private final Thread thread;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private volatile boolean leaving;
  private volatile int answers;

  /// The longest that an answer took, in nanoseconds. Written by its thread.
  private volatile long longest;

  Neighbour(int port) {
    this.port = port;
    this.thread = Thread.ofVirtual().name("neighbour").start(this::live);
  }

  private void live() {
    try (RawWebSocket socket = RawWebSocket.open(port, "/abused/neighbour")) {
      for (int i = 0; !leaving; i++) {
        long before = System.nanoTime();
        String said = "hello " + i;
        assertThat(socket.text(said).readText()).isEqualTo(said);
        assertThat(Figures.get(port, "/healthz").status()).isEqualTo(200);
        longest = Math.max(longest, System.nanoTime() - before);
        answers = i + 1;
        Thread.sleep(PAUSE_MILLIS);
      }
      socket.close(1000).readClose();
    } catch (IOException | InterruptedException | AssertionError e) {
      failure.set(e instanceof Exception it ? it : new IOException(e));
    }
  }

  /// Waits for some more answers, then for the end, and wants all of them to have been prompt.
  void wasServed() throws InterruptedException {
    int before = answers;
    for (int i = 0; i < 1_000 && answers < before + 3 && failure.get() == null; i++) {
      Thread.sleep(PAUSE_MILLIS);
    }
    leave();
    assertThat(failure.get()).as("the neighbour's trouble").isNull();
    assertThat(answers).as("answers").isGreaterThanOrEqualTo(before + 3);
    assertThat(Duration.ofNanos(longest)).as("the longest wait").isLessThan(Duration.ofSeconds(5));
  }

  private void leave() throws InterruptedException {
    leaving = true;
    thread.join(Duration.ofSeconds(20));
  }
}
