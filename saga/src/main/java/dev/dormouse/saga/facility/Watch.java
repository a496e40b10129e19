package dev.dormouse.saga.facility;

import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.engine.AlarmRef;
import dev.dormouse.saga.engine.Change;
import dev.dormouse.saga.engine.SagaCommand;
import dev.dormouse.saga.engine.SagaRow;
import dev.dormouse.saga.engine.SagaState;
import dev.dormouse.saga.engine.StepRow;
import dev.dormouse.saga.engine.Transition;
import dev.dormouse.saga.engine.Trigger;
import dev.dormouse.saga.engine.Way;

/// Tells the observer what the turns of one room do, once that is durable: what is undone with its
/// turn, or its transaction, is not told.
record Watch(FacilityRoom room, SagaObserver observer) {

  /// A trigger has led to a change, which the turn at hand writes.
  ///
  /// @return the change
  Change decided(Trigger trigger, Change change) {
    room.whenDurable(() -> tell(trigger, change));
    return change;
  }

  /// A letter is in the outbox.
  ///
  /// @param waiting how many are, for all rooms
  void letterSent(long waiting) {
    room.whenDurable(() -> {
      observer.letterSent();
      observer.lettersWaiting(room.id(), waiting);
    });
  }

  void lettersResent(int count, long waiting) {
    room.whenDurable(() -> {
      observer.lettersResent(count);
      observer.lettersWaiting(room.id(), waiting);
    });
  }

  /// Letters were taken.
  void lettersWait(long waiting) {
    room.whenDurable(() -> observer.lettersWaiting(room.id(), waiting));
  }

  private void tell(Trigger trigger, Change change) {
    SagaRow before = change.before();
    SagaRow next = change.next();
    String definition = next.definition();
    if (before.state() instanceof SagaState.NotStarted) {
      if (next.state() instanceof SagaState.NotStarted) {
        return;
      }
      observer.started(definition);
    }
    for (SagaCommand command : change.commands()) {
      observer.attempted(definition, command.send().way(), command.send().attempt() > 1);
    }
    if (change.transitions().getFirst() != Transition.T12) {
      trouble(trigger, before, definition);
    }
    if (next.state().parked() && !before.state().parked()) {
      observer.parked(definition, next.state().status());
    }
    if (Owner.hasEnded(next.state()) && !Owner.hasEnded(before.state())) {
      observer.ended(definition, next.state().status());
    }
  }

  /// What the trigger says by itself, where it was waited for.
  private void trouble(Trigger trigger, SagaRow before, String definition) {
    switch (trigger) {
      case Trigger.Failed failed when failed.way() == Way.UNDO -> observer.undoFailed(definition);
      case Trigger.Rang(AlarmRef alarm) -> {
        switch (alarm.kind()) {
          case DO -> timedOut(before.step(alarm.step()), Way.DO, definition);
          case UNDO -> timedOut(before.step(alarm.step()), Way.UNDO, definition);
          case DEADLINE, REVIEW -> {}
        }
      }
      case Trigger.Start _,
          Trigger.Ok _,
          Trigger.Refused _,
          Trigger.Undone _,
          Trigger.Failed _,
          Trigger.Unsendable _,
          Trigger.Verb _ -> {}
    }
  }

  /// A guard rings for the next attempt too, when the last one has failed.
  private void timedOut(StepRow row, Way way, String definition) {
    boolean asked =
        switch (way) {
          case DO -> row.act() == StepRow.Act.STARTED;
          case UNDO -> row.undo() == StepRow.Undo.STARTED;
        };
    if (asked) {
      observer.timedOut(definition, way);
    }
  }
}
