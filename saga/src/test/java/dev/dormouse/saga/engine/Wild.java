package dev.dormouse.saga.engine;

import dev.dormouse.saga.Command;
import dev.dormouse.saga.OnParked;
import dev.dormouse.saga.Repeat;
import dev.dormouse.saga.RetryPolicy;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaBuilder;
import dev.dormouse.saga.SoFar;
import dev.dormouse.saga.StepBuilder;
import java.time.Duration;
import java.util.Random;

/// Draws a definition: one to four stages of one to three steps, with or without a pivot.
final class Wild {
  private final Storm storm;
  private final Random random;
  private int names;

  Wild(Storm storm) {
    this.storm = storm;
    random = storm.random;
  }

  Saga<String> saga() {
    SagaBuilder<String> saga =
        Saga.define("wild", String.class)
            .onParked(new OnParked(Duration.ofMinutes(30), random.nextInt(3)));
    if (random.nextBoolean()) {
      saga.deadline(Duration.ofMinutes(1 + random.nextInt(60)));
    }
    int stages = 1 + random.nextInt(4);
    int pivot = random.nextBoolean() ? random.nextInt(stages) : stages;
    for (int stage = 0; stage < stages; stage++) {
      int place = Integer.compare(stage, pivot);
      if (place == 0 || random.nextInt(3) > 0) {
        saga.step("s" + names++, step -> step(step, place));
      } else {
        int members = 1 + random.nextInt(3);
        saga.parallel(group -> {
          for (int i = 0; i < members; i++) {
            group.step("s" + names++, step -> step(step, place));
          }
          return group;
        });
      }
    }
    return saga.build();
  }

  private StepBuilder<String> step(StepBuilder<String> step, int place) {
    step.act(command("act")).timeout(Duration.ofSeconds(1 + random.nextInt(30)));
    step.retry(policy()).undoRetry(policy());
    boolean undo = random.nextInt(4) > 0;
    if (place < 0) {
      return undo ? step.undo(command("undo")) : step.noUndo();
    }
    if (place > 0) {
      return step.retriable();
    }
    return undo ? step.undo(command("undo")).pivot() : step.pivot();
  }

  private Command<String> command(String operation) {
    double throwing = random.nextInt(10) == 0 ? 0.5 : 0;
    return random.nextBoolean()
        ? Command.toRoom("wild", _ -> "room", operation, soFar -> payload(soFar, throwing))
        : Command.external(
            "wild",
            operation,
            soFar -> soFar.sagaId() + operation,
            Repeat.idempotent(),
            soFar -> payload(soFar, throwing));
  }

  private String payload(SoFar<String> soFar, double throwing) {
    if (storm.wrong(throwing)) {
      throw new IllegalStateException("a function of a user threw");
    }
    return soFar.input() + soFar.known("s0", String.class) + storm.random.nextInt();
  }

  private RetryPolicy policy() {
    return RetryPolicy.of(
        1 + random.nextInt(4), Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0.5, "hopeless");
  }
}
