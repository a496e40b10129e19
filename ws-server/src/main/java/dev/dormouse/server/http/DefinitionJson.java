package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.saga.Command;
import dev.dormouse.saga.RetryPolicy;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaGraph;
import dev.dormouse.saga.Step;
import java.util.Comparator;
import java.util.List;

/// Definitions of sagas as JSON: what can be drawn of them. `docs/admin.md` describes it.
final class DefinitionJson {
  private DefinitionJson() {}

  static ObjectNode all(List<Saga<?>> definitions) {
    ObjectNode json = Problem.JSON.createObjectNode();
    ArrayNode array = json.putArray("definitions");
    definitions.stream()
        .sorted(Comparator.<Saga<?>, String>comparing(Saga::name).thenComparingInt(Saga::version))
        .forEach(saga -> definition(array.addObject(), saga));
    return json;
  }

  private static <I> void definition(ObjectNode json, Saga<I> saga) {
    json.put("name", saga.name());
    json.put("version", saga.version());
    json.put("input", saga.input().getName());
    saga.deadline().ifPresent(deadline -> json.put("deadlineMillis", deadline.toMillis()));
    json.put("reviewMillis", saga.onParked().review().toMillis());
    json.put("automaticRetries", saga.onParked().automaticRetries());
    ArrayNode stages = json.putArray("stages");
    for (List<Step<I>> stage : saga.stages()) {
      ArrayNode steps = stages.addArray();
      stage.forEach(step -> step(steps.addObject(), step));
    }
    json.put("mermaid", SagaGraph.of(saga).mermaid());
  }

  private static <I> void step(ObjectNode json, Step<I> step) {
    json.put("step", step.name());
    json.put("kind", step.kind().name());
    json.put("timeoutMillis", step.timeout().toMillis());
    step.act().ifPresent(act -> command(json.putObject("act"), act));
    retry(json.putObject("retry"), step.retry());
    step.undo()
        .ifPresent(undo -> {
          command(json.putObject("undo"), undo);
          retry(json.putObject("undoRetry"), step.undoRetry());
        });
  }

  private static <I> void command(ObjectNode json, Command<I> command) {
    json.put("operation", command.operation());
    switch (command) {
      case Command.ToRoom<I> _ -> json.put("asks", "room");
      case Command.External<I> external -> {
        json.put("asks", "service");
        json.put("service", external.service());
      }
    }
  }

  private static void retry(ObjectNode json, RetryPolicy retry) {
    json.put("maxAttempts", retry.maxAttempts());
    json.put("initialMillis", retry.initial().toMillis());
    json.put("factor", retry.factor());
    json.put("maxIntervalMillis", retry.maxInterval().toMillis());
    json.put("jitter", retry.jitter());
    ArrayNode codes = json.putArray("nonRetryable");
    retry.nonRetryable().stream().sorted().forEach(codes::add);
  }
}
