package dev.dormouse.room.runtime;

import dev.dormouse.room.spi.KeptAwake;
import dev.dormouse.room.spi.KeptAwake.Condition;
import java.util.ArrayList;
import java.util.List;

/// What keeps a room awake, but for having been used lately: the conditions of H1, in words too.
/// One look at the room, under its lock.
final class Busy {
  private final RoomHost host;
  private final List<KeptAwake> reasons = new ArrayList<>(0);

  private Busy(RoomHost host) {
    this.host = host;
  }

  /// Every reason there is; empty if the room has nothing to do. The list is the caller's.
  static List<KeptAwake> reasons(RoomHost host) {
    Busy busy = new Busy(host);
    busy.look();
    return busy.reasons;
  }

  private void look() {
    Phase phase = host.readiness.phase();
    note(
        phase == Phase.LOADING || phase == Phase.SETTLING,
        Condition.LOADING,
        1,
        "its state is being read");
    note(
        phase == Phase.CROWDED,
        Condition.CROWDED,
        1,
        "it is large, and waits for memory to start in");
    note(
        phase == Phase.RESTING || host.readiness.isTroubled(),
        Condition.FAILED_LATELY,
        1,
        "it failed lately, which must not be forgotten yet");
    count(
        host.gate.queued(),
        Condition.QUEUED,
        "1 event waits at its gate",
        "%,d events wait at its gate");
    handlers();
    Incarnation now = host.incarnations.present();
    count(
        now == null ? 0 : now.timers.size(),
        Condition.TIMERS,
        "1 timer is set",
        "%,d timers are set");
    note(
        !host.output.isEmpty(),
        Condition.HELD_OUTPUT,
        host.output.heldBytes(),
        "%,d bytes of what it said are on their way".formatted(host.output.heldBytes()));
    count(
        host.chain.inFlight(),
        Condition.COMMITTING,
        "1 of its writes is not durable yet",
        "%,d of its writes are not durable yet");
    note(
        host.arrivals.socketsPaused(),
        Condition.BEHIND,
        1,
        "its clients are not being read: it is behind");
  }

  private void handlers() {
    Handlers handlers = host.handlers;
    Activation holding = handlers.holder();
    Turn turn = holding != null ? holding.turn : null;
    long millis =
        turn == null ? 0 : (host.node.execution().nanoTime() - turn.startedAt) / 1_000_000;
    note(
        turn != null || (!host.gate.isOpen() && !host.sleep.hasGate() && handlers.size() == 0),
        Condition.RUNNING,
        millis,
        "a handler has been at work for %,d ms".formatted(millis));
    count(
        handlers.size() - (turn == null ? 0 : 1),
        Condition.SUSPENDED,
        "1 handler waits for something outside",
        "%,d handlers wait for something outside");
  }

  /// Notes a condition that holds.
  private void note(boolean holds, Condition condition, long amount, String words) {
    if (holds) {
      reasons.add(new KeptAwake(condition, amount, words));
    }
  }

  /// Notes a condition if there is any of it.
  ///
  /// @param one what to say of one
  /// @param many what to say of more, with a place for the number
  private void count(long number, Condition condition, String one, String many) {
    note(number > 0, condition, number, number == 1 ? one : many.formatted(number));
  }
}
