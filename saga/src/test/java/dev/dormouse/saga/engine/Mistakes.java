package dev.dormouse.saga.engine;

import dev.dormouse.saga.engine.StepRow.Act;
import dev.dormouse.saga.engine.StepRow.Undo;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The real machine with one classic error built in, each seen somewhere in the wild.
enum Mistakes implements Machine {
  /// The undo of a step that has not arrived leaves no trace, so the step applies after it.
  NO_TOMBSTONE("I2: COMPENSATED") {
    @Override
    public Ruling participate(ParticipantRecord record, Send command) {
      return record instanceof ParticipantRecord.None && command.way() == Way.UNDO
          ? new Ruling.Say(record, new Trigger.Undone(command.step()))
          : Participation.on(record, command);
    }
  },
  /// A command that comes twice has its effect twice.
  NO_DEDUPLICATION("I1") {
    @Override
    public Ruling participate(ParticipantRecord record, Send command) {
      return record instanceof ParticipantRecord.Applied && command.way() == Way.DO
          ? new Ruling.Apply()
          : Participation.on(record, command);
    }
  },
  /// A command that comes again while its answer is due is carried out again.
  DOES_AGAIN_WHAT_IS_DUE("I1") {
    @Override
    public Ruling participate(ParticipantRecord record, Send command) {
      return record instanceof ParticipantRecord.Due && command.way() == Way.DO
          ? new Ruling.Apply()
          : Participation.on(record, command);
    }
  },
  /// An undo takes what is only begun for nothing.
  UNDOES_NOTHING_THAT_IS_DUE("I2: COMPENSATED") {
    @Override
    public Ruling participate(ParticipantRecord record, Send command) {
      return record instanceof ParticipantRecord.Due && command.way() == Way.UNDO
          ? new Ruling.Say(record, new Trigger.Undone(command.step()))
          : Participation.on(record, command);
    }
  },
  /// The answer to what was undone meanwhile counts.
  HEARS_ANSWERS_TO_WHAT_IS_UNDONE("I2: COMPENSATED") {
    @Override
    public Optional<Ruling.Say> answered(ParticipantRecord record, int step) {
      return record instanceof ParticipantRecord.Reversed
          ? Optional.of(
              new Ruling.Say(new ParticipantRecord.Applied(null), new Trigger.Ok(step, null)))
          : Participation.answered(record, step, 0, null);
    }
  },
  /// A step that was not answered counts as not done.
  SKIPS_THE_UNKNOWN("I2: COMPENSATED") {
    @Override
    public Decision decide(Plan plan, SagaRow saga, Trigger trigger, long now) {
      if (trigger instanceof Trigger.Rang rang
          && rang.alarm().kind() == AlarmRef.Kind.DO
          && saga.state() instanceof SagaState.Running) {
        Decision right = Transitions.decide(plan, saga, trigger, now);
        return right.transition() == Transition.T6
            ? Transitions.decide(
                plan, saga, new Trigger.Refused(rang.alarm().step(), "timeout"), now)
            : right;
      }
      return Transitions.decide(plan, saga, trigger, now);
    }
  },
  /// An alarm's row goes first, then its transition is stored.
  DELETES_ALARMS_FIRST("I3") {
    @Override
    public boolean losesAlarms() {
      return true;
    }
  },
  /// Commands leave before the transition that decided them is stored.
  SENDS_BEFORE_THE_COMMIT("I5") {
    @Override
    public boolean sendsBeforeCommit() {
      return true;
    }
  },
  /// An outbox row is marked as published before it is.
  MARKS_FIRST("I6") {
    @Override
    public boolean marksFirst() {
      return true;
    }
  },
  /// What is parked is nobody's business any more.
  PARKS_WITHOUT_AN_ALARM("I3") {
    @Override
    public Decision decide(Plan plan, SagaRow saga, Trigger trigger, long now) {
      return with(
          Transitions.decide(plan, saga, trigger, now),
          (alarm, due) -> alarm.kind() != AlarmRef.Kind.REVIEW);
    }
  },
  /// The deadline rings on after the end.
  LEAVES_ALARMS_BEHIND("A5") {
    @Override
    public Decision decide(Plan plan, SagaRow saga, Trigger trigger, long now) {
      return with(
          Transitions.decide(plan, saga, trigger, now),
          (alarm, due) -> alarm.kind() != AlarmRef.Kind.DEADLINE || due.isPresent());
    }
  },
  /// The first answer of a parallel group is taken for all.
  FIRST_OF_A_GROUP_WINS("I2: COMPLETED") {
    @Override
    public Decision decide(Plan plan, SagaRow saga, Trigger trigger, long now) {
      SagaRow taken =
          trigger instanceof Trigger.Ok ok
              ? rows(saga, row -> row.index() == ok.step() ? row : othersDone(row))
              : saga;
      return Transitions.decide(plan, taken, trigger, now);
    }

    private StepRow othersDone(StepRow row) {
      return row.act() == Act.STARTED ? row.act(Act.DONE) : row;
    }
  },
  /// A cancel undoes what it can, whether the pivot is done or not.
  CANCELS_AFTER_THE_PIVOT("I2: COMPENSATED") {
    @Override
    public Decision decide(Plan plan, SagaRow saga, Trigger trigger, long now) {
      Plan used = trigger instanceof Trigger.Cancel ? plan(plan, -1) : plan;
      return Transitions.decide(used, saga, trigger, now);
    }

    private Plan plan(Plan plan, int pivot) {
      return new Plan(
          plan.name(),
          plan.version(),
          plan.steps(),
          plan.stages(),
          pivot,
          plan.deadline(),
          plan.onParked());
    }
  },
  /// Undoes in the order in which it did.
  UNDOES_FORWARD("I4") {
    @Override
    public Decision decide(Plan plan, SagaRow saga, Trigger trigger, long now) {
      Decision decision = Transitions.decide(plan, rows(saga, this::turned), trigger, now);
      return saga.steps().isEmpty()
          ? decision
          : with(decision, rows(decision.next(), this::turned));
    }

    private StepRow turned(StepRow row) {
      return row.act() == Act.DONE || row.act() == Act.UNKNOWN || row.undo() != Undo.NONE
          ? row.ordered(8 - row.order())
          : row;
    }
  },
  /// Sends on while it is paused.
  PAUSE_HOLDS_NOTHING("a paused saga sends") {
    @Override
    public Decision decide(Plan plan, SagaRow saga, Trigger trigger, long now) {
      if (!saga.paused() || !(trigger instanceof Trigger.Ok)) {
        return Transitions.decide(plan, saga, trigger, now);
      }
      Decision decision = Transitions.decide(plan, saga.paused(false), trigger, now);
      return with(decision, decision.next().paused(true));
    }
  };

  private final String caughtAs;

  Mistakes(String caughtAs) {
    this.caughtAs = caughtAs;
  }

  String caughtAs() {
    return caughtAs;
  }

  interface Kept {
    boolean test(AlarmRef alarm, Optional<Long> due);
  }

  static SagaRow rows(SagaRow saga, UnaryOperator<StepRow> change) {
    return saga.steps(saga.steps().stream().map(change).toList());
  }

  static Decision with(Decision decision, SagaRow next) {
    return new Decision(
        decision.transition(),
        next,
        decision.sends(),
        decision.alarms(),
        decision.log(),
        decision.dead(),
        decision.notice(),
        decision.answer());
  }

  static Decision with(Decision decision, Kept kept) {
    Map<AlarmRef, Optional<Long>> alarms = new HashMap<>(decision.alarms());
    alarms.entrySet().removeIf(alarm -> !kept.test(alarm.getKey(), alarm.getValue()));
    return new Decision(
        decision.transition(),
        decision.next(),
        decision.sends(),
        alarms,
        decision.log(),
        decision.dead(),
        decision.notice(),
        decision.answer());
  }
}
