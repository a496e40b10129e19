package dev.dormouse.saga.engine;

import dev.dormouse.saga.engine.Outcomes.Outcome;
import dev.dormouse.saga.engine.StepRow.Undo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/// Everything that can happen next in a state of the model.
final class Actions {
  private record Label(String verb, Object what) {}

  private final Model model;
  private final Outcomes outcomes;

  Actions(Model model) {
    this.model = model;
    outcomes = new Outcomes(model);
  }

  void each(World world, BiConsumer<Object, World> then) {
    coordinate(world, new Trigger.Start(), 0, then);
    relay(world, then);
    for (long left = world.commands(); left != 0; left &= left - 1) {
      int bit = Long.numberOfTrailingZeros(left);
      lose("a command", world.commands(world.commands() & ~(1L << bit)), then);
      participate(world, Bits.send(bit), then);
    }
    for (long left = world.replies(); left != 0; left &= left - 1) {
      int bit = Long.numberOfTrailingZeros(left);
      lose("an answer", world.replies(world.replies() & ~(1L << bit)), then);
      coordinate(world, Bits.reply(bit), 0, then);
    }
    for (int step = 0; model.scope.later() && step < model.plan.steps().size(); step++) {
      answerLater(world, step, then);
    }
    for (long left = world.alarms(); left != 0; left &= left - 1) {
      int bit = Long.numberOfTrailingZeros(left);
      coordinate(world, new Trigger.Rang(Bits.alarm("s", bit)), 0, then);
      if (model.machine.losesAlarms()) {
        then.accept("alarm row deleted, die", world.alarms(world.alarms() & ~(1L << bit)));
      }
    }
    coordinate(world, new Trigger.Rang(AlarmRef.deadline("other")), 0, then);
    coordinate(world, new Trigger.Resume("x"), 0, then);
    if (model.row(world).deadline() > 0) {
      coordinate(world, new Trigger.Resume("x"), model.row(world).deadline(), then);
    }
    if (world.budget() > 0) {
      World spent = world.budget(world.budget() - 1);
      for (Trigger verb : verbs(world)) {
        coordinate(spent, verb, 0, then);
      }
    }
  }

  private void lose(String what, World without, BiConsumer<Object, World> then) {
    if (model.scope.losses()) {
      then.accept(new Label("lose", what), without);
    }
  }

  private void relay(World world, BiConsumer<Object, World> then) {
    for (long left = world.outbox(); left != 0; left &= left - 1) {
      long bit = Long.lowestOneBit(left);
      World published = world.commands(world.commands() | bit);
      then.accept("publish", published.outbox(world.outbox() & ~bit));
      then.accept("publish, die before the mark", published);
      if (model.machine.marksFirst()) {
        then.accept("mark, die", world.outbox(world.outbox() & ~bit));
        model.broken("I6: a committed command is lost");
      }
    }
  }

  /// What people want; they only resolve what they have found out rightly.
  private List<Trigger> verbs(World world) {
    List<Trigger> verbs = new ArrayList<>();
    verbs.add(new Trigger.Cancel("x", ""));
    verbs.add(new Trigger.Pause("x"));
    verbs.add(new Trigger.Retry("x", ""));
    for (StepRow row : model.row(world).steps()) {
      int i = row.index();
      if (row.inTrouble() || row.undo() == Undo.FAILED) {
        verbs.add(new Trigger.Skip(i, "x", ""));
        ParticipantRecord record = Bits.record(world.participants(), i);
        boolean applied = record instanceof ParticipantRecord.Applied;
        boolean mayApply = record instanceof ParticipantRecord.None;
        long doing = (world.commands() | world.outbox()) >> (i * 16);
        boolean onItsWay = (doing & 0xff) != 0;
        boolean due = record instanceof ParticipantRecord.Due;
        if (!due && (applied || !mayApply || !onItsWay)) {
          verbs.add(new Trigger.Resolve(i, applied, null, "x", ""));
        }
      }
    }
    return verbs;
  }

  private void coordinate(World world, Trigger trigger, long now, BiConsumer<Object, World> then) {
    Outcome outcome = outcomes.of(world.saga(), trigger, now);
    World after = outcome.on(world, model.scope.outbox());
    then.accept(trigger, after);
    if (model.machine.sendsBeforeCommit()) {
      then.accept("send, die before the commit", world.commands(world.commands() | outcome.sent()));
    }
    if (model.scope.unsendable() && outcome.first().isPresent()) {
      World without = after.commands(after.commands() & ~outcome.firstBit());
      Trigger unsendable = outcome.first().orElseThrow();
      then.accept(
          unsendable, outcomes.of(after.saga(), unsendable, now).on(without, model.scope.outbox()));
    }
  }

  private void participate(World world, Send command, BiConsumer<Object, World> then) {
    int step = command.step();
    long parts = world.participants();
    switch (model.machine.participate(Bits.record(parts, step), command)) {
      case Ruling.Say say -> then.accept(new Label("take", command), said(world, parts, say));
      case Ruling.Wait _ -> {}
      case Ruling.Apply _ -> {
        long had = Bits.effect(parts, step);
        if (model.scope.later()) {
          long begun = Bits.with(had, step, Participation.later(command, 0));
          then.accept(new Label("begin", command), world.participants(begun));
        }
        then.accept(
            new Label("do", command), said(world, had, Participation.applied(command, null)));
        then.accept(
            new Label("refuse", command), said(world, parts, Participation.refused(command, "no")));
        fail(world, command, then);
      }
      case Ruling.Reverse _ -> {
        SagaRow row = model.row(world);
        String wrong = Promises.brokenByReversing(row, world, step);
        if (wrong != null) {
          model.broken(wrong);
        }
        long had = Bits.lastReversed(Bits.reversal(parts, step), row.step(step).order());
        then.accept(new Label("undo", command), said(world, had, Participation.reversed(command)));
        fail(world, command, then);
      }
    }
  }

  /// Somebody who has a token says how it went, whether anybody still waits for it or not.
  private void answerLater(World world, int step, BiConsumer<Object, World> then) {
    long parts = world.participants();
    ParticipantRecord record = Bits.record(parts, step);
    if (Bits.effects(parts, step) == 0) {
      return;
    }
    model
        .machine
        .answered(record, step)
        .ifPresent(say -> then.accept(new Label("answer", step), said(world, parts, say)));
    Participation.refusedLater(record, step, 0, "no")
        .ifPresent(say ->
            then.accept(
                new Label("refuse later", step), said(world, Bits.withdrawn(parts, step), say)));
  }

  private void fail(World world, Send command, BiConsumer<Object, World> then) {
    if (model.scope.failures()) {
      Trigger.Reply failed =
          new Trigger.Failed(command.step(), command.way(), command.attempt(), "busy", "");
      then.accept(new Label("fail", command), world.replies(world.replies() | Bits.bit(failed)));
    }
  }

  private static World said(World world, long participants, Ruling.Say say) {
    long parts = Bits.with(participants, say.reply().step(), say.record());
    return world.participants(parts).replies(world.replies() | Bits.bit(say.reply()));
  }
}
