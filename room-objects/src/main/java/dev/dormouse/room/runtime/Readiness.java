package dev.dormouse.room.runtime;

import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.RoomImage;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether a room can take events, and the view of its state that it needs for them: read when the
/// first event comes, read anew after its chain broke. A room that fails too often rests (T6).
///
/// All steps from one phase to the next are here. Fields are guarded by the room's lock.
final class Readiness {
  /// How long those wait who want something of a room that there is no memory for.
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final RoomHost host;
  private final Rebuilds rebuilds = new Rebuilds();
  private Phase phase = Phase.UNLOADED;

  /// Runs while the room waits for memory.
  private Execution.@Nullable Timer patience;

  private boolean turnedAway;

  /// Written under the lock; also read without it by the thread that holds the turn.
  private volatile @Nullable RoomView view;

  Readiness(RoomHost host) {
    this.host = host;
  }

  Phase phase() {
    return phase;
  }

  boolean isReady() {
    return phase == Phase.READY;
  }

  boolean isResting() {
    return phase == Phase.RESTING;
  }

  boolean isAsleep() {
    return phase == Phase.ASLEEP;
  }

  /// Whether it failed so lately that this must not be forgotten yet.
  boolean isTroubled() {
    return rebuilds.isTroubled(host.node.execution().nanoTime());
  }

  /// The state, or null while it is not known. Without the lock too.
  @Nullable RoomView view() {
    return view;
  }

  // ---- loading

  /// Reads the state; the room is ready, or rests, when it has come.
  void load() {
    phase = Phase.LOADING;
    var _ =
        host.node
            .store()
            .load(host.id)
            .thenCombine(host.waking.slept(), (image, _) -> image)
            .whenComplete((image, error) -> {
              synchronized (host) {
                loaded(image, error);
              }
              host.node.outlet().release(host);
            });
  }

  private void loaded(@Nullable RoomImage image, @Nullable Throwable error) {
    if (image == null) {
      host.weight.leaves();
      host.node
          .observer()
          .runtimeFailed(
              "loading " + host.id, error != null ? error : new IllegalStateException("no image"));
      failed(true);
      return;
    }
    // What was said before it broke, and is durable, leaves even if the room has to wait.
    host.output.startAt(image.sequence());
    if (!host.weight.enters(image.size())) {
      crowded();
      return;
    }
    host.waking.loaded();
    String name = image.name();
    if (name != null) {
      host.addressedAs(RoomId.of(host.id.namespace(), host.id.bytes(), name));
    }
    RoomView fresh =
        new RoomView(host.id, image, host.node.store(), new Waits(host.node.execution()));
    view = fresh;
    phase = Phase.READY;
    host.alarms.overdueFirst(fresh);
    host.draining.wake();
  }

  // ---- want of memory

  /// What was read is dropped, since many rooms may wait.
  private void crowded() {
    phase = Phase.CROWDED;
    host.alarms.crowded();
    patience =
        host.node
            .execution()
            .schedule(
                PATIENCE,
                () -> {
                  synchronized (host) {
                    turnAway();
                  }
                  host.node.outlet().release(host);
                });
  }

  /// Whoever can be told has waited long enough. What cannot be told, such as a message, waits on.
  private void turnAway() {
    if (phase != Phase.CROWDED) {
      return;
    }
    turnedAway = true;
    RoomException no = host.arrivals.notNow();
    if (no != null) {
      host.gate.remove(item -> host.arrivals.decline(item, no));
    }
    if (!host.gate.hasWaiting() && host.weight.withdraws()) {
      turnedAway = false;
      phase = Phase.UNLOADED;
      host.node.alarmClock().countsAgain(host.id);
      host.sleep.used();
    }
  }

  /// Whether newcomers are told at once that there is no memory for the room.
  boolean isTurnedAway() {
    return turnedAway;
  }

  /// There is memory for the room that waited.
  void admitted() {
    turnedAway = false;
    host.node.alarmClock().countsAgain(host.id);
    if (patience != null) {
      patience.cancel();
      patience = null;
    }
    load();
  }

  // ---- a broken chain

  /// The chain broke: the view holds what was never stored.
  void broke() {
    view = null;
    host.weight.leaves();
    phase = Phase.SETTLING;
  }

  /// No write set is in flight: the state of a room whose chain broke can be read anew.
  void settled() {
    if (phase == Phase.SETTLING) {
      phase = Phase.UNLOADED;
      load();
    }
  }

  // ---- rest

  /// An incarnation ended badly, or none could begin. Once too often, and the room keeps everybody
  /// out for a while (T6).
  void failed(boolean whileStarting) {
    rest(rebuilds.failed(host.node.execution().nanoTime(), whileStarting));
  }

  private void rest(Optional<Duration> duration) {
    if (duration.isEmpty() || (phase != Phase.READY && phase != Phase.LOADING)) {
      return;
    }
    phase = Phase.RESTING;
    RoomException error = host.arrivals.notNow();
    if (error != null) {
      host.gate.remove(item -> host.arrivals.decline(item, error));
    }
    host.node
        .execution()
        .schedule(
            duration.get(),
            () -> {
              synchronized (host) {
                if (phase == Phase.RESTING) {
                  phase = view != null ? Phase.READY : Phase.UNLOADED;
                  host.draining.wake();
                }
              }
            });
  }

  // ---- sleep

  /// The room leaves the memory.
  void sleeps() {
    phase = Phase.ASLEEP;
    view = null;
  }
}
