package dev.dormouse.crash.check;

import dev.dormouse.crash.check.SagaBook.StepAt;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// One saga by itself: its effects (I1, I2, I4), its alarms (I3) and its log (I7, I10).
final class SagaCheck {
  private final SagaBook book;
  private final Effects effects;
  private final List<Finding> findings;

  private SagaCheck(SagaBook book, Effects effects, List<Finding> findings) {
    this.book = book;
    this.effects = effects;
    this.findings = findings;
  }

  static void check(SagaBook book, Effects effects, boolean quiet, List<Finding> findings) {
    SagaCheck check = new SagaCheck(book, effects, findings);
    check.effects();
    check.order();
    check.alarms();
    check.log();
    if (quiet && !book.ended()) {
      check.found("I3", "is still open, and nothing is under way");
    }
  }

  private void found(String invariant, String what) {
    findings.add(new Finding(invariant, "%s: %s".formatted(book, what)));
  }

  // ---- effects

  private Effects.Count of(StepAt step) {
    String name = book.names().getOrDefault(step.index(), "");
    return effects.of(book.id(), name);
  }

  private void effects() {
    for (StepAt step : book.steps()) {
      Effects.Count count = of(step);
      if (count.done().size() > 1) {
        found("I1", "step %d %s".formatted(step.index(), count));
      }
      if (count.undone().size() > count.done().size()) {
        found("I1", "step %d %s".formatted(step.index(), count));
      }
      if (book.status().equals("COMPLETED")
          && count.stands() != 1
          && !step.act().equals("SKIPPED")) {
        found("I2", "step %d %s".formatted(step.index(), count));
      }
      if (book.status().equals("COMPENSATED")
          && count.stands() != 0
          && !step.undo().equals("SKIPPED")) {
        found("I2", "step %d %s".formatted(step.index(), count));
      }
      if (step.order() == 0 && !count.done().isEmpty()) {
        found("I5", "step %d %s, and was never started".formatted(step.index(), count));
      }
    }
  }

  private void order() {
    List<StepAt> undone =
        book.steps().stream()
            .filter(step -> !of(step).asked().isEmpty())
            .sorted(Comparator.comparingInt(StepAt::order).reversed())
            .toList();
    for (int i = 1; i < undone.size(); i++) {
      if (of(undone.get(i)).asked().getFirst() <= of(undone.get(i - 1)).asked().getFirst()) {
        found(
            "I4",
            "step %d was undone before step %d"
                .formatted(undone.get(i).index(), undone.get(i - 1).index()));
      }
    }
  }

  // ---- alarms

  private void alarms() {
    RoomRows.AlarmAt alarm = book.alarm();
    if (book.ended()) {
      if (alarm != null || !book.dues().isEmpty()) {
        found("A5", "has ended, has the alarm %s, and waits for %s".formatted(alarm, book.dues()));
      }
      return;
    }
    if (alarm == null || alarm.state() != 0) {
      found("I3", "is open and has no alarm that can fire");
    } else if (book.dues().values().stream().anyMatch(due -> due < alarm.due())) {
      found("I3", "waits for %s, and has its alarm at %d".formatted(book.dues(), alarm.due()));
    }
    if (book.dues().isEmpty()) {
      found("I3", "is open and waits for nothing");
    }
    if ((book.parked() || book.paused()) && !book.hasAlarm("review")) {
      found("I3", "nobody reviews it; it waits for " + book.dues());
    }
    if (book.parked() && book.dead().stream().noneMatch(SagaBook.Dead::open)) {
      found("I3", "is parked, and has no open dead row");
    }
    if (book.paused()) {
      return;
    }
    for (StepAt step : book.steps()) {
      if (step.underWay() && !book.hasAlarm("do/" + step.index() + "/" + step.attempt())) {
        found("I3", "nothing guards step %d; it waits for %s".formatted(step.index(), book.dues()));
      }
      if (step.undoUnderWay()
          && !book.hasAlarm("undo/" + step.index() + "/" + step.undoAttempt())) {
        found(
            "I3",
            "nothing guards the undo of step %d; it waits for %s"
                .formatted(step.index(), book.dues()));
      }
    }
  }

  // ---- log

  private void log() {
    String status = "";
    int n = 0;
    Set<Integer> done = new HashSet<>();
    Set<Integer> undone = new HashSet<>();
    boolean somebodyDecided = false;
    for (SagaBook.Line line : book.lines()) {
      n++;
      if (line.n() != n) {
        found("I7", "its log has line %d where %d should be".formatted(line.n(), n));
      }
      if (!Table.allows(status, line.transition(), line.status())) {
        found(
            "I10",
            "line %d: %s does not lead from '%s' to %s"
                .formatted(n, line.transition(), status, line.status()));
      }
      switch (line.transition()) {
        case "T2", "T3" -> done.add(line.step());
        case "T8" -> undone.add(line.step());
        case "T11" -> somebodyDecided = true;
        default -> {}
      }
      status = line.status();
    }
    if (n != book.revision()) {
      found("I7", "is at revision %d, and its log has %d lines".formatted(book.revision(), n));
    }
    if (!status.equals(book.status())) {
      found("I10", "its log ends with " + status);
    }
    if (!somebodyDecided) {
      steps(done, undone);
    }
  }

  /// Which steps are done and undone, by the log and by their own rows.
  private void steps(Set<Integer> done, Set<Integer> undone) {
    for (StepAt step : book.steps()) {
      // One that settles while the saga goes back may be done without a line that says so.
      boolean byLog = done.contains(step.index());
      if (byLog && !step.act().equals("DONE")) {
        found("I10", "step %d is done by the log, and is %s".formatted(step.index(), step.act()));
      }
      if (undone.contains(step.index()) != step.undo().equals("UNDONE")) {
        found(
            "I10",
            "step %d is %sundone by the log, and is %s"
                .formatted(step.index(), undone.contains(step.index()) ? "" : "not ", step.undo()));
      }
    }
  }
}
