package dev.dormouse.crash;

import static dev.dormouse.crash.check.Tamper.OURS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.crash.check.Checker;
import dev.dormouse.crash.check.Finding;
import dev.dormouse.crash.check.Promises;
import dev.dormouse.crash.check.ShardFiles;
import dev.dormouse.crash.check.Tamper;
import dev.dormouse.crash.check.TamperLog;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A process dies with one saga completed, one compensated, one parked and one just begun; whatever
/// is spoilt in its files is found.
@DisplayName("The checker finds what must not be")
class CheckerIT {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  static Path folder;

  private static Path found = Path.of("");
  private static Path logs = Path.of("");
  private static Path ledger = Path.of("");
  private static Promises promises = Promises.NONE;
  private static String completed = "";
  private static String compensated = "";
  private static String parked = "";
  private static String begun = "";

  /// Spoils a copy; says whether there was anything to spoil.
  interface Deed {
    boolean on(Tamper files) throws Exception;
  }

  /// @param invariant what it breaks
  record Mischief(String what, String invariant, Deed deed) {
    @Override
    public String toString() {
      return what;
    }
  }

  @BeforeAll
  static void die() throws Exception {
    try (Arena arena = new Arena(folder.resolve("arena"), "c", 1, Arena.Kind.BARE)) {
      arena.start();
      Load load = arena.load();
      completed = load.begin(arena.child(), "o0", "trip", "1 - - - - -");
      compensated = load.begin(arena.child(), "o0", "trip", "2 cars - - - -");
      load.send(arena.child(), "o0", "fine");
      load.send(arena.child(), "o0", "dies");
      arena.awaitQuiet();
      parked = load.begin(arena.child(), "o1", Errands.STUCK, "0 cars - - beds -");
      awaitParked(arena);
      load.send(arena.child(), "o0", "dies");
      load.send(arena.child(), "o1", "waits");
      await(arena, "m/");
      arena.kill();
      // A dead letter that cannot be sent, and a message that cannot be appended.
      arena.start("-Ddormouse.log-full=true", "-Ddormouse.moment=1000");
      await(arena, "x/");
      load.send(arena.child(), "o3", "fine");
      awaitAnswers(arena);
      // Its command is in the outbox, and nothing that came of it.
      arena.child().say("arm %s 1 1 HALT".formatted(Places.IN_EFFECT));
      begun = load.begin(arena.child(), "o2", "trip", "4 - - - - -");
      assertThat(arena.child().endsWithin(10_000)).isTrue();
      arena.kill();
      found = ShardFiles.copy(arena.data(), folder.resolve("found"));
      ledger = arena.ledger();
      logs = arena.logs();
      promises = arena.oracle().promises();
    }
  }

  private static void awaitParked(Arena arena) throws Exception {
    for (int i = 0; i < 2_000; i++) {
      if (Checker.statuses(arena.data()).getOrDefault(parked, "").startsWith("PARKED")) {
        return;
      }
      Thread.sleep(25);
    }
    throw new AssertionError("it was never parked");
  }

  /// Until the group has a row of that kind.
  private static void await(Arena arena, String prefix) throws Exception {
    for (int i = 0; i < 2_000; i++) {
      if (!ShardFiles.quiet(arena.data(), "_queue", prefix)) {
        return;
      }
      Thread.sleep(5);
    }
    throw new AssertionError("the group never had a row " + prefix);
  }

  private static void awaitAnswers(Arena arena) throws Exception {
    for (int i = 0; i < 2_000; i++) {
      if (arena.oracle().unanswered() == 0) {
        return;
      }
      Thread.sleep(5);
    }
    throw new AssertionError("an answer is missing");
  }

  /// Spoils a copy of the logs; says whether there was anything to spoil.
  interface LogDeed {
    boolean on(TamperLog logs) throws Exception;
  }

  /// The same in the logs.
  record LogMischief(String what, String invariant, LogDeed deed) {
    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<LogMischief> mischiefInLogs() {
    return Stream.of(
        new LogMischief("a log is gone", "I6", it -> it.delete("parcels")),
        new LogMischief("dead letters are gone", "I8", it -> it.delete("parcels.dead")),
        new LogMischief("a log's last entry is gone", "I8", it -> it.cut("parcels")),
        new LogMischief("a log's last entry is damaged", "I8", it -> it.damage("parcels")),
        new LogMischief("the last dead letter is damaged", "I8", it -> it.damage("parcels.dead")));
  }

  @ParameterizedTest
  @MethodSource("mischiefInLogs")
  void finds_in_logs(LogMischief mischief) throws Exception {
    Path copy = folder.resolve("log-" + mischief.what.replace(' ', '-'));

    assertThat(mischief.deed.on(TamperLog.copy(logs, copy)))
        .as("there was something to spoil")
        .isTrue();

    assertThat(Checker.check(found, copy, ledger, promises, false))
        .extracting(Finding::invariant)
        .contains(mischief.invariant);
  }

  @Test
  void nothing_in_files_that_nobody_has_spoilt() throws Exception {
    assertThat(Checker.check(found, logs, ledger, promises, false)).isEmpty();
    assertThat(Checker.statuses(found))
        .containsEntry(completed, "COMPLETED")
        .containsEntry(compensated, "COMPENSATED")
        .containsEntry(parked, "PARKED_BACKWARD")
        .containsEntry(begun, "RUNNING");
  }

  @Test
  void what_is_still_under_way_when_nothing_should_be() throws Exception {
    assertThat(Checker.check(found, logs, ledger, promises, true))
        .extracting(Finding::invariant)
        .contains("I3", "I6");
  }

  static Stream<Mischief> mischief() {
    return Stream.of(
        new Mischief(
            "a parked saga's review is gone",
            "I3",
            it -> it.deleteAlarm(name -> name.equals(OURS + "saga/" + parked))),
        new Mischief(
            "a parked saga waits for no review",
            "I3",
            it ->
                it.changeText(
                    key -> key.equals(OURS + "saga/" + parked),
                    text -> text.replace("\"due/review\"", "\"due/deadline\""))),
        new Mischief(
            "a step's guard is gone",
            "I3",
            it -> it.deleteAlarm(name -> name.equals(OURS + "saga/" + begun))),
        new Mischief(
            "a step's guard comes too late",
            "I3",
            it ->
                it.changeText(
                    key -> key.equals(OURS + "saga/" + begun),
                    text -> text.replaceFirst("\"due/do/0/1\":[0-9]+", "\"due/do/0/1\":1"))),
        new Mischief(
            "a step's guard never fires",
            "I3",
            it -> it.parkAlarm(name -> name.equals(OURS + "saga/" + begun))),
        new Mischief(
            "a parked saga's dead row is gone",
            "I3",
            it -> it.deleteEntry(key -> key.startsWith(OURS + "dead/"))),
        new Mischief(
            "an alarm of a saga that has ended",
            "A5",
            it -> it.changeText(key -> key.equals(OURS + "saga/" + begun), CheckerIT::completes)),
        new Mischief(
            "an outbox that nobody looks after",
            "I6",
            // Of all rooms: some are set though nothing waits any more.
            all(it -> it.deleteAlarm(name -> name.equals(OURS + "relay")))),
        new Mischief(
            "a letter is gone", "I6", it -> it.deleteEntry(key -> key.startsWith(OURS + "out/"))),
        new Mischief(
            "a letter is damaged",
            "I6",
            it -> it.changeEntry(key -> key.startsWith(OURS + "out/"), _ -> new byte[] {1, 9})),
        new Mischief(
            "a letter was taken that nobody wrote",
            "I5",
            it -> it.changeEntry(key -> key.startsWith(OURS + "lane/"), raised(9, 1_000))),
        new Mischief(
            "a letter was written that nobody has",
            "I6",
            it -> it.changeEntry(key -> key.startsWith(OURS + "lane/"), raised(1, 1_000))),
        new Mischief(
            "an effect happened twice", "I1", it -> it.repeatJournal("do " + Errands.SEATS)),
        new Mischief(
            "an effect was taken back twice",
            "I1",
            it -> it.repeatJournal("undo " + Errands.SEATS)),
        new Mischief(
            "a participant denies what it did",
            "I1",
            it ->
                it.changeText(
                    key -> key.startsWith(OURS + "part/"),
                    text -> text.replace("\"applied\"", "\"blocked\""))),
        new Mischief(
            "a seat is free that was taken",
            "I1",
            it -> it.deleteEntry(key -> key.equals("seat/1"))),
        new Mischief(
            "an undo came too early",
            "I4",
            it ->
                it.changeText(
                    key -> key.startsWith("journal/"),
                    line -> {
                      String undone = "undo %s o0/%s ".formatted(Errands.SEATS, compensated);
                      return line.startsWith(undone) ? undone + "1" : line;
                    })),
        new Mischief(
            "a completed saga's effect is gone",
            "I2",
            it ->
                it.changeText(
                    key -> key.startsWith("journal/"),
                    line -> line.replace("o0/" + completed, "o0/somebody"))),
        new Mischief(
            "a compensated saga's effect stands",
            "I2",
            it ->
                it.changeText(
                    key -> key.startsWith("journal/"),
                    line ->
                        line.startsWith("undo")
                            ? line.replace("o0/" + compensated, "o0/somebody")
                            : line)),
        new Mischief(
            "a line of a log is gone",
            "I7",
            it ->
                it.changeText(
                    key -> key.equals(OURS + "saga/" + completed),
                    text -> text.replaceFirst("\"log/2\":\"[^\"]*\",", ""))),
        new Mischief(
            "a line of a log says something else",
            "I10",
            it ->
                it.changeText(
                    key -> key.equals(OURS + "saga/" + completed),
                    text -> text.replace(" T3 ", " T8 "))),
        new Mischief(
            "a saga has another status than its log",
            "I10",
            it -> it.changeText(key -> key.equals(OURS + "saga/" + parked), CheckerIT::completes)),
        new Mischief(
            "a step is not what the log says",
            "I10",
            it ->
                it.changeText(
                    key -> key.equals(OURS + "saga/" + compensated),
                    text -> text.replace(" UNDONE ", " SKIPPED "))),
        new Mischief(
            "a message is acknowledged that nobody took",
            "I8",
            it -> it.deleteEntry(key -> key.startsWith("got/"))),
        new Mischief(
            "a message was taken twice",
            "I1",
            it -> it.changeText(key -> key.startsWith("got/"), _ -> "2")),
        new Mischief(
            "a message that waited is gone",
            "I8",
            it -> it.deleteEntry(key -> key.startsWith("m/"))),
        new Mischief(
            "a group has read beyond its log",
            "I8",
            it -> it.changeEntry(key -> key.equals("group"), raised(2, 1_000))),
        new Mischief(
            "a message is in the log that nobody has sent",
            "I5",
            // All of them: some are not in the log yet.
            all(it -> it.deleteEntry(key -> key.startsWith("parcel/")))),
        new Mischief(
            "a message of an outbox is gone",
            "I6",
            it -> it.deleteEntry(key -> key.startsWith("\0queue/out/"))),
        new Mischief(
            "an outbox of messages that nobody looks after",
            "I6",
            it -> it.deleteAlarm(name -> name.equals("\0queue/relay"))),
        new Mischief(
            "a dead letter will never be sent",
            "I8",
            it -> it.deleteEntry(key -> key.startsWith("x/"))),
        new Mischief(
            "a message was given up and forgotten",
            "I8",
            all(it -> it.deleteEntry(key -> key.startsWith("z/")))),
        new Mischief(
            "nothing wakes a group", "I3", it -> it.deleteAlarm(name -> name.equals("group"))),
        new Mischief("a version moved by itself", "I7", it -> it.raiseVersion(CrashServer.OWNERS)),
        new Mischief(
            "a participant's version moved by itself", "I7", it -> it.raiseVersion(Errands.BEDS)),
        new Mischief(
            "a saga is gone",
            "A1",
            it -> it.deleteEntry(key -> key.equals(OURS + "saga/" + completed))),
        new Mischief(
            "a saga is gone that somebody was told of",
            "I9",
            it -> it.deleteEntry(key -> key.equals(OURS + "saga/" + compensated))),
        new Mischief(
            "a row is damaged",
            "A1",
            it ->
                it.changeEntry(
                    key -> key.equals(OURS + "saga/" + completed), _ -> new byte[] {'{'})));
  }

  /// The same to everything that there is of the kind.
  private static Deed all(Deed one) {
    return it -> {
      boolean any = false;
      while (one.on(it)) {
        any = true;
      }
      return any;
    };
  }

  private static String completes(String text) {
    return text.replaceFirst("\"status\":\"[A-Z_]+\"", "\"status\":\"COMPLETED\"");
  }

  /// Raises the number of 8 bytes that begins at `at`.
  private static java.util.function.UnaryOperator<byte[]> raised(int at, long more) {
    return row -> {
      ByteBuffer.wrap(row).putLong(at, ByteBuffer.wrap(row).getLong(at) + more);
      return row;
    };
  }

  @ParameterizedTest
  @MethodSource("mischief")
  void it_finds_that(Mischief mischief) throws Exception {
    Path copy =
        ShardFiles.copy(found, folder.resolve("copy-" + RandomGenerator.getDefault().nextLong()));

    assertThat(mischief.deed.on(new Tamper(copy))).as("there was something to spoil").isTrue();

    assertThat(Checker.check(copy, logs, ledger, promises, false))
        .extracting(Finding::invariant)
        .contains(mischief.invariant);
  }

  @Test
  void I9_what_somebody_was_told_and_is_not_so() throws Exception {
    assertThat(
            Checker.check(
                found,
                logs,
                ledger,
                new Promises(
                    Map.of("nobody", "o0"),
                    Map.of(compensated, "COMPLETED"),
                    Set.of(completed),
                    Map.of("op", "o0 7"),
                    Map.of("parcel", "o0"),
                    Set.of(begun)),
                false))
        .hasSize(6)
        .extracting(Finding::invariant)
        .containsOnly("I9");
  }
}
