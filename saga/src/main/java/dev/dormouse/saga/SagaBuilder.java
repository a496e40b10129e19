package dev.dormouse.saga;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Collects a definition; used by one thread. Begun by [Saga#define].
public final class SagaBuilder<I> {
  private final String name;
  private final Class<I> input;
  private final List<List<Step<I>>> stages = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private int version = 1;
  private Optional<Duration> deadline = Optional.empty();
  private OnParked onParked = OnParked.remind();

  SagaBuilder(String name, Class<I> input) {
    this.name = name;
    this.input = input;
  }

  /// The number of this definition, 1 by default. Raise it with every change: a saga runs to its
  /// end on the definition it started with, so keep the old ones while any of theirs is open.
  public SagaBuilder<I> version(int version) {
    this.version = version;
    return this;
  }

  /// How long the saga may take until it is past its pivot; then it is undone. Never by default.
  public SagaBuilder<I> deadline(Duration deadline) {
    this.deadline = Optional.of(deadline);
    return this;
  }

  public SagaBuilder<I> onParked(OnParked policy) {
    onParked = policy;
    return this;
  }

  /// Adds a step that begins when the one before is done.
  public SagaBuilder<I> step(String name, UnaryOperator<StepBuilder<I>> step) {
    stages.add(List.of(built(name, step)));
    return this;
  }

  /// Adds steps that begin together; what follows waits for all of them. They are undone one at a
  /// time, the last one first.
  public SagaBuilder<I> parallel(UnaryOperator<Group<I>> members) {
    stages.add(List.copyOf(members.apply(new Group<>(this)).steps));
    return this;
  }

  /// @throws IllegalArgumentException if the definition cannot work; lists everything that is wrong
  public Saga<I> build() {
    var saga = new Saga.Draft<>(name, version, input, stages, deadline, onParked);
    problems.addAll(DefinitionRules.problems(saga));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "saga '" + name + "' cannot be built: " + String.join("; ", problems));
    }
    return new Saga<>(saga);
  }

  private Step<I> built(String name, UnaryOperator<StepBuilder<I>> step) {
    StepBuilder<I> builder = step.apply(new StepBuilder<>(name));
    if (builder.kinds.size() > 1) {
      problems.add(
          "step '" + name + "' is one of noUndo, pivot and retriable, not " + builder.kinds);
    }
    if (builder.undo != null && builder.kinds.contains(Step.Kind.NO_UNDO)) {
      problems.add("step '" + name + "' has an undo and says noUndo()");
    }
    return builder.build();
  }

  /// The members of one parallel group.
  public static final class Group<I> {
    private final SagaBuilder<I> saga;
    private final List<Step<I>> steps = new ArrayList<>();

    private Group(SagaBuilder<I> saga) {
      this.saga = saga;
    }

    public Group<I> step(String name, UnaryOperator<StepBuilder<I>> step) {
      steps.add(saga.built(name, step));
      return this;
    }
  }
}
