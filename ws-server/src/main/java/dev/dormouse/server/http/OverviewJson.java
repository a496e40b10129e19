package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.server.admin.Inspector;
import dev.dormouse.server.admin.Offices;
import dev.dormouse.server.admin.SagaLine;
import dev.dormouse.server.admin.SagaOffice;
import dev.dormouse.server.admin.SagaQuery;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// Everything in numbers, and what somebody has to look at. `docs/admin.md` describes it.
final class OverviewJson {
  /// How many parked sagas are named.
  private static final int NAMED = 10;

  private OverviewJson() {}

  static ObjectNode of(Offices offices) throws IOException, TimeoutException, InterruptedException {
    ObjectNode json = Problem.JSON.createObjectNode();
    List<Inspector.Populace> namespaces = offices.rooms().namespaces();
    offices.rooms().trouble().ifPresent(why -> json.put("trouble", why));
    json.put("awake", namespaces.stream().mapToLong(Inspector.Populace::awake).sum());
    json.put("connections", offices.guests().count());
    ArrayNode all = json.putArray("namespaces");
    for (Inspector.Populace each : namespaces) {
      ObjectNode namespace = all.addObject();
      namespace.put("name", each.namespace().name());
      namespace.put("awake", each.awake());
    }
    ArrayNode open = json.putArray("openSagas");
    for (SagaOffice.Tally tally : offices.sagas().open()) {
      ObjectNode some = open.addObject();
      some.put("status", tally.status().name());
      some.put("sagas", tally.sagas());
    }
    ArrayNode parked = json.putArray("parked");
    EnumSet<SagaStatus> waiting = EnumSet.of(SagaStatus.PARKED_FORWARD, SagaStatus.PARKED_BACKWARD);
    for (SagaLine saga : offices.sagas().list(SagaQuery.of(waiting, NAMED)).sagas()) {
      AdminSagaJson.line(parked.addObject(), saga);
    }
    AdminQueueJson.queues(json.putArray("queues"), offices.queues().queues());
    return json;
  }
}
