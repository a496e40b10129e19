package dev.dormouse.saga.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A decision while it is being made. Lives for one call, on one thread.
final class Draft {
  final Plan plan;
  final long now;
  private SagaRow saga;
  private final List<Send> sends = new ArrayList<>();
  private final Map<AlarmRef, Optional<Long>> alarms = new LinkedHashMap<>();
  private final List<DeadChange> dead = new ArrayList<>();
  private @Nullable Notice notice;

  Draft(Plan plan, SagaRow saga, long now) {
    this.plan = plan;
    this.saga = saga;
    this.now = now;
  }

  SagaRow saga() {
    return saga;
  }

  SagaState state() {
    return saga.state();
  }

  void saga(SagaRow row) {
    saga = row;
  }

  StepRow step(int index) {
    return saga.step(index);
  }

  void step(StepRow row) {
    saga = saga.step(row);
  }

  void become(SagaState state) {
    saga = saga.state(state);
  }

  void alarm(AlarmRef ref, long due) {
    alarms.put(ref, Optional.of(due));
  }

  void noAlarm(AlarmRef ref) {
    alarms.put(ref, Optional.empty());
  }

  /// The alarm that guards the latest attempt.
  AlarmRef guard(int step, Way way) {
    return AlarmRef.step(saga.id(), way, step, step(step).attempt(way));
  }

  void dead(DeadChange change) {
    dead.add(change);
  }

  void notice(Notice notice) {
    this.notice = notice;
  }

  /// Sends an attempt, and guards it for `patience` milliseconds.
  void send(int index, Way way, int attempt, long patience) {
    step(step(index).sent(way, attempt));
    sends.add(new Send(index, way, attempt, step(index).round()));
    alarm(guard(index, way), now + patience);
  }

  /// Nothing is under way for this step any more; the caller says how it stands instead.
  void settle(StepRow row, Way way) {
    noAlarm(guard(row.index(), way));
    step(row);
  }

  Decision done(Transition transition, int step, String detail) {
    saga = saga.revision(saga.revision() + 1);
    return decision(
        transition,
        Optional.of(
            new LogLine(
                saga.revision(), now, transition, step, Cut.text(detail), saga.state().status())),
        Answer.YES);
  }

  /// T12: what came is written down and changes nothing else.
  Decision late(int step, String detail) {
    return refused(step, detail, Answer.YES);
  }

  /// T12 for somebody who wanted something.
  Decision no(String why) {
    return refused(-1, why, Answer.no(why));
  }

  private Decision refused(int step, String detail, Answer answer) {
    Decision written = done(Transition.T12, step, detail);
    return decision(written.transition(), written.log(), answer);
  }

  /// Stores nothing.
  Decision nothing(Transition transition, Answer answer) {
    return decision(transition, Optional.empty(), answer);
  }

  private Decision decision(Transition transition, Optional<LogLine> log, Answer answer) {
    return new Decision(
        transition,
        saga,
        List.copyOf(sends),
        Map.copyOf(alarms),
        log,
        List.copyOf(dead),
        Optional.ofNullable(notice),
        answer);
  }
}
