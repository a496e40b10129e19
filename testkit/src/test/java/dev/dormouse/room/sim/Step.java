package dev.dormouse.room.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// One step of what a simulated handler does.
sealed interface Step {
  /// Appends a token of the present turn to the room's log.
  record Write() implements Step {}

  /// Tells everybody the log as it is.
  record Tell() implements Step {}

  /// Tells everybody something that carries no state.
  record TellUngated() implements Step {}

  /// Waits in one of several ways.
  record Wait(int way) implements Step {}

  /// Runs `inner` in another room, and swallows what it throws or not.
  record Call(int room, List<Step> inner, boolean swallow) implements Step {}

  /// Calls several rooms at once.
  record CallAll(List<Integer> rooms, List<Step> inner) implements Step {}

  record Critical(List<Step> inner) implements Step {}

  /// Runs `inner` in a transaction, which throws at its end or not.
  record Transaction(List<Step> inner, boolean fails) implements Step {}

  /// Sets an alarm whose handler runs `inner`.
  record SetAlarm(int name, long millis) implements Step {}

  record Later(List<Step> inner) implements Step {}

  record AfterReply(List<Step> inner) implements Step {}

  record Throw() implements Step {}

  record Refuse() implements Step {}

  record Abort() implements Step {}

  /// Draws a program; `depth` bounds nesting, and only programs outside transactions wait.
  static List<Step> program(Random random, int depth, boolean mayWait) {
    List<Step> steps = new ArrayList<>();
    int length = 1 + random.nextInt(4);
    for (int i = 0; i < length; i++) {
      steps.add(draw(random, depth, mayWait));
    }
    return steps;
  }

  private static Step draw(Random random, int depth, boolean mayWait) {
    int dice = random.nextInt(100);
    if (dice < 35) {
      return new Write();
    }
    if (dice < 55) {
      return new Tell();
    }
    if (dice < 60) {
      return new TellUngated();
    }
    if (dice < 64) {
      return new SetAlarm(random.nextInt(3), random.nextInt(5_000));
    }
    if (dice < 66) {
      return new Throw();
    }
    if (dice < 69) {
      return new Refuse();
    }
    if (dice < 70) {
      return new Abort();
    }
    if (depth == 0) {
      return new Write();
    }
    if (dice < 75) {
      return new Transaction(program(random, depth - 1, false), random.nextBoolean());
    }
    if (!mayWait) {
      return new Tell();
    }
    if (dice < 85) {
      return new Wait(random.nextInt(3));
    }
    if (dice < 91) {
      return new Call(random.nextInt(3), program(random, depth - 1, true), random.nextBoolean());
    }
    if (dice < 93) {
      return new CallAll(
          List.of(random.nextInt(3), random.nextInt(3)), program(random, depth - 1, true));
    }
    if (dice < 96) {
      return new Critical(program(random, depth - 1, true));
    }
    return dice < 98
        ? new Later(program(random, depth - 1, true))
        : new AfterReply(program(random, depth - 1, true));
  }
}
