package dev.dormouse.server.http;

import dev.dormouse.saga.SagaStatus;
import dev.dormouse.server.admin.SagaOrder;
import dev.dormouse.server.admin.SagaQuery;
import dev.dormouse.server.admin.Verb;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.jetty.server.Request;

/// Reads what a request wants of sagas, and refuses what cannot be.
final class AdminSagaQuery {
  private static final Set<String> LISTING =
      Set.of("status", "definition", "search", "after", "limit");

  private AdminSagaQuery() {}

  /// The list that a request asks for.
  ///
  /// @throws Problem.Found with 400
  static SagaQuery list(Request request) {
    Parameters given = Parameters.of(request, LISTING);
    return new SagaQuery(
        statuses(given.text("status").orElse("open")),
        given.text("definition"),
        given.text("search").orElse(""),
        given.text("after"),
        given.number("limit", SagaQuery.USUAL, SagaQuery.MOST));
  }

  static Set<SagaStatus> statuses(String word) {
    return switch (word) {
      case "open" -> SagaQuery.OPEN;
      case "running" -> EnumSet.of(SagaStatus.RUNNING);
      case "compensating" -> EnumSet.of(SagaStatus.COMPENSATING);
      case "parked" -> EnumSet.of(SagaStatus.PARKED_FORWARD, SagaStatus.PARKED_BACKWARD);
      case "completed" -> EnumSet.of(SagaStatus.COMPLETED);
      case "compensated" -> EnumSet.of(SagaStatus.COMPENSATED);
      case "ended" -> EnumSet.of(SagaStatus.COMPLETED, SagaStatus.COMPENSATED);
      case "any" -> EnumSet.allOf(SagaStatus.class);
      default ->
          throw Parameters.bad(
              "'status' is open, running, compensating, parked, ended, completed, compensated or"
                  + " any, not '"
                  + word
                  + "'");
    };
  }

  /// What the body of a request has done.
  ///
  /// @throws Problem.Found with 400, 413 or 415
  static SagaOrder order(Request request, Verb verb) {
    return order(OrderBody.of(request, fields(verb)), verb);
  }

  /// Which fields an order has.
  static Set<String> fields(Verb verb) {
    return switch (verb) {
      case CANCEL, RETRY -> Set.of("actor", "note");
      case PAUSE, RESUME -> Set.of("actor");
      case SKIP -> Set.of("actor", "note", "step");
      case RESOLVE -> Set.of("actor", "note", "step", "applied");
    };
  }

  static SagaOrder order(OrderBody body, Verb verb) {
    return switch (verb) {
      case CANCEL -> new SagaOrder.Cancel(body.actor(), body.optional("note"));
      case PAUSE -> new SagaOrder.Pause(body.actor());
      case RESUME -> new SagaOrder.Resume(body.actor());
      case RETRY -> new SagaOrder.Retry(body.actor(), body.optional("note"));
      case SKIP -> new SagaOrder.Skip(body.text("step"), body.actor(), body.text("note"));
      case RESOLVE ->
          new SagaOrder.Resolve(
              body.text("step"), body.truth("applied"), body.actor(), body.text("note"));
    };
  }
}
