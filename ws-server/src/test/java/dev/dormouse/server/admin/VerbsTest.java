package dev.dormouse.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.saga.Command;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.SagaView;
import dev.dormouse.saga.SagaView.StepView;
import dev.dormouse.saga.SoFar;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is offered to do with a saga.
class VerbsTest {
  private static final Saga<String> SAGA =
      Saga.define("order", String.class)
          .step("reserve", it -> it.act(ask()).undo(ask()))
          .step("charge", it -> it.pivot().act(ask()))
          .step("ship", it -> it.retriable().act(ask()))
          .build();

  private static Command<String> ask() {
    return Command.toRoom("depot", SoFar::input, "do", SoFar::input);
  }

  /// @param steps how each stands, `act` or `act/undo`
  private static SagaView saga(SagaStatus status, boolean paused, String... steps) {
    List<StepView> views = new ArrayList<>();
    for (int i = 0; i < steps.length; i++) {
      String[] stands = steps[i].split("/", 2);
      String undo = stands.length > 1 ? stands[1] : "NONE";
      views.add(new StepView(i, SAGA.steps().get(i).name(), stands[0], 1, undo, 0, "", 0, ""));
    }
    Instant now = Instant.EPOCH;
    return new SagaView(
        "o-1", "order", 1, true, status, paused, "", now, now, null, null, 0, views, List.of(),
        List.of(), 0, List.of());
  }

  private static List<String> offered(SagaView saga) {
    return Verbs.of(saga, Optional.of(SAGA)).stream()
        .map(it ->
            it.verb().word()
                + it.step().map(step -> " " + step).orElse("")
                + it.applied().map(applied -> applied ? " applied" : " not applied").orElse(""))
        .toList();
  }

  @Test
  void one_that_runs_can_be_turned_back_until_its_pivot_may_have_been_done() {
    assertThat(offered(saga(SagaStatus.RUNNING, false, "STARTED", "PENDING", "PENDING")))
        .containsExactly("cancel", "pause");
    assertThat(offered(saga(SagaStatus.RUNNING, false, "DONE", "STARTED", "PENDING")))
        .containsExactly("pause");
    assertThat(offered(saga(SagaStatus.RUNNING, false, "DONE", "DONE", "STARTED")))
        .containsExactly("pause");
  }

  @Test
  void one_that_is_paused_can_be_resumed() {
    assertThat(offered(saga(SagaStatus.COMPENSATING, true, "DONE/STARTED", "REFUSED", "PENDING")))
        .containsExactly("resume");
  }

  @Test
  void one_that_is_parked_on_its_way_forward_is_retried_or_its_step_dealt_with() {
    assertThat(offered(saga(SagaStatus.PARKED_FORWARD, false, "DONE", "DONE", "REFUSED")))
        .containsExactly("retry", "resolve ship applied", "skip ship", "pause");
  }

  @Test
  void only_of_a_pivot_can_be_said_that_it_was_not_done() {
    assertThat(offered(saga(SagaStatus.PARKED_FORWARD, false, "DONE", "UNKNOWN", "PENDING")))
        .containsExactly(
            "retry",
            "resolve charge applied",
            "resolve charge not applied",
            "skip charge",
            "pause");
  }

  @Test
  void one_that_is_parked_on_its_way_back_is_retried_or_its_step_dealt_with() {
    assertThat(
            offered(saga(SagaStatus.PARKED_BACKWARD, false, "DONE/FAILED", "REFUSED", "PENDING")))
        .containsExactly("retry", "resolve reserve not applied", "skip reserve", "pause");
  }

  @Test
  void nothing_is_offered_once_it_has_ended_or_while_its_definition_is_missing() {
    assertThat(offered(saga(SagaStatus.COMPLETED, false, "DONE", "DONE", "DONE"))).isEmpty();
    assertThat(
            Verbs.of(
                saga(SagaStatus.RUNNING, false, "DONE", "PENDING", "PENDING"), Optional.empty()))
        .isEmpty();
  }
}
