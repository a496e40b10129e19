package dev.dormouse.saga.engine;

import dev.dormouse.saga.Saga;
import dev.dormouse.saga.engine.StepRow.Undo;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// One saga drawn from a seed, with participants, over a transport that loses, repeats and
/// reorders, while processes die and people interfere. After some hours it calms down, and then all
/// must come to an end.
final class Simulation {
  private final Storm storm;
  private final Saga<String> definition;
  private final SimRoom room;
  private final SimParticipant participant;
  private boolean skipped;

  Simulation(long seed) {
    storm = new Storm(seed);
    definition = new Wild(storm).saga();
    participant =
        new SimParticipant(
            storm, (saga, answer) -> carry(answer, bytes -> answered(MessageCodec.reply(bytes))));
    room = new SimRoom(storm, definition, command -> carry(command, participant()::take));
  }

  private SimParticipant participant() {
    return participant;
  }

  /// @return the transitions that were taken
  Set<Transition> run() {
    room.start();
    for (int i = storm.random.nextInt(6); i > 0; i--) {
      storm.within(Storm.CALM / 4, this::interfere);
    }
    attend(1);
    storm.run(50_000);
    Verdict.over(definition, room, participant, skipped);
    return room.taken;
  }

  private void carry(byte[] message, Consumer<byte[]> to) {
    if (storm.wrong(0.1)) {
      return;
    }
    storm.within(storm.wrong(0.1) ? 600_000 : 500, () -> to.accept(message));
    if (storm.wrong(0.1)) {
      storm.within(storm.wrong(0.3) ? 600_000 : 5_000, () -> to.accept(message));
    }
  }

  /// An answer is acknowledged only when it is stored; until then it comes again.
  private void answered(Trigger.Reply reply) {
    if (!room.take(reply)) {
      storm.within(10_000, () -> answered(reply));
    }
  }

  private void interfere() {
    Optional<SagaRow> saga = room.saga();
    if (saga.isEmpty()) {
      return;
    }
    int step = storm.random.nextInt(definition.steps().size());
    switch (storm.random.nextInt(8)) {
      case 0 -> room.take(new Trigger.Cancel("somebody", ""));
      case 1, 2 -> room.take(new Trigger.Pause("somebody"));
      case 3, 4 -> room.take(new Trigger.Resume("somebody"));
      case 5, 6 -> room.take(new Trigger.Retry("somebody", ""));
      default -> {
        StepRow row = saga.get().step(step);
        skipped |= row.inTrouble() || row.undo() == Undo.FAILED;
        room.take(new Trigger.Skip(step, "somebody", "never mind"));
      }
    }
  }

  /// After the storm somebody looks after it, once an hour, until it has ended.
  private void attend(int times) {
    storm.at(
        Storm.CALM + times * 3_600_000L,
        () -> {
          Optional<SagaRow> saga = room.saga();
          if (saga.isEmpty() || !saga.get().state().status().ended()) {
            if (times > 20) {
              throw new AssertionError("still open: " + saga);
            }
            room.take(new Trigger.Resume("attendant"));
            room.take(new Trigger.Retry("attendant", ""));
            attend(times + 1);
          }
        });
  }
}
