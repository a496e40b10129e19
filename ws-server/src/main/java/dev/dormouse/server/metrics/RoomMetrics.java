package dev.dormouse.server.metrics;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.RoomObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Counts what rooms do, and passes on what has to be logged.
final class RoomMetrics implements RoomObserver {
  private static final Duration[] WAKES =
      Meters.micros(
          100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000,
          1_000_000, 2_000_000, 5_000_000);

  private static final Duration[] TURNS =
      Meters.micros(
          10,
          50,
          100,
          500,
          1_000,
          5_000,
          10_000,
          50_000,
          100_000,
          500_000,
          1_000_000,
          5_000_000,
          30_000_000);

  private static final Duration[] GATE =
      Meters.micros(
          100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 500_000, 1_000_000,
          5_000_000);

  private final RoomObserver log;
  private final AlarmMetrics alarms;
  private final Map<String, Each<StartCause, Counter>> starts = new HashMap<>();
  private final Map<String, Counter> sleeps = new HashMap<>();
  private final Each<WokenBy, Timer> wakes;
  private final Timer turns;
  private final Timer gate;
  private final LongAdder events = new LongAdder();
  private final Counter handlersFailed;
  private final Each<CommitFailure.Reason, Counter> commitsFailed;
  private final Counter overLimit;
  private final Map<String, Counter> full = new HashMap<>();
  private final Counter faults;

  /// @param log what also hears of everything that is rare
  RoomMetrics(Meters meters, List<String> namespaces, RoomObserver log) {
    this.log = log;
    alarms = new AlarmMetrics(meters);
    for (String namespace : namespaces) {
      starts.put(
          namespace,
          new Each<>(
              StartCause.class,
              cause ->
                  meters.counter(
                      "rooms.started",
                      "Rooms that were built, by why",
                      "namespace",
                      namespace,
                      "cause",
                      Meters.word(cause))));
      sleeps.put(
          namespace,
          meters.counter("rooms.slept", "Rooms that left the memory", "namespace", namespace));
      full.put(
          namespace,
          meters.counter(
              "rooms.full",
              "Values that rooms were not let store, having as many keys or bytes as they may",
              "namespace",
              namespace));
    }
    wakes =
        new Each<>(
            WokenBy.class,
            by ->
                meters.timer(
                    "wake",
                    "From an event's arrival at a room that was not in memory until the room had"
                        + " started, by what came; starts after a reset not included",
                    WAKES,
                    "by",
                    Meters.word(by)));
    turns = meters.timer("turn", "Turns of rooms that ended well", TURNS);
    gate =
        meters.timer(
            "gate.wait", "How long a turn's output waited for its write set to be durable", GATE);
    meters.counted("events", "Events that rooms have handled", events);
    handlersFailed =
        meters.counter(
            "handlers.failed",
            "Handlers that threw something other than a refusal, and rooms that could not be"
                + " built");
    commitsFailed =
        meters.counters(
            "write.sets.failed",
            "Write sets that failed, each with a reset of its room",
            "reason",
            CommitFailure.Reason.class);
    overLimit = meters.counter("rooms.over.limit", "Rooms reset because a handler took too long");
    faults = meters.counter("faults", "Errors in the server's own work");
  }

  @Override
  public void roomStarted(RoomId room, StartCause cause, WokenBy by, long nanos) {
    Each<StartCause, Counter> counters = starts.get(room.namespace());
    if (counters != null) {
      counters.of(cause).increment();
    }
    // After a fault a room may rest before it is built again: that is no wake.
    if (cause != StartCause.RESET) {
      wakes.of(by).record(nanos, TimeUnit.NANOSECONDS);
    }
    log.roomStarted(room, cause, by, nanos);
  }

  @Override
  public void roomFellAsleep(RoomId room) {
    Counter counter = sleeps.get(room.namespace());
    if (counter != null) {
      counter.increment();
    }
    log.roomFellAsleep(room);
  }

  @Override
  public void turnEnded(RoomId room, long nanos) {
    turns.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void committed(RoomId room, long nanos) {
    gate.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void eventDone(RoomId room) {
    events.increment();
  }

  @Override
  public void alarmFires(RoomId room, String alarm, long millis) {
    alarms.fired(millis);
  }

  @Override
  public void alarmParked(RoomId room, String alarm) {
    alarms.parked();
    log.alarmParked(room, alarm);
  }

  @Override
  public void handlerFailed(RoomId room, Throwable failure) {
    handlersFailed.increment();
    log.handlerFailed(room, failure);
  }

  @Override
  public void commitFailed(RoomId room, CommitFailure failure) {
    commitsFailed.of(failure.reason()).increment();
    log.commitFailed(room, failure);
  }

  @Override
  public void overLimit(RoomId room, String what) {
    overLimit.increment();
    log.overLimit(room, what);
  }

  @Override
  public void roomFull(RoomId room) {
    Counter counter = full.get(room.namespace());
    if (counter != null) {
      counter.increment();
    }
  }

  @Override
  public void runtimeFailed(String what, Throwable failure) {
    faults.increment();
    log.runtimeFailed(what, failure);
  }
}
