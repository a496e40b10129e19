package dev.dormouse.server.admin;

import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaView;
import dev.dormouse.saga.SagaView.StepView;
import dev.dormouse.saga.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What can be done to a saga as it stands, so that nobody is offered what would be refused. The
/// saga itself has the last word: it may have moved since.
public final class Verbs {
  private Verbs() {}

  /// One thing that can be done.
  ///
  /// @param step the step it is about; empty if it is about the whole saga
  /// @param applied what a `resolve` may say about the step's effect; empty for all others
  public record Possible(Verb verb, Optional<String> step, Optional<Boolean> applied) {
    static Possible of(Verb verb) {
      return new Possible(verb, Optional.empty(), Optional.empty());
    }

    static Possible skip(StepView step) {
      return new Possible(Verb.SKIP, Optional.of(step.name()), Optional.empty());
    }

    static Possible resolve(StepView step, boolean applied) {
      return new Possible(Verb.RESOLVE, Optional.of(step.name()), Optional.of(applied));
    }
  }

  /// Everything that can be done, what is most likely wanted first.
  ///
  /// @param definition what it runs on; without it nothing can be done
  public static List<Possible> of(SagaView saga, Optional<Saga<?>> definition) {
    if (definition.isEmpty() || saga.status().ended()) {
      return List.of();
    }
    List<Possible> possible = new ArrayList<>();
    Optional<? extends Step<?>> pivot = pivot(definition.get());
    switch (saga.status()) {
      case RUNNING -> {
        if (pivot.isEmpty() || returnable(saga, pivot.get())) {
          possible.add(Possible.of(Verb.CANCEL));
        }
      }
      case PARKED_FORWARD -> forward(saga, pivot.map(Step::name), possible);
      case PARKED_BACKWARD -> backward(saga, possible);
      case COMPENSATING, COMPLETED, COMPENSATED -> {}
    }
    possible.add(Possible.of(saga.paused() ? Verb.RESUME : Verb.PAUSE));
    return possible;
  }

  private static <I> Optional<Step<I>> pivot(Saga<I> saga) {
    return saga.steps().stream().filter(step -> step.kind() == Step.Kind.PIVOT).findFirst();
  }

  private static void forward(SagaView saga, Optional<String> pivot, List<Possible> possible) {
    possible.add(Possible.of(Verb.RETRY));
    for (StepView step : saga.steps()) {
      if (step.act().equals("REFUSED") || step.act().equals("UNKNOWN")) {
        possible.add(Possible.resolve(step, true));
        if (pivot.filter(step.name()::equals).isPresent()) {
          possible.add(Possible.resolve(step, false));
        }
        possible.add(Possible.skip(step));
      }
    }
  }

  private static void backward(SagaView saga, List<Possible> possible) {
    possible.add(Possible.of(Verb.RETRY));
    for (StepView step : saga.steps()) {
      if (step.undo().equals("FAILED")) {
        possible.add(Possible.resolve(step, false));
        possible.add(Possible.skip(step));
      }
    }
  }

  /// Whether the pivot leaves a way back. One that is to be tried again and may have been done
  /// before looks like one that was never sent; then the saga refuses.
  private static boolean returnable(SagaView saga, Step<?> pivot) {
    String act =
        saga.steps().stream()
            .filter(step -> step.name().equals(pivot.name()))
            .map(StepView::act)
            .findFirst()
            .orElse("PENDING");
    return switch (act) {
      case "PENDING", "REFUSED" -> true;
      case "STARTED", "BACKING_OFF", "UNKNOWN" -> pivot.undo().isPresent();
      default -> false;
    };
  }
}
