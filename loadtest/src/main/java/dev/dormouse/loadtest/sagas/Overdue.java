package dev.dormouse.loadtest.sagas;

import dev.dormouse.loadtest.Json;
import dev.dormouse.loadtest.JsonObject;
import dev.dormouse.loadtest.Pause;
import dev.dormouse.loadtest.WireException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// Kills a server with many open sagas, and starts it again when the guard of each is due: all must
/// ring, have their step taken back, and end.
///
/// @param perRoom how many a room owns
/// @param dueAfter seconds that each waits before it is due
/// @param within how long it may take until all guards have rung
record Overdue(int sagas, int perRoom, int dueAfter, Duration within) {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /// @return whether it took no longer than it may
  boolean measure(Path checkout, Path work) throws IOException {
    Path data = work.resolve("overdue-" + ProcessHandle.current().pid());
    Opening opening = new Opening("due", sagas, perRoom, " " + dueAfter);
    double opened = open(opening, checkout, work, data);
    Pause.of(Duration.ofSeconds(dueAfter + 1L));
    Recovery recovery = Recovery.begin();
    try (DormouseSide side = DormouseSide.start(checkout, work, data)) {
      double start = side.process().startMillis() / 1e3;
      double rung = side.untilRung(sagas);
      String atRinging = recovery.told(side);
      double settled = rung + settled(opening, side);
      String told = recovery.told(side);
      check(opening, side);
      double most = within.toMillis() / 1e3;
      System.out.printf(
          """
          %,d open sagas, %,d to each room that owns some and to each where some wait; kill -9; started when all were due:

          - opened in %.1f s
          - ready %.2f s after the start of the process
          - all guards had rung, durably, %.2f s after that; %s
          - all rung, taken back and ended %.2f s after being ready, %.2f s after the start; %s
          - rung within %.1f s of being ready: %s
          """,
          sagas,
          perRoom,
          opened,
          start,
          rung,
          atRinging,
          settled,
          start + settled,
          told,
          most,
          rung <= most ? "yes" : "no");
      return rung <= most;
    }
  }

  private double open(Opening opening, Path checkout, Path work, Path data) throws IOException {
    try (DormouseSide side = DormouseSide.start(checkout, work, data)) {
      double seconds = opening.open(side);
      // Letters on their way are none of what is measured.
      Pause.of(Duration.ofSeconds(2));
      long early = Json.object(side.info(opening.owner(0))).number("compensated");
      if (early > 0) {
        throw new WireException(
            "the first sagas were due before the last had begun, after %.1f s: see --due-after"
                .formatted(seconds));
      }
      side.crash();
      return seconds;
    }
  }

  /// Looks at one owner after the other, each as often as it takes.
  ///
  /// @return the seconds until nothing was open any more
  private double settled(Opening opening, DormouseSide side) throws IOException {
    long ready = System.nanoTime();
    for (int owner = 0; owner < opening.rooms(); owner++) {
      String name = opening.owner(owner);
      while (Json.object(side.info(name)).number("compensated") < opening.owned(owner)) {
        if (System.nanoTime() - ready > PATIENCE.toNanos()) {
          throw new WireException(
              "not all sagas of %s have ended after %s".formatted(name, PATIENCE));
        }
        Pause.of(Duration.ofMillis(2));
      }
    }
    return (System.nanoTime() - ready) / 1e9;
  }

  /// Each step was taken back once, and nothing waits any more.
  private void check(Opening opening, DormouseSide side) throws IOException {
    for (int place = 0; place < opening.rooms(); place++) {
      String room = opening.place(place);
      JsonObject info = Json.object(side.info(room));
      if (info.number("undone") != opening.waiting(place).count() || info.number("waiting") != 0) {
        throw new WireException(room + " is left with " + info);
      }
    }
  }
}
