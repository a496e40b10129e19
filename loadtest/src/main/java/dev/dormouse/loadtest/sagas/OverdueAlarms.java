package dev.dormouse.loadtest.sagas;

import dev.dormouse.loadtest.Json;
import dev.dormouse.loadtest.JsonObject;
import dev.dormouse.loadtest.Pause;
import dev.dormouse.loadtest.WireException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// Kills a server whose sleeping rooms have alarms, and starts it again when all are due: the
/// handler of each must run, and what it wrote be durable. That it is shows a second kill, at that
/// very moment, and what a third process finds.
///
/// @param alarms how many, in rooms of the bench namespace
/// @param perRoom how many of them a room has, each with a name of its own
/// @param dueAfter seconds after which they are due
/// @param within how long that may take
record OverdueAlarms(int alarms, int perRoom, int dueAfter, Duration within) {

  /// @return whether it took no longer than it may
  boolean measure(Path checkout, Path work) throws IOException {
    Path data = work.resolve("alarms-" + ProcessHandle.current().pid());
    set(checkout, work, data);
    Pause.of(Duration.ofSeconds(dueAfter + 1L));
    Recovery recovery = Recovery.begin();
    try (DormouseSide side = DormouseSide.start(checkout, work, data)) {
      double rung = side.untilRung(alarms);
      String told = recovery.told(side);
      side.crash();
      check(checkout, work, data);
      double most = within.toMillis() / 1e3;
      System.out.printf(
          """
          %,d alarms, %,d to each room; kill -9; started when all were due:

          - ready %.2f s after the start of the process
          - all handlers had run, durably, %.2f s after that
          - %s
          - within %.1f s of being ready: %s
          """,
          alarms,
          perRoom,
          side.process().startMillis() / 1e3,
          rung,
          told,
          most,
          rung <= most ? "yes" : "no");
      return rung <= most;
    }
  }

  private int rooms() {
    return (alarms + perRoom - 1) / perRoom;
  }

  private static String room(int number) {
    return "overdue-" + number;
  }

  /// How many room `number` has.
  private int share(int number) {
    return Math.min(alarms, (number + 1) * perRoom) - number * perRoom;
  }

  private void set(Path checkout, Path work, Path data) throws IOException {
    try (DormouseSide side = DormouseSide.start(checkout, work, data)) {
      Ask ask = side.asking();
      for (int room = 0; room < rooms(); room++) {
        int count = share(room);
        ask.post("/alarm/%s?ms=%d&count=%d".formatted(room(room), dueAfter * 1_000L, count), "");
      }
      if (Json.object(ask.get("/info/" + room(0))).number("alarms") > 0) {
        throw new WireException("the first alarms were due before the last was set: --due-after");
      }
      side.crash();
    }
  }

  /// Each alarm was completed once.
  private void check(Path checkout, Path work, Path data) throws IOException {
    try (DormouseSide side = DormouseSide.start(checkout, work, data)) {
      for (int room = 0; room < rooms(); room++) {
        JsonObject info = Json.object(side.asking().get("/info/" + room(room)));
        if (info.number("alarms") != share(room) || info.has("alarmAt")) {
          throw new WireException(room(room) + " is left with " + info);
        }
      }
    }
  }
}
