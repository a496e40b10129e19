package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaView;
import dev.dormouse.saga.SagaView.StepView;
import dev.dormouse.saga.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The steps of one saga as JSON: how each stands, and what its definition says of it.
final class AdminStepJson {
  private AdminStepJson() {}

  /// A step and the stage that it is in.
  private record Placed(Step<?> step, int stage) {}

  static void all(ArrayNode array, SagaView saga, Optional<Saga<?>> definition) {
    List<Placed> placed = definition.map(AdminStepJson::placed).orElse(List.of());
    for (StepView step : saga.steps()) {
      ObjectNode json = array.addObject();
      json.put("step", step.name());
      if (step.index() < placed.size()) {
        defined(json, placed.get(step.index()));
      }
      json.put("act", step.act());
      json.put("attempt", step.attempt());
      json.put("undo", step.undo());
      json.put("undoAttempt", step.undoAttempt());
      AdminSagaJson.text(json, "target", step.target());
      if (step.resultBytes() > 0) {
        json.put("resultBytes", step.resultBytes());
      }
      AdminSagaJson.text(json, "error", step.error());
    }
  }

  private static void defined(ObjectNode json, Placed placed) {
    Step<?> step = placed.step();
    json.put("stage", placed.stage());
    json.put("kind", step.kind().name());
    json.put("undoable", step.undo().isPresent());
    json.put("attempts", step.retry().maxAttempts());
    json.put("undoAttempts", step.undoRetry().maxAttempts());
  }

  private static <I> List<Placed> placed(Saga<I> saga) {
    List<Placed> placed = new ArrayList<>();
    for (int stage = 0; stage < saga.stages().size(); stage++) {
      for (Step<I> step : saga.stages().get(stage)) {
        placed.add(new Placed(step, stage));
      }
    }
    return placed;
  }
}
