package dev.dormouse.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.RoomObserver;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import dev.dormouse.testkit.RoomTester;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What the rooms of a test do, by name, and the run in which they do it.
///
/// A message `deed:argument`, a request of the path `deed/argument`, and a call of [Lines#say] each
/// run the deed of that name; what it answers goes back to whoever asked. Other events run the
/// deeds named by the constants, which do nothing unless they are given.
final class Script {
  static final String ROOM = "room";

  static final String START = "(start)";
  static final String OPEN = "(open)";
  static final String CLOSE = "(close)";
  static final String FAILED = "(failed)";
  static final String REFUSED = "(refused)";
  static final String ALARM = "(alarm)";

  /// Enough to meet the orders that a rule must not depend on.
  static final int MANY = 50;

  private static final int SOME = 5;

  private final Map<String, Deed> deeds = new HashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final List<ScriptedRoom> instances = new ArrayList<>();
  private final Watch watch = new Watch();
  private UnaryOperator<Namespace.Builder> declaration = builder -> builder;
  private UnaryOperator<RoomTester> stage = tester -> tester;
  private Function<Upgrade, Admission> admission = upgrade -> Admission.accept();

  /// Something a room does.
  @FunctionalInterface
  interface Deed {
    @Nullable String by(Cue cue) throws Exception;
  }

  /// Something a room does without an answer.
  @FunctionalInterface
  interface Quiet {
    void by(Cue cue) throws Exception;
  }

  Script does(String deed, Quiet what) {
    deeds.put(
        deed,
        cue -> {
          what.by(cue);
          return null;
        });
    return this;
  }

  Script answers(String deed, Deed what) {
    deeds.put(deed, what);
    return this;
  }

  Script admits(Function<Upgrade, Admission> admission) {
    this.admission = admission;
    return this;
  }

  Script declared(UnaryOperator<Namespace.Builder> declaration) {
    this.declaration = declaration;
    return this;
  }

  Script limits(RoomLimits limits) {
    return declared(builder -> builder.limits(limits));
  }

  Script staged(UnaryOperator<RoomTester> stage) {
    this.stage = stage;
    return this;
  }

  /// Plays under a few seeds.
  void play(RoomTester.Scenario scenario) {
    play(SOME, scenario);
  }

  /// Plays under the seeds 1 to `seeds`, each with a world of its own.
  void play(int seeds, RoomTester.Scenario scenario) {
    for (int seed = 1; seed <= seeds; seed++) {
      notes.clear();
      instances.clear();
      watch.clear();
      Namespace namespace =
          declaration.apply(Namespace.named(ROOM, this::room).calls(Lines.class)).build();
      RoomTester tester = stage.apply(RoomTester.seeded(seed, namespace)).observer(watch);
      tester.run(scenario);
      assertThat(watch.broken).as("failures of the runtime itself, seed %d", seed).isEmpty();
    }
  }

  private ScriptedRoom room(RoomContext context) {
    ScriptedRoom room = new ScriptedRoom(this, context);
    instances.add(room);
    return room;
  }

  Admission admit(Upgrade upgrade) {
    return admission.apply(upgrade);
  }

  /// @throws AssertionError if a deed is asked for that the test does not know
  @Nullable String perform(String deed, Cue cue) throws Exception {
    Deed known = deeds.get(deed);
    if (known == null && !deed.startsWith("(")) {
      watch.broken.add(new AssertionError("the test has no deed '" + deed + "'"));
    }
    return known == null ? null : known.by(cue);
  }

  void note(String note) {
    notes.add(note);
  }

  /// What deeds have noted so far, in order.
  List<String> notes() {
    return notes;
  }

  /// Every room object that was built, in order.
  List<ScriptedRoom> instances() {
    return instances;
  }

  Watch watch() {
    return watch;
  }

  /// A stub of the room `name`, for calls from outside.
  static Lines caller(RoomTester t, String name) {
    return t.rooms().stub(Lines.class, ROOM, name);
  }

  /// A new client of the room `r`.
  static FakeConnection join(RoomTester t) {
    return t.connect(ROOM, "r");
  }

  /// What the room `r` answers to a request for a deed.
  static String ask(RoomTester t, String deed) {
    return t.request(ROOM, "r", HttpCall.of("GET", deed.replaceFirst(":", "/"))).text();
  }

  /// Sends a request for a deed to the room `r`, and does not wait for its answer.
  static long asking(RoomTester t, String deed) {
    return t.requesting(ROOM, "r", HttpCall.of("GET", deed.replaceFirst(":", "/")));
  }

  /// What is durable of the room `r`.
  static Optional<String> stored(RoomTester t, String key) {
    return t.disk().text(t.id(ROOM, "r"), key);
  }

  /// Every write set that the store takes from here on, in its order.
  static List<WriteSet> recorded(RoomTester t) {
    List<WriteSet> sets = new ArrayList<>();
    t.store()
        .faults(set -> {
          sets.add(set);
          return new Verdict.Durable();
        });
    return sets;
  }

  /// The error with which an exchange was declined.
  static RoomException declined(RoomTester t, long exchange) {
    return t.sockets().answer(exchange) instanceof Answer.Declined(RoomException error)
        ? error
        : fail("exchange " + exchange + " got " + t.sockets().answer(exchange));
  }

  /// What the runtime reports.
  static final class Watch implements RoomObserver {
    final List<Throwable> handlerFailures = new ArrayList<>();
    final List<CommitFailure> commitFailures = new ArrayList<>();
    final List<String> overLimit = new ArrayList<>();
    final List<String> parked = new ArrayList<>();
    final List<StartCause> starts = new ArrayList<>();
    final List<Throwable> broken = new ArrayList<>();
    int full;

    private void clear() {
      handlerFailures.clear();
      commitFailures.clear();
      overLimit.clear();
      parked.clear();
      starts.clear();
      broken.clear();
      full = 0;
    }

    @Override
    public void roomFull(RoomId room) {
      full++;
    }

    @Override
    public void roomStarted(RoomId room, StartCause cause, WokenBy by, long nanos) {
      starts.add(cause);
    }

    @Override
    public void handlerFailed(RoomId room, Throwable failure) {
      handlerFailures.add(failure);
    }

    @Override
    public void commitFailed(RoomId room, CommitFailure failure) {
      commitFailures.add(failure);
    }

    @Override
    public void overLimit(RoomId room, String what) {
      overLimit.add(what);
    }

    @Override
    public void alarmParked(RoomId room, String alarm) {
      parked.add(alarm);
    }

    @Override
    public void runtimeFailed(String what, Throwable failure) {
      broken.add(new AssertionError(what, failure));
    }
  }
}
