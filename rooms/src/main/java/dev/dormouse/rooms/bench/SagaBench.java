package dev.dormouse.rooms.bench;

import dev.dormouse.room.Namespace;
import dev.dormouse.saga.Command;
import dev.dormouse.saga.RetryPolicy;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SoFar;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Declares the namespace `bench-sagas` and what its rooms start. Offered like the namespace
/// `bench`, only where it is asked for.
public final class SagaBench {
  /// The namespace's name.
  public static final String NAME = "bench-sagas";

  /// Three exclusive steps on three rooms; the third may refuse.
  static final String RUN = "bench-run";

  /// One step that is answered when its room is told to.
  static final String WAIT = "bench-wait";

  /// The same, but it is given up and taken back when so many seconds are over: `bench-due-60`.
  static final String DUE = "bench-due-";

  /// After how many seconds sagas can be due.
  private static final List<Integer> DUE_AFTER = List.of(5, 20, 60, 180);

  private static final Duration LONG = Duration.ofDays(1);

  private SagaBench() {}

  /// What [#RUN] is started with.
  ///
  /// @param refused whether the room `c` refuses
  record Trip(String a, String b, String c, boolean refused) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /// What the others are started with.
  record Stay(String room) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /// What a command carries.
  record Ask(boolean refused) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /// A declaration of the namespace.
  public static Namespace declaration() {
    return Namespace.named(NAME, SagaRoom::new).nonBlocking().build();
  }

  /// All definitions.
  public static List<Saga<?>> definitions() {
    Saga<Trip> run =
        Saga.define(RUN, Trip.class)
            .step("a", s -> s.act(add(o -> o.input().a())).undo(remove(o -> o.input().a())))
            .step("b", s -> s.act(add(o -> o.input().b())).undo(remove(o -> o.input().b())))
            .step(
                "c",
                s ->
                    s.act(add(o -> o.input().c(), o -> new Ask(o.input().refused())))
                        .undo(remove(o -> o.input().c())))
            .build();
    List<Saga<?>> all = new ArrayList<>(List.of(run, stay(WAIT, LONG)));
    DUE_AFTER.forEach(seconds -> all.add(stay(DUE + seconds, Duration.ofSeconds(seconds))));
    return List.copyOf(all);
  }

  private static Saga<Stay> stay(String name, Duration timeout) {
    RetryPolicy once = RetryPolicy.of(1, Duration.ZERO, 1, Duration.ZERO, 0);
    return Saga.define(name, Stay.class)
        .step(
            "stay",
            s ->
                s.act(Command.toRoom(NAME, o -> o.input().room(), SagaRoom.STAY, o -> yes()))
                    .undo(remove(o -> o.input().room()))
                    .timeout(timeout)
                    .retry(once))
        .build();
  }

  private static <I> Command<I> add(Function<SoFar<I>, String> room) {
    return add(room, o -> yes());
  }

  private static <I> Command<I> add(Function<SoFar<I>, String> room, Function<SoFar<I>, Ask> ask) {
    return Command.toRoom(NAME, room, SagaRoom.ADD, ask);
  }

  private static <I> Command<I> remove(Function<SoFar<I>, String> room) {
    return Command.toRoom(NAME, room, SagaRoom.REMOVE, o -> yes());
  }

  private static Ask yes() {
    return new Ask(false);
  }
}
