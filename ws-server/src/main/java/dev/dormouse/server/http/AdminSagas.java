package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.RoomId;
import dev.dormouse.saga.SagaView;
import dev.dormouse.server.admin.SagaOffice;
import dev.dormouse.server.admin.SagaOrder;
import dev.dormouse.server.admin.SagaQuery;
import dev.dormouse.server.admin.Verb;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.server.Request;

/// The part of the admin port that is about sagas.
///
/// @param office whom it asks
record AdminSagas(SagaOffice office) {

  ObjectNode list(Request request) throws IOException, TimeoutException, InterruptedException {
    FrontDoor.reading(request);
    SagaQuery query = AdminSagaQuery.list(request);
    try {
      return AdminSagaJson.page(office.list(query));
    } catch (IllegalArgumentException _) {
      throw Parameters.bad("'after' is what 'next' was in an answer to the same question");
    }
  }

  ObjectNode look(RoomId room, String saga)
      throws IOException, TimeoutException, InterruptedException {
    SagaView view =
        office
            .look(room, saga)
            .orElseThrow(() ->
                Problem.of(404, "not-found", "%s has no saga '%s'".formatted(room, saga))
                    .at(room)
                    .found());
    return AdminSagaJson.view(room, view, office.definition(view));
  }

  /// Carries an order out, and answers with how the saga stands after it.
  ObjectNode give(Request request, RoomId room, String saga, Verb verb)
      throws IOException, TimeoutException, InterruptedException {
    SagaOrder order = AdminSagaQuery.order(request, verb);
    // Looked for first: an order to a room that is not there would wake what never was.
    var _ = look(room, saga);
    office.give(room, saga, order);
    return look(room, saga);
  }
}
