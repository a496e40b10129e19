package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.RoomReport;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/// Answers about the server itself: alive, ready, awake, and what it has counted.
public final class Probes {
  private final Function<RoomId, CompletableFuture<RoomReport>> reports;
  private final Supplier<Optional<String>> trouble;
  private final Supplier<String> scrape;
  private final Execution execution;

  /// @param reports what is known of a room, asking which does not wake it
  /// @param trouble why the server cannot do its work, in words that anybody may read; empty while
  ///   it can
  /// @param scrape all metrics in the text format of Prometheus
  public Probes(
      Function<RoomId, CompletableFuture<RoomReport>> reports,
      Supplier<Optional<String>> trouble,
      Supplier<String> scrape,
      Execution execution) {
    this.reports = reports;
    this.trouble = trouble;
    this.scrape = scrape;
    this.execution = execution;
  }

  void health(Answer answer) {
    ObjectNode json = Problem.JSON.createObjectNode();
    json.put("status", "ok");
    answer.json(200, json);
  }

  void ready(Answer answer) {
    Optional<String> why = trouble.get();
    ObjectNode json = Problem.JSON.createObjectNode();
    json.put("status", why.isEmpty() ? "ready" : "not ready");
    // Anybody may ask; the admin port and the log have the file and the fault.
    why.ifPresent(reason -> json.put("message", reason));
    answer.json(why.isEmpty() ? 200 : 503, json);
  }

  /// Says whether a room sleeps, and since when: `since` is left out if it has not been awake since
  /// the server started.
  void status(Answer answer, Namespace namespace, RoomId room) {
    var _ =
        reports
            .apply(room)
            .whenComplete((report, failure) -> {
              if (failure != null) {
                answer.problem(
                    Problem.of(503, "server-error", "the state of the room cannot be read")
                        .at(room));
                return;
              }
              ObjectNode json = Problem.JSON.createObjectNode();
              json.put("namespace", namespace.name());
              json.put("name", room.name().orElse(""));
              json.put("state", report.awake() ? "awake" : "asleep");
              if (report.since() != 0) {
                json.put("since", Instant.ofEpochMilli(report.since()).toString());
              }
              answer.json(200, json);
            });
  }

  void metrics(Answer answer) {
    // Reads much of the process, files too: not on a thread that reads sockets.
    execution.start(
        "metrics",
        () -> {
          try {
            answer.bytes(
                200,
                "text/plain; version=0.0.4; charset=utf-8",
                scrape.get().getBytes(StandardCharsets.UTF_8));
          } catch (RuntimeException e) {
            answer.callback().failed(e);
          }
        });
  }
}
