package dev.dormouse.loadtest.sagas;

import dev.dormouse.loadtest.Footprint;
import dev.dormouse.loadtest.Histogram;
import dev.dormouse.loadtest.Json;
import dev.dormouse.loadtest.Pause;
import dev.dormouse.loadtest.WireException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Measures what open sagas take in memory while every room that has to do with them sleeps: each
/// waits for an answer that another room has yet to give.
///
/// @param perRoom how many a room owns
record Sleepers(int sagas, int perRoom) {
  private static final Duration TO_SLEEP = Duration.ofMinutes(3);
  private static final Duration TO_END = Duration.ofMinutes(2);

  /// How many are answered in the end.
  private static final int WOKEN = 1_000;

  void measure(Path checkout, Path work) throws IOException {
    Path data = work.resolve("sleepers-" + ProcessHandle.current().pid());
    try (DormouseSide side = DormouseSide.start(checkout, work, data)) {
      warmUp(side);
      Footprint before = Footprint.of(side.process().handle());
      Opening opening = new Opening("wait", sagas, perRoom, "");
      double seconds = opening.open(side);
      System.err.printf("%,d sagas opened in %.1f s%n", sagas, seconds);
      awaitSleep(side);
      Footprint after = Footprint.of(side.process().handle());
      tell(seconds, before, after);
      wake(opening, side);
    }
  }

  /// As many rooms as there may be awake at once have been so before anything is measured, so that
  /// what a process takes for that and keeps is no part of the growth.
  private void warmUp(DormouseSide side) throws IOException {
    new Drive(0, 20, 1_000, Duration.ofSeconds(3), Duration.ofSeconds(2)).run(side, new Ledger());
    awaitSleep(side);
  }

  private static void awaitSleep(DormouseSide side) throws IOException {
    long until = System.nanoTime() + TO_SLEEP.toNanos();
    double awake = side.scrape().roomsAwake().orElseThrow();
    while (awake > 0) {
      if (System.nanoTime() > until) {
        throw new WireException(
            "%,.0f rooms are still awake after %d s".formatted(awake, TO_SLEEP.toSeconds()));
      }
      Pause.of(Duration.ofMillis(500));
      awake = side.scrape().roomsAwake().orElseThrow();
    }
  }

  private void tell(double seconds, Footprint before, Footprint after) {
    Histogram heap = after.heap().orElseThrow();
    Histogram heapBefore = before.heap().orElseThrow();
    System.out.printf(
        """
        %,d open sagas, %,d to each room that owns some and to each where some wait; no room awake:

        - opened in %.1f s, %,.0f a second
        - live heap %.2f -> %.2f MB: %.1f bytes each
        - resident %.1f -> %.1f MB: %.0f bytes each
        - heap by class, bytes each: %s
        """,
        sagas,
        perRoom,
        seconds,
        sagas / seconds,
        heapBefore.total() / 1e6,
        heap.total() / 1e6,
        (heap.total() - heapBefore.total()) / (double) sagas,
        before.resident() / 1e6,
        after.resident() / 1e6,
        (after.resident() - before.resident()) / (double) sagas,
        heap.growth(heapBefore, sagas));
  }

  /// Answers those of some rooms: they were open, and go on.
  private void wake(Opening opening, DormouseSide side) throws IOException {
    int woken = 0;
    Map<Integer, Integer> ended = new HashMap<>();
    for (int place = 0; place < opening.rooms() && woken < WOKEN; place++) {
      int[] waiting = opening.waiting(place).toArray();
      try (Talk talk = side.talk(opening.place(place))) {
        talk.say("answer");
        String said = talk.hear();
        if (!said.equals("answer " + waiting.length)) {
          throw new WireException(
              "%s, where %d wait, said '%s'".formatted(opening.place(place), waiting.length, said));
        }
      }
      for (int saga : waiting) {
        ended.merge(saga / perRoom, 1, Integer::sum);
      }
      woken += waiting.length;
    }
    long until = System.nanoTime() + TO_END.toNanos();
    for (Map.Entry<Integer, Integer> owner : ended.entrySet()) {
      String name = opening.owner(owner.getKey());
      while (Json.object(side.info(name)).number("completed") < owner.getValue()) {
        if (System.nanoTime() > until) {
          throw new WireException(name + " has not heard of the end of all its sagas");
        }
        Pause.of(Duration.ofMillis(5));
      }
    }
    System.out.printf("- %,d of them were answered then, and all of those ended%n", woken);
  }
}
