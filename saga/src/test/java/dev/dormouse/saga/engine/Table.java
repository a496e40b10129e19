package dev.dormouse.saga.engine;

import static dev.dormouse.saga.SagaStatus.COMPENSATED;
import static dev.dormouse.saga.SagaStatus.COMPENSATING;
import static dev.dormouse.saga.SagaStatus.COMPLETED;
import static dev.dormouse.saga.SagaStatus.PARKED_BACKWARD;
import static dev.dormouse.saga.SagaStatus.PARKED_FORWARD;
import static dev.dormouse.saga.SagaStatus.RUNNING;

import dev.dormouse.saga.SagaStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The table of transitions: from which status which transition may lead to which. It is written by
/// hand and knows nothing of the code it is compared with.
final class Table {
  /// @param before empty if there is no saga yet
  record Line(Optional<SagaStatus> before, Transition transition, Optional<SagaStatus> after) {}

  static final Set<Line> LINES =
      Stream.of(
              List.of(
                  new Line(Optional.empty(), Transition.T1, Optional.of(RUNNING)),
                  new Line(Optional.empty(), Transition.T12, Optional.empty())),
              from(RUNNING, Transition.T2, RUNNING),
              from(RUNNING, Transition.T3, COMPLETED),
              from(RUNNING, Transition.T4, COMPENSATING, COMPENSATED),
              from(COMPENSATING, Transition.T4, COMPENSATING, COMPENSATED),
              from(RUNNING, Transition.T5, RUNNING),
              from(RUNNING, Transition.T6, COMPENSATING, COMPENSATED),
              from(COMPENSATING, Transition.T6, COMPENSATING, COMPENSATED),
              // Waits in RUNNING for the other members of a group.
              from(RUNNING, Transition.T7, PARKED_FORWARD, RUNNING),
              from(COMPENSATING, Transition.T8, COMPENSATING, COMPENSATED),
              from(COMPENSATING, Transition.T9, COMPENSATING),
              from(COMPENSATING, Transition.T10, PARKED_BACKWARD),
              from(
                  PARKED_FORWARD,
                  Transition.T11,
                  RUNNING,
                  COMPLETED,
                  PARKED_FORWARD,
                  COMPENSATING,
                  COMPENSATED),
              from(PARKED_BACKWARD, Transition.T11, COMPENSATING, COMPENSATED, PARKED_BACKWARD),
              from(RUNNING, Transition.T14, RUNNING, COMPENSATING, COMPLETED, COMPENSATED),
              from(RUNNING, Transition.T14, PARKED_FORWARD),
              from(COMPENSATING, Transition.T14, COMPENSATING, COMPENSATED),
              from(PARKED_FORWARD, Transition.T14, PARKED_FORWARD),
              from(PARKED_BACKWARD, Transition.T14, PARKED_BACKWARD),
              staying(Transition.T13, RUNNING, COMPENSATING, PARKED_FORWARD, PARKED_BACKWARD),
              staying(Transition.T1_AGAIN, SagaStatus.values()),
              staying(Transition.T12, SagaStatus.values()))
          .flatMap(List::stream)
          .collect(Collectors.toUnmodifiableSet());

  private Table() {}

  private static List<Line> from(SagaStatus before, Transition transition, SagaStatus... after) {
    return Stream.of(after)
        .map(status -> new Line(Optional.of(before), transition, Optional.of(status)))
        .toList();
  }

  private static List<Line> staying(Transition transition, SagaStatus... statuses) {
    return Stream.of(statuses).flatMap(s -> from(s, transition, s).stream()).toList();
  }

  static Line of(SagaRow before, Decision decision) {
    return new Line(status(before), decision.transition(), status(decision.next()));
  }

  private static Optional<SagaStatus> status(SagaRow row) {
    return row.state() instanceof SagaState.NotStarted
        ? Optional.empty()
        : Optional.of(row.state().status());
  }
}
