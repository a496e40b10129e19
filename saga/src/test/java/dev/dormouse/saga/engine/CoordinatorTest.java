package dev.dormouse.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.saga.Command;
import dev.dormouse.saga.Repeat;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.SoFar;
import dev.dormouse.saga.Target;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A trigger becomes rows, alarms and commands that belong together.
class CoordinatorTest {
  private final Map<String, byte[]> rows = new HashMap<>();

  /// How often a function of the definition has run.
  private int calls;

  private boolean throwing;

  private final Saga<String> saga =
      Saga.define("trip", String.class)
          .step(
              "hotel",
              step ->
                  step.act(Command.toRoom("hotels", SoFar::input, "book", o -> call("two nights")))
                      .undo(
                          Command.toRoom(
                              "hotels",
                              SoFar::input,
                              "cancel",
                              o -> o.known("hotel", String.class).orElse("unknown"))))
          .step(
              "pay",
              step ->
                  step.noUndo()
                      .act(
                          Command.external(
                              "bank",
                              "charge",
                              o -> "trip-" + o.sagaId(),
                              Repeat.idempotent(),
                              o -> call("for " + o.result("hotel", String.class)))))
          .build();

  private final Coordinator coordinator =
      new Coordinator(new Definitions(List.of(saga)), new Texts(), 1_000);

  private String call(String text) {
    calls++;
    if (throwing) {
      throw new IllegalStateException("a bug");
    }
    return text;
  }

  private Change kept(Change change) {
    change
        .rows()
        .forEach((key, value) ->
            value.ifPresentOrElse(bytes -> rows.put(key, bytes), () -> rows.remove(key)));
    return change;
  }

  private Change start() {
    return kept(coordinator.start("7", "trip", "Ritz", this::get, 1_000));
  }

  private Change on(Trigger trigger) {
    return kept(coordinator.on("7", trigger, this::get, 2_000));
  }

  private Optional<byte[]> get(String key) {
    return Optional.ofNullable(rows.get(key));
  }

  @Test
  void a_start_writes_the_saga_and_sends_its_first_command() {
    Change change = start();

    assertThat(change.rows().keySet()).containsExactlyInAnyOrder("saga/7", "saga/7/do/0");
    SagaCommand command = change.commands().getFirst();
    assertThat(command.target()).isEqualTo(Target.room("hotels", "Ritz"));
    assertThat(command.key()).isEqualTo("7/hotel/do");
    assertThat(Texts.text(command.payload())).isEqualTo("two nights");
  }

  @Test
  void a_second_start_answers_with_what_there_is() {
    start();

    Change again = coordinator.start("7", "trip", "Plaza", this::get, 9_000);

    assertThat(again.transitions()).containsExactly(Transition.T1_AGAIN);
    assertThat(again.rows()).isEmpty();
    assertThat(again.next().state().status()).isEqualTo(SagaStatus.RUNNING);
  }

  @Test
  void a_result_is_stored_and_seen_by_the_next_command_with_the_definitions_key() {
    start();

    SagaCommand charge = on(ok(0, "room 12")).commands().getFirst();

    assertThat(charge.target()).isEqualTo(new Target.Service("bank"));
    assertThat(charge.key()).isEqualTo("trip-7");
    assertThat(charge.repeat()).contains(Repeat.idempotent());
    assertThat(Texts.text(charge.payload())).isEqualTo("for room 12");
  }

  @Test
  void every_attempt_sends_the_stored_command_and_no_function_runs_again() {
    SagaCommand first = start().commands().getFirst();

    SagaCommand second =
        on(new Trigger.Rang(AlarmRef.step("7", Way.DO, 0, 1))).commands().getFirst();

    assertThat(second).usingRecursiveComparison().isEqualTo(first.again(second.send()));
    assertThat(second.send().attempt()).isEqualTo(2);
    assertThat(calls).isEqualTo(1);
  }

  @Test
  void a_function_that_throws_refuses_its_step_and_nothing_else_is_stopped() {
    start();
    throwing = true;

    Change change = on(ok(0, "room 12"));

    assertThat(change.transitions()).containsExactly(Transition.T2, Transition.T4);
    assertThat(change.commands()).extracting(SagaCommand::operation).containsExactly("cancel");
    assertThat(change.next().cause()).contains("a bug");
  }

  @Test
  void a_dead_row_is_opened_and_closed_by_whoever_decides() {
    start();
    on(new Trigger.Cancel("ann", "rain"));
    for (int attempt = 1; attempt <= 5; attempt++) {
      on(new Trigger.Rang(AlarmRef.step("7", Way.UNDO, 0, attempt)));
    }
    assertThat(dead().open()).isTrue();
    assertThat(dead().reviewAt()).isEqualTo(2_000 + 3_600_000);

    on(new Trigger.Rang(AlarmRef.review("7")));
    assertThat(dead().open()).isTrue();
    on(new Trigger.Skip(0, "bob", "the hotel is gone"));

    assertThat(dead().closedBy()).isEqualTo("bob");
    assertThat(dead().note()).isEqualTo("the hotel is gone");
    assertThat(dead().reason()).isEqualTo("not answered");
  }

  private DeadRow dead() {
    return RowCodec.dead(get("dead/7/0/undo").orElseThrow());
  }

  @Test
  void what_comes_for_an_unknown_saga_writes_nothing() {
    Change change = on(new Trigger.Rang(AlarmRef.deadline("7")));

    assertThat(change.rows()).isEmpty();
    assertThat(change.alarms()).containsEntry(AlarmRef.deadline("7"), Optional.empty());
    assertThat(on(new Trigger.Pause("ann")).answer().accepted()).isFalse();
  }

  @Test
  void a_saga_whose_definition_is_gone_says_which() {
    start();
    Coordinator other =
        new Coordinator(new Definitions(List.of(SmallSagas.two())), new Texts(), 1_000);

    assertThatThrownBy(() -> other.on("7", new Trigger.Undone(0), this::get, 0))
        .hasMessageContaining("trip/1");
    assertThat(
            new Definitions(List.of(SmallSagas.two()))
                .missing(List.of(new Definitions.Ref("trip", 1), new Definitions.Ref("two", 1))))
        .containsExactly(new Definitions.Ref("trip", 1));
  }

  @Test
  void a_start_that_cannot_be_is_refused() {
    assertThatThrownBy(() -> coordinator.start("7", "tour", "Ritz", this::get, 0))
        .hasMessageContaining("no saga 'tour'");
    assertThatThrownBy(() -> coordinator.start("7", "trip", 12, this::get, 0))
        .hasMessageContaining("java.lang.String");
    assertThatThrownBy(() -> coordinator.start("a/b", "trip", "Ritz", this::get, 0))
        .hasMessageContaining("'a/b'");
  }

  private static Trigger.Ok ok(int step, String result) {
    return new Trigger.Ok(step, result.getBytes(StandardCharsets.UTF_8));
  }
}
