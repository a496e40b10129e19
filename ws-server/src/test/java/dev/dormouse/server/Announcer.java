package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/// Has a room tell everyone in it numbered messages, of which some are long, now and then.
record Announcer(String path, AtomicBoolean over) implements Callable<Void> {
  /// What its messages begin with.
  static final String MARK = "#";

  @Override
  public Void call() throws Exception {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    try (RawWebSocket client =
        WithParking.welcomed(RawWebSocket.open(WithParking.server.port(), path))) {
      for (int i = 0; !over.get(); i++) {
        String filler = "a".repeat(random.nextInt(10) == 0 ? 40_000 : random.nextInt(200));
        String text = MARK + i + " " + filler;
        client.text("all " + text);
        assertThat(client.readText()).isEqualTo(text);
        Thread.sleep(random.nextInt(20));
      }
    }
    return null;
  }

  /// The number of a message.
  static int number(String text) {
    return Integer.parseInt(text.substring(MARK.length(), text.indexOf(' ')));
  }
}
