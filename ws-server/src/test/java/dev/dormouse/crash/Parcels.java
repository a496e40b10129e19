package dev.dormouse.crash;

import dev.dormouse.saga.Queue;
import dev.dormouse.saga.log.LogSettings;
import java.time.Duration;

/// The queue: owners send, shelves are brought what they sent, and what comes to nothing becomes a
/// dead letter. Its log begins a new file often.
final class Parcels {
  static final String QUEUE = "parcels";
  static final String GROUP = "shelf";
  static final String DEAD = "parcels.dead";
  static final String SHELVES = "shelves";

  /// Small, so that files end and are deleted within a run.
  static final LogSettings LOG =
      LogSettings.defaults()
          .withMessages(64 * 1024, 4 * 64 * 1024)
          .withFiles(2 * 1024, Duration.ofHours(1));

  private static final int PLACES = 2;

  private Parcels() {}

  static Queue queue() {
    return Queue.named(QUEUE)
        .group(
            GROUP,
            group ->
                group
                    .deliverTo(SHELVES, message -> shelf(message.text()))
                    .batch(4)
                    .lease(Duration.ofMillis(1_200))
                    .retries(2)
                    .backoff(Duration.ofMillis(80), 2, Duration.ofMillis(400))
                    .deadLetters(DEAD))
        .build();
  }

  private static String shelf(String text) {
    return Integer.toString(Math.floorMod(text.hashCode(), PLACES));
  }
}
