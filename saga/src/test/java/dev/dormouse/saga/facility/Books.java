package dev.dormouse.saga.facility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.engine.Coordinator;
import dev.dormouse.saga.engine.LogLine;
import dev.dormouse.saga.engine.RowKeys;
import dev.dormouse.saga.engine.SagaRow;
import dev.dormouse.saga.engine.Sheet;
import dev.dormouse.saga.engine.SheetCodec;
import dev.dormouse.testkit.RoomTester;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.stream.LongStream;

/// Reads what is durable, and checks the invariants in it: those of every moment, and those of the
/// end.
final class Books {
  private static final String OURS = "\0saga/";

  private final RoomTester t;

  Books(RoomTester t) {
    this.t = t;
  }

  // ---- of every moment, right after a kill too

  void holdAtAnyMoment() {
    for (RoomId room : t.disk().rooms()) {
      everyOpenSagaHasAnAlarm(room);
      everyLetterIsGuarded(room);
      everyRecordIsAskedFor(room);
      everySagaIsMarked(room);
      everythingIsCounted(room);
      for (RoomId peer : t.disk().rooms()) {
        lanesHaveNoGap(room, peer);
      }
    }
    for (Journey journey : journeys()) {
      journey.atAnyMoment();
    }
  }

  /// I3.
  private void everyOpenSagaHasAnAlarm(RoomId room) {
    List<String> alarms = alarms(room);
    for (SagaRow saga : sagas(room)) {
      String alarm = OURS + "saga/" + saga.id();
      assertThat(saga.state().status().ended())
          .as("I3: %s of %s is %s and has the alarms %s", saga.id(), room, saga.state(), alarms)
          .isEqualTo(alarms.stream().noneMatch(alarm::equals));
      everythingItWaitsForRings(room, saga.id());
      if (saga.state().parked()) {
        assertThat(keys(room))
            .as("I3: its dead row")
            .anyMatch(key -> key.startsWith(OURS + "dead/"));
      }
    }
  }

  /// What a saga waits for is not due before its alarm, but where that has been put off because its
  /// definition is not there.
  private void everythingItWaitsForRings(RoomId room, String saga) {
    Sheet sheet =
        Coordinator.sheet(saga, key -> Optional.ofNullable(t.disk().keys(room).get(OURS + key)))
            .orElseThrow();
    for (AlarmRow alarm : t.disk().alarms(room)) {
      if (alarm.name().equals(OURS + "saga/" + saga)) {
        assertThat(sheet.dues().values())
            .as("I3: what %s waits for, beside %s", saga, alarm)
            .allMatch(due -> due >= alarm.due() || alarm.due() <= t.execution().millis() + 60_000);
      }
    }
  }

  private void everythingIsCounted(RoomId room) {
    byte[] row = t.disk().keys(room).get(OURS + "tally");
    ByteBuffer tally = ByteBuffer.wrap(row == null ? new byte[17] : row);
    assertThat(tally.getLong(1))
        .as("open sagas of %s", room)
        .isEqualTo(sagas(room).stream().filter(saga -> !saga.state().status().ended()).count());
    assertThat(tally.getLong(9))
        .as("letters of %s", room)
        .isEqualTo(keys(room).stream().filter(key -> key.startsWith(OURS + "out/")).count());
  }

  /// What the node-wide index says is so.
  private void everySagaIsMarked(RoomId room) {
    String marks = "\0mark/saga/";
    assertThat(
            keys(room).stream()
                .filter(key -> key.startsWith(marks))
                .map(key -> key.substring(marks.length())))
        .as("marks of %s", room)
        .containsExactlyInAnyOrderElementsOf(
            sagas(room).stream().map(saga -> Marks.of(saga).name()).toList());
  }

  /// I6: nothing waits in an outbox that nobody would look into.
  private void everyLetterIsGuarded(RoomId room) {
    if (keys(room).stream().anyMatch(key -> key.startsWith(OURS + "out/"))) {
      assertThat(alarms(room))
          .as("I6: the guard of %s, whose rows are %s", room, keys(room))
          .contains(OURS + "relay");
    }
  }

  /// Whoever took part asks in the end whether it may forget.
  private void everyRecordIsAskedFor(RoomId room) {
    boolean remembers =
        t.disk().keys(room).entrySet().stream()
            .filter(row -> row.getKey().startsWith(OURS + "part/"))
            .filter(row -> !row.getKey().startsWith(OURS + "part/outside/"))
            .findAny()
            .isPresent();
    if (remembers) {
      assertThat(alarms(room)).as("I6: records of %s", room).contains(OURS + "records");
    }
  }

  /// I5: nothing is taken that was not written; I6: what is not taken yet is still there.
  private void lanesHaveNoGap(RoomId from, RoomId to) {
    long sent = lane(from, to).sent();
    long taken = lane(to, from).taken();
    assertThat(taken).as("I5: %s took from %s", to, from).isLessThanOrEqualTo(sent);
    List<Long> waiting = new ArrayList<>();
    String prefix = OURS + "out/" + Lane.word(to) + "/";
    for (String key : keys(from)) {
      if (key.startsWith(prefix)) {
        waiting.add(Long.parseLong(key.substring(prefix.length())));
      }
    }
    // Those that were taken wait for an answer, or are about to be cut.
    waiting.removeIf(number -> number <= taken);
    assertThat(waiting)
        .as("I6: not taken, from %s to %s", from, to)
        .isEqualTo(LongStream.rangeClosed(taken + 1, sent).boxed().toList());
  }

  private Lane lane(RoomId room, RoomId peer) {
    byte[] row = t.disk().keys(room).get(OURS + "lane/" + Lane.word(peer));
    return row == null ? Lane.none(peer) : Lane.read(peer, row);
  }

  // ---- of the end

  /// All sagas have ended, nothing is left on the way, and nobody remembers what is over.
  void holdAtTheEnd() {
    // Whoever took part asks by then.
    t.advance(Duration.ofMinutes(5));
    holdAtAnyMoment();
    for (RoomId room : t.disk().rooms()) {
      for (SagaRow saga : sagas(room)) {
        assertThat(saga.state().status().ended())
            .as("%s of %s: %s", saga.id(), room, saga)
            .isTrue();
      }
      List<String> trimming = sagas(room).isEmpty() ? List.of() : List.of(OURS + "trim");
      assertThat(alarms(room)).as("alarms of %s", room).isEqualTo(trimming);
      assertThat(keys(room))
          .as("letters and records of %s", room)
          .noneMatch(key -> key.startsWith(OURS + "out/") || key.startsWith(OURS + "part/"));
      versionsAreTheRoomsOwn(room);
    }
    journeys().forEach(Journey::atTheEnd);
  }

  /// I7, S2: the version counts what the room's code changed, and nothing else.
  private void versionsAreTheRoomsOwn(RoomId room) {
    long turns = 0;
    for (String key : keys(room)) {
      if (key.equals(BookingRoom.TURNS)) {
        turns += number(room, key);
      } else if (key.startsWith("trip/")) {
        turns++;
      }
    }
    assertThat(t.disk().version(room)).as("I7: the version of %s", room).isEqualTo(turns);
  }

  // ---- what is there

  List<Journey> journeys() {
    List<Journey> all = new ArrayList<>();
    for (RoomId room : t.disk().rooms()) {
      sagas(room).forEach(saga -> all.add(new Journey(room, saga)));
    }
    return all;
  }

  SagaStatus status(String id) {
    return journeys().stream()
        .filter(journey -> journey.saga.id().equals(id))
        .map(journey -> journey.saga.state().status())
        .findFirst()
        .orElseThrow();
  }

  /// The log of the saga of this id, as text.
  List<String> log(String id) {
    return t.disk().rooms().stream()
        .flatMap(room -> t.disk().keys(room).entrySet().stream())
        .filter(row ->
            row.getKey().startsWith(OURS + RowKeys.prefix(id) + "log/")
                || row.getKey().equals(OURS + RowKeys.head(id)))
        .flatMap(row -> SheetCodec.lines(row.getValue()).stream())
        .sorted(Comparator.comparingInt(LogLine::n))
        .map(LogLine::toString)
        .toList();
  }

  private List<SagaRow> sagas(RoomId room) {
    NavigableMap<String, byte[]> rows = t.disk().keys(room);
    List<SagaRow> sagas = new ArrayList<>();
    String heads = OURS + RowKeys.SAGAS;
    for (String key : rows.keySet()) {
      if (key.startsWith(heads) && key.indexOf('/', heads.length()) < 0) {
        Coordinator.load(
                key.substring(heads.length()), it -> Optional.ofNullable(rows.get(OURS + it)))
            .ifPresent(sagas::add);
      }
    }
    return sagas;
  }

  private List<String> keys(RoomId room) {
    return List.copyOf(t.disk().keys(room).keySet());
  }

  private List<String> alarms(RoomId room) {
    return t.disk().alarms(room).stream().map(AlarmRow::name).toList();
  }

  private long number(RoomId room, String key) {
    byte[] value = t.disk().keys(room).get(key);
    return value == null ? 0 : Long.parseLong(new String(value, StandardCharsets.UTF_8));
  }

  /// One saga, and what its participants' own rows say of it.
  final class Journey {
    private final SagaRow saga;
    private final List<Long> did = new ArrayList<>();
    private final List<Long> undid = new ArrayList<>();
    private final List<Long> undidAt = new ArrayList<>();

    Journey(RoomId owner, SagaRow saga) {
      this.saga = saga;
      String word = owner.name().orElse("?") + "/" + saga.id();
      for (String step : Trip.STEPS) {
        RoomId room = t.id(step, "main");
        did.add(number(room, BookingRoom.DID + word));
        undid.add(number(room, BookingRoom.UNDID + word));
        undidAt.add(number(room, BookingRoom.AT + word));
      }
    }

    String id() {
      return saga.id();
    }

    SagaStatus status() {
      return saga.state().status();
    }

    String words() {
      return "%s %s did %s undid %s at %s".formatted(saga.id(), saga.state(), did, undid, undidAt);
    }

    void atAnyMoment() {
      for (int i = 0; i < did.size(); i++) {
        assertThat(did.get(i)).as("I1: %s", words()).isLessThanOrEqualTo(1);
        assertThat(undid.get(i)).as("I1: %s", words()).isLessThanOrEqualTo(did.get(i));
        if (i > 0 && undid.get(i) == 1 && undid.get(i - 1) == 1) {
          assertThat(undidAt.get(i - 1)).as("I4: %s", words()).isGreaterThan(undidAt.get(i));
        }
      }
      if (saga.state().status().ended()) {
        atTheEnd();
      }
    }

    /// I2.
    void atTheEnd() {
      SagaStatus status = saga.state().status();
      for (int i = 0; i < did.size(); i++) {
        long stands = did.get(i) - undid.get(i);
        assertThat(stands).as("I2: %s", words()).isEqualTo(status == SagaStatus.COMPLETED ? 1 : 0);
      }
    }
  }
}
