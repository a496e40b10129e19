package dev.dormouse.saga.engine;

import java.util.ArrayList;
import java.util.List;

/// All that decides what a saga does next; payloads and results are kept beside it.
///
/// @param definition the name of its definition
/// @param version that definition's version
/// @param paused whether nothing new is sent
/// @param deadline milliseconds since 1970 UTC, or 0 for none; likewise the other times
/// @param cause why it went back or was parked; empty if it never did
/// @param revision how many transitions it has made, each of which has one line in its log
/// @param automatic how many retries after parking have been made without anybody
/// @param ended 0 while it is open
public record SagaRow(
    String id,
    String definition,
    int version,
    SagaState state,
    boolean paused,
    long deadline,
    String cause,
    int revision,
    int automatic,
    long started,
    long ended,
    List<StepRow> steps) {

  public SagaRow {
    steps = List.copyOf(steps);
    cause = Cut.text(cause);
  }

  /// What is there before a saga starts.
  public static SagaRow none(String id, Plan plan) {
    return new SagaRow(
        id,
        plan.name(),
        plan.version(),
        new SagaState.NotStarted(),
        false,
        0,
        "",
        0,
        0,
        0,
        0,
        List.of());
  }

  public StepRow step(int index) {
    return steps.get(index);
  }

  SagaRow step(StepRow row) {
    List<StepRow> changed = new ArrayList<>(steps);
    changed.set(row.index(), row);
    return steps(changed);
  }

  SagaRow steps(List<StepRow> steps) {
    return new SagaRow(
        id,
        definition,
        version,
        state,
        paused,
        deadline,
        cause,
        revision,
        automatic,
        started,
        ended,
        steps);
  }

  SagaRow state(SagaState state) {
    return new SagaRow(
        id,
        definition,
        version,
        state,
        paused,
        deadline,
        cause,
        revision,
        automatic,
        started,
        ended,
        steps);
  }

  SagaRow paused(boolean paused) {
    return new SagaRow(
        id,
        definition,
        version,
        state,
        paused,
        deadline,
        cause,
        revision,
        automatic,
        started,
        ended,
        steps);
  }

  SagaRow cause(String cause) {
    return new SagaRow(
        id,
        definition,
        version,
        state,
        paused,
        deadline,
        cause,
        revision,
        automatic,
        started,
        ended,
        steps);
  }

  SagaRow revision(int revision) {
    return new SagaRow(
        id,
        definition,
        version,
        state,
        paused,
        deadline,
        cause,
        revision,
        automatic,
        started,
        ended,
        steps);
  }

  SagaRow automatic(int automatic) {
    return new SagaRow(
        id,
        definition,
        version,
        state,
        paused,
        deadline,
        cause,
        revision,
        automatic,
        started,
        ended,
        steps);
  }

  SagaRow times(long started, long deadline, long ended) {
    return new SagaRow(
        id,
        definition,
        version,
        state,
        paused,
        deadline,
        cause,
        revision,
        automatic,
        started,
        ended,
        steps);
  }
}
