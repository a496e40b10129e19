package dev.dormouse.storage.sql;

import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.spi.RoomObserver;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.RoomTester;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// Rooms with SQL under the test kit, in files of a folder.
final class Tables {
  static final String SPACE = "tables";

  private final RoomTester tester;
  private TableRoom.Deed deed = _ -> "";

  /// @param declared what makes the namespace's tables
  Tables(Path folder, String... declared) {
    this(folder, SqlSettings.defaults(), declared);
  }

  Tables(Path folder, SqlSettings settings, String... declared) {
    tester =
        RoomTester.of(
                Namespace.named(SPACE, context -> new TableRoom(context, this))
                    .withSql(declared)
                    .build())
            .observer(RoomObserver.NONE)
            .storedBy(
                (memory, execution) ->
                    SqlRoomStore.simulated(memory, folder, Set.of(SPACE), settings, execution),
                store -> ((SqlRoomStore) store).die());
  }

  RoomTester tester() {
    return tester;
  }

  TableRoom.Deed deed() {
    return deed;
  }

  /// Runs a test on the room `a`.
  void run(RoomTester.Scenario scenario) {
    tester.run(scenario);
  }

  /// What the room answers to a turn that does this.
  String turn(TableRoom.Deed deed) {
    Answer answer = turned(deed);
    if (answer instanceof Answer.Replied(HttpReply reply)) {
      return reply.text();
    }
    throw new AssertionError("no reply: " + answer);
  }

  /// What becomes of a turn that does this.
  Answer turned(TableRoom.Deed deed) {
    this.deed = deed;
    return tester.requested(SPACE, "a", new HttpCall("POST", "", Map.of(), Map.of(), new byte[0]));
  }

  /// A turn of one statement.
  String exec(String sql) {
    return turn(room -> room.column(sql));
  }
}
