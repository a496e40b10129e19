package dev.dormouse.saga;

import static dev.dormouse.saga.Command.external;
import static dev.dormouse.saga.Command.toRoom;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A definition that cannot work is refused when it is built, with words that say what to do.
class DefinitionTest {
  record Order(String depot, String address, int cents) {}

  private static final Command<Order> ACT = toRoom("stock", o -> o.input().depot(), "x", o -> "");

  private static SagaBuilder<Order> saga() {
    return Saga.define("order", Order.class);
  }

  private static StepBuilder<Order> undoable(StepBuilder<Order> step) {
    return step.act(ACT).undo(ACT);
  }

  private static void refused(SagaBuilder<Order> saga, String... sentences) {
    assertThatThrownBy(saga::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("saga 'order' cannot be built: ")
        .hasMessageContainingAll(sentences);
  }

  @Test
  void a_whole_definition_reads_like_the_story_it_tells() {
    Saga<Order> saga =
        saga()
            .version(3)
            .deadline(Duration.ofMinutes(10))
            .onParked(new OnParked(Duration.ofMinutes(30), 4))
            .parallel(both ->
                both.step("reserve", DefinitionTest::undoable)
                    .step("rate", step -> step.act(ACT).noUndo().timeout(Duration.ofSeconds(2))))
            .step(
                "charge",
                step ->
                    step.pivot()
                        .act(
                            external(
                                "bank",
                                "charge",
                                SoFar::sagaId,
                                Repeat.lookup("find"),
                                o -> o.input().cents())))
            .step("ship", step -> step.retriable().act(ACT))
            .build();

    assertThat(saga.stages()).hasSize(3);
    assertThat(saga.steps())
        .extracting(Step::name)
        .containsExactly("reserve", "rate", "charge", "ship");
    assertThat(saga.steps())
        .extracting(Step::kind)
        .containsExactly(
            Step.Kind.COMPENSATABLE, Step.Kind.NO_UNDO, Step.Kind.PIVOT, Step.Kind.RETRIABLE);
    assertThat(saga).hasToString("order/3");
  }

  @Test
  void a_step_before_the_pivot_needs_an_undo_or_says_that_it_needs_none() {
    refused(
        saga().step("a", step -> step.act(ACT)),
        "step 'a' comes before the pivot and has no undo: add undo(...), or noUndo()");
  }

  @Test
  void there_is_one_pivot_and_it_stands_alone() {
    refused(
        saga().step("a", s -> s.act(ACT).pivot()).step("b", s -> s.act(ACT).pivot()),
        "'a' and 'b' are both pivots");
    refused(
        saga()
            .parallel(
                g -> g.step("a", s -> s.act(ACT).pivot()).step("b", DefinitionTest::undoable)),
        "pivot 'a' must not stand in a parallel group");
  }

  @Test
  void a_step_after_the_pivot_is_retriable_and_nothing_else() {
    SagaBuilder<Order> plain = saga().step("p", s -> s.act(ACT).pivot()).step("a", s -> s.act(ACT));
    refused(plain, "step 'a' comes after pivot 'p': say retriable()");
    SagaBuilder<Order> undone =
        saga().step("p", s -> s.act(ACT).pivot()).step("a", DefinitionTest::undoable);
    refused(undone, "step 'a' comes after pivot 'p', where nothing is undone");
    SagaBuilder<Order> both =
        saga().step("p", s -> s.act(ACT).pivot()).step("a", s -> undoable(s).retriable());
    refused(both, "step 'a' has an undo that would never run");
    refused(saga().step("a", s -> s.act(ACT).retriable()), "no pivot comes before it");
  }

  @Test
  void a_step_says_one_thing_about_itself() {
    refused(
        saga().step("a", s -> s.act(ACT).noUndo().pivot()),
        "step 'a' is one of noUndo, pivot and retriable");
    refused(saga().step("a", s -> undoable(s).noUndo()), "has an undo and says noUndo()");
  }

  @Test
  void all_that_is_wrong_is_told_at_once() {
    refused(
        saga()
            .version(0)
            .deadline(Duration.ZERO)
            .step("a", DefinitionTest::undoable)
            .step("a", s -> s.noUndo())
            .step("Big Name", s -> undoable(s).timeout(Duration.ZERO))
            .parallel(none -> none),
        "the version is at least 1",
        "the deadline is positive",
        "two steps are called 'a'",
        "step 'a' does nothing: give it an act(...)",
        "'Big Name'",
        "the timeout of step 'Big Name' is at least 1 ms",
        "a parallel group has no steps");
    refused(saga(), "it has no steps");
  }

  @Test
  void policies_that_make_no_sense_are_refused() {
    assertThatThrownBy(() -> RetryPolicy.of(0, Duration.ZERO, 1, Duration.ZERO, 0))
        .hasMessageContaining("maxAttempts");
    assertThatThrownBy(() -> RetryPolicy.of(1, Duration.ofSeconds(2), 1, Duration.ofSeconds(1), 0))
        .hasMessageContaining("initial <= maxInterval");
    assertThatThrownBy(() -> RetryPolicy.of(1, Duration.ZERO, 0.5, Duration.ZERO, 0))
        .hasMessageContaining("factor");
    assertThatThrownBy(() -> RetryPolicy.of(1, Duration.ZERO, 1, Duration.ZERO, Double.NaN))
        .hasMessageContaining("jitter");
    assertThatThrownBy(() -> new OnParked(Duration.ZERO, 0)).hasMessageContaining("review");
    assertThatThrownBy(() -> Repeat.lookup(" ")).hasMessageContaining("lookup");
  }
}
