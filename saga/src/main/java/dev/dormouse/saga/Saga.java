package dev.dormouse.saga;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The definition of a saga: stages of steps, each with what takes it back.
///
/// ```java
/// Saga<Order> saga =
///     Saga.define("order", Order.class)
///         .deadline(Duration.ofMinutes(10))
///         .step("reserve", s -> s
///             .act(toRoom("inventory", o -> o.input().depot(), "reserve", o -> o.input().items()))
///             .undo(toRoom("inventory", o -> o.input().depot(), "release", o -> o.sagaId())))
///         .step("charge", s -> s.pivot()
///             .act(external("bank", "charge", SoFar::sagaId, Repeat.idempotent(), o -> o.input())))
///         .step("ship", s -> s.retriable()
///             .act(toRoom("depot", o -> o.input().depot(), "ship", o -> o.input().address())))
///         .build();
/// ```
///
/// Until the pivot is done a refusal, a timeout, the deadline or a cancel turns the saga back, and
/// everything that was done, or may have been, is undone, latest first. After it the saga only goes
/// forward. What does not succeed either way is parked: visible, with an alarm, for somebody to
/// retry, skip or resolve; never dropped.
public final class Saga<I> {
  /// What was collected, before anybody has looked whether it can work.
  record Draft<I>(
      String name,
      int version,
      Class<I> input,
      List<List<Step<I>>> stages,
      Optional<Duration> deadline,
      OnParked onParked) {}

  private final Draft<I> definition;

  Saga(Draft<I> definition) {
    this.definition = definition;
  }

  /// @param name the identity of the definition, with its version
  /// @param input what a saga is started with; the codec must be able to map it
  public static <I> SagaBuilder<I> define(String name, Class<I> input) {
    return new SagaBuilder<>(name, input);
  }

  public String name() {
    return definition.name();
  }

  public int version() {
    return definition.version();
  }

  public Class<I> input() {
    return definition.input();
  }

  /// The stages in order; the steps of one stage run together.
  public List<List<Step<I>>> stages() {
    return List.copyOf(definition.stages());
  }

  /// All steps in order.
  public List<Step<I>> steps() {
    return definition.stages().stream().flatMap(List::stream).toList();
  }

  public Optional<Duration> deadline() {
    return definition.deadline();
  }

  public OnParked onParked() {
    return definition.onParked();
  }

  @Override
  public String toString() {
    return name() + "/" + version();
  }
}
