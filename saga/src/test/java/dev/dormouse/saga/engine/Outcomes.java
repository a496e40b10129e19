package dev.dormouse.saga.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What each trigger makes of each saga row. Decisions are pure, so each is made and checked once,
/// however many states it is met in.
final class Outcomes {
  /// A decision as bits of [Bits].
  ///
  /// @param next the number of the row after it
  /// @param sent commands for the outbox
  /// @param set alarms that are set
  /// @param unset alarms that are deleted
  /// @param opened dead rows that are opened
  /// @param closed dead rows that are closed
  /// @param first the first command that had never been sent before
  record Outcome(
      int next,
      long sent,
      long set,
      long unset,
      int opened,
      int closed,
      Optional<Trigger.Unsendable> first,
      long firstBit) {

    World on(World world, boolean outbox) {
      return new World(
          next,
          outbox ? world.outbox() | sent : world.outbox(),
          outbox ? world.commands() : world.commands() | sent,
          world.replies(),
          (world.alarms() & ~unset) | set,
          (world.dead() & ~closed) | opened,
          world.participants(),
          world.budget());
    }
  }

  private record Case(int saga, Trigger trigger, long now) {}

  private final Model model;
  private final Map<Case, Outcome> known = new HashMap<>();

  Outcomes(Model model) {
    this.model = model;
  }

  Outcome of(int saga, Trigger trigger, long now) {
    return known.computeIfAbsent(new Case(saga, trigger, now), this::decide);
  }

  private Outcome decide(Case at) {
    SagaRow before = model.row(at.saga());
    Decision decision = model.machine.decide(model.plan, before, at.trigger(), at.now());
    String wrong = Promises.brokenBy(before, decision);
    if (wrong != null) {
      model.broken(wrong + " by " + at.trigger() + " in " + before);
    }
    model.taken.add(Table.of(before, decision));
    long sent = 0;
    for (Send send : decision.sends()) {
      sent |= Bits.bit(bare(send));
    }
    long set = 0;
    long unset = 0;
    for (var alarm : decision.alarms().entrySet()) {
      if (alarm.getKey().saga().equals("s")) {
        long bit = Bits.bit(alarm.getKey());
        set |= alarm.getValue().isPresent() ? bit : 0;
        unset |= bit;
      }
    }
    int opened = 0;
    int closed = 0;
    for (DeadChange change : decision.dead()) {
      int bit = Bits.bit(change.step(), change.way());
      opened |= change instanceof DeadChange.Close ? 0 : bit;
      closed |= bit;
    }
    Optional<Send> first =
        decision.sends().stream().filter(send -> neverSent(before, send)).findFirst();
    return new Outcome(
        model.number(decision.next()),
        sent,
        set,
        unset,
        opened,
        closed,
        first.map(send -> new Trigger.Unsendable(send.step(), send.way(), "threw")),
        first.map(send -> Bits.bit(bare(send))).orElse(0L));
  }

  private static boolean neverSent(SagaRow before, Send send) {
    if (before.steps().isEmpty()) {
      return true;
    }
    StepRow row = before.step(send.step());
    return send.way() == Way.DO ? row.order() == 0 : row.undoAttempt() == 0;
  }

  /// Attempts share their key, so unless failures name them they are one message.
  private Send bare(Send send) {
    return model.scope.failures() ? send : new Send(send.step(), send.way(), 0, send.round());
  }
}
