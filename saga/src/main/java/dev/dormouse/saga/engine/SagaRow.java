package dev.dormouse.saga.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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

  SagaRow steps(List<StepRow> to) {
    return with(draft -> draft.steps = to);
  }

  SagaRow state(SagaState to) {
    return with(draft -> draft.state = to);
  }

  SagaRow paused(boolean to) {
    return with(draft -> draft.paused = to);
  }

  SagaRow cause(String to) {
    return with(draft -> draft.cause = to);
  }

  SagaRow revision(int to) {
    return with(draft -> draft.revision = to);
  }

  SagaRow automatic(int to) {
    return with(draft -> draft.automatic = to);
  }

  SagaRow times(long begin, long latest, long end) {
    return with(draft -> {
      draft.started = begin;
      draft.deadline = latest;
      draft.ended = end;
    });
  }

  private SagaRow with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return new SagaRow(
        id,
        definition,
        version,
        draft.state,
        draft.paused,
        draft.deadline,
        draft.cause,
        draft.revision,
        draft.automatic,
        draft.started,
        draft.ended,
        draft.steps);
  }

  /// What a saga's row may change in.
  private static final class Draft {
    private SagaState state;
    private boolean paused;
    private long deadline;
    private String cause;
    private int revision;
    private int automatic;
    private long started;
    private long ended;
    private List<StepRow> steps;

    Draft(SagaRow from) {
      state = from.state;
      paused = from.paused;
      deadline = from.deadline;
      cause = from.cause;
      revision = from.revision;
      automatic = from.automatic;
      started = from.started;
      ended = from.ended;
      steps = from.steps;
    }
  }
}
