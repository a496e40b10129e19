package dev.dormouse.server.metrics;

import dev.dormouse.room.RoomId;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.engine.Way;
import dev.dormouse.saga.facility.SagaCounts.Standing;
import dev.dormouse.saga.facility.SagaObserver;
import io.micrometer.core.instrument.Counter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/// What becomes of sagas, by definition: those that are known at the start are all there can be.
final class SagaMetrics implements SagaObserver {
  private final Map<String, Definition> definitions = new HashMap<>();
  private final LongAdder sent = new LongAdder();
  private final LongAdder resent = new LongAdder();

  /// Rooms whose letters wait, with how many; those of sleeping rooms too.
  private final ConcurrentMap<RoomId, Long> waiting = new ConcurrentHashMap<>();

  /// The counters of one definition.
  private record Definition(
      Counter started,
      Map<SagaStatus, Counter> ended,
      Map<SagaStatus, Counter> parked,
      Each<Way, Counter> attempts,
      Each<Way, Counter> retries,
      Each<Way, Counter> timeouts,
      Counter undoFailures) {}

  SagaMetrics(Meters meters, List<String> names) {
    names.forEach(name -> definitions.put(name, definition(meters, name)));
    meters.counted("saga.letters.sent", "Letters about sagas that rooms wrote to each other", sent);
    meters.counted(
        "saga.letters.resent",
        "Letters about sagas that went out once more, since nobody said to have taken them",
        resent);
    meters.gauge(
        "saga.letters.waiting",
        "Letters about sagas that nobody has said to have taken; after a start complete within about"
            + " a minute",
        () -> waiting.values().stream().mapToLong(Long::longValue).sum());
  }

  private static Definition definition(Meters meters, String name) {
    return new Definition(
        meters.counter("sagas.started", "Sagas that were started", "definition", name),
        byStatus(
            SagaStatus::ended,
            status ->
                meters.counter(
                    "sagas.ended",
                    "Sagas that have ended, by how: completed, or taken back",
                    "definition",
                    name,
                    "outcome",
                    Meters.word(status))),
        byStatus(
            SagaMetrics::isParked,
            status ->
                meters.counter(
                    "sagas.parked",
                    "How often a saga stopped until somebody decides: forward past its pivot,"
                        + " backward while it was taken back",
                    "definition",
                    name,
                    "status",
                    Meters.word(status))),
        byWay(
            meters, "saga.attempts", "Commands that went out to have a step done or undone", name),
        byWay(meters, "saga.retries", "Those of them that were no first attempt", name),
        byWay(meters, "saga.timeouts", "Attempts that were not answered in time", name),
        meters.counter(
            "saga.undo.failures", "Attempts to undo a step that failed", "definition", name));
  }

  private static boolean isParked(SagaStatus status) {
    return status == SagaStatus.PARKED_FORWARD || status == SagaStatus.PARKED_BACKWARD;
  }

  private static Map<SagaStatus, Counter> byStatus(
      Predicate<SagaStatus> which, Function<SagaStatus, Counter> maker) {
    Map<SagaStatus, Counter> all = new EnumMap<>(SagaStatus.class);
    Arrays.stream(SagaStatus.values())
        .filter(which)
        .forEach(status -> all.put(status, maker.apply(status)));
    return all;
  }

  private static Each<Way, Counter> byWay(
      Meters meters, String name, String description, String definition) {
    return new Each<>(
        Way.class,
        way ->
            meters.counter(name, description, "definition", definition, "way", Meters.word(way)));
  }

  /// Adds what the index of all sagas says: those of rooms that sleep are in it.
  void watch(Meters meters, Look<List<Standing>> open, InstantSource clock) {
    for (String name : definitions.keySet()) {
      for (SagaStatus status : SagaStatus.values()) {
        if (!status.ended()) {
          meters.gauge(
              "sagas.open",
              "Sagas that have not ended, by how far they are",
              () -> count(open.latest(), name, status),
              "definition",
              name,
              "status",
              Meters.word(status));
        }
      }
      meters.gauge(
          "sagas.oldest.seconds",
          "How long ago the oldest saga was started that has not ended; 0 if there is none",
          () -> seconds(open.latest(), name, clock.instant()),
          "definition",
          name);
    }
  }

  private static long count(List<Standing> all, String definition, SagaStatus status) {
    return all.stream()
        .filter(it -> it.definition().equals(definition) && it.status() == status)
        .mapToLong(Standing::sagas)
        .sum();
  }

  private static double seconds(List<Standing> all, String definition, Instant now) {
    return all.stream()
            .filter(it -> it.definition().equals(definition))
            .mapToLong(it -> Math.max(0, now.toEpochMilli() - it.oldest().toEpochMilli()))
            .max()
            .orElse(0)
        / 1_000.0;
  }

  private void of(String definition, Consumer<Definition> count) {
    Definition known = definitions.get(definition);
    if (known != null) {
      count.accept(known);
    }
  }

  private static void increment(Map<SagaStatus, Counter> counters, SagaStatus status) {
    Counter counter = counters.get(status);
    if (counter != null) {
      counter.increment();
    }
  }

  @Override
  public void started(String definition) {
    of(definition, it -> it.started().increment());
  }

  @Override
  public void ended(String definition, SagaStatus outcome) {
    of(definition, it -> increment(it.ended(), outcome));
  }

  @Override
  public void parked(String definition, SagaStatus status) {
    of(definition, it -> increment(it.parked(), status));
  }

  @Override
  public void attempted(String definition, Way way, boolean again) {
    of(
        definition,
        it -> {
          it.attempts().of(way).increment();
          if (again) {
            it.retries().of(way).increment();
          }
        });
  }

  @Override
  public void timedOut(String definition, Way way) {
    of(definition, it -> it.timeouts().of(way).increment());
  }

  @Override
  public void undoFailed(String definition) {
    of(definition, it -> it.undoFailures().increment());
  }

  @Override
  public void letterSent() {
    sent.increment();
  }

  @Override
  public void lettersResent(int count) {
    resent.add(count);
  }

  @Override
  public void lettersWaiting(RoomId room, long count) {
    if (count > 0) {
      waiting.put(room, count);
    } else {
      waiting.remove(room);
    }
  }
}
