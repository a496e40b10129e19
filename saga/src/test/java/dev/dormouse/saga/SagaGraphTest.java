package dev.dormouse.saga;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SagaGraphTest {
  private final SagaGraph graph =
      SagaGraph.of(
          Saga.define("order", String.class)
              .parallel(both ->
                  both.step(
                          "stock",
                          step ->
                              step.act(Command.toRoom("depot", _ -> "a", "take", SoFar::input))
                                  .undo(Command.toRoom("depot", _ -> "a", "return", SoFar::input)))
                      .step(
                          "look",
                          step ->
                              step.act(Command.toRoom("depot", _ -> "b", "look", SoFar::input))
                                  .noUndo()))
              .step(
                  "pay",
                  step ->
                      step.pivot()
                          .act(
                              Command.external(
                                  "bank",
                                  "charge",
                                  SoFar::sagaId,
                                  Repeat.idempotent(),
                                  SoFar::input)))
              .build());

  @Test
  void steps_of_a_group_stand_in_one_column() {
    assertThat(graph.nodes())
        .extracting(node -> "%s %d %d".formatted(node.name(), node.column(), node.row()))
        .containsExactly("stock 0 0", "look 0 1", "pay 1 0");
    assertThat(graph.edges()).containsExactly(new SagaGraph.Edge(0, 2), new SagaGraph.Edge(1, 2));
    assertThat(graph.nodes().get(2).target()).isEqualTo("bank");
  }

  @Test
  void it_is_a_flow_chart() {
    assertThat(graph.mermaid())
        .isEqualTo(
            """
            flowchart LR
              s0["stock<br/>undo: return"]
              s1["look"]
              s2["pay"]
              s0 --> s2
              s1 --> s2
              style s2 stroke-width:4px
            """);
  }
}
