package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.spi.KeptAwake;
import dev.dormouse.room.spi.RoomReport;
import dev.dormouse.server.admin.Cursor;
import dev.dormouse.server.admin.Inspector;
import dev.dormouse.server.admin.Why;
import java.time.Instant;
import java.util.List;

/// What the inspector knows, as JSON. `docs/admin.md` describes it.
final class AdminJson {
  private AdminJson() {}

  static ObjectNode namespaces(List<Inspector.Populace> all) {
    ObjectNode json = Problem.JSON.createObjectNode();
    ArrayNode array = json.putArray("namespaces");
    for (Inspector.Populace each : all) {
      RoomLimits limits = each.namespace().limits();
      ObjectNode namespace = array.addObject();
      namespace.put("name", each.namespace().name());
      namespace.put("awake", each.awake());
      namespace.put("idleMillis", limits.idle().toMillis());
      namespace.put("nonBlocking", each.namespace().nonBlocking());
      ObjectNode some = namespace.putObject("limits");
      some.put("connections", limits.connections());
      some.put("messageBytes", limits.messageBytes());
      some.put("requestBytes", limits.requestBytes());
      some.put("queuedEvents", limits.queuedEvents());
      some.put("heldBytes", limits.heldBytes());
      some.put("turnMillis", limits.turn().toMillis());
    }
    return json;
  }

  static ObjectNode page(Inspector.Page page) {
    ObjectNode json = Problem.JSON.createObjectNode();
    ArrayNode rooms = json.putArray("rooms");
    page.rooms().forEach(report -> state(rooms.addObject(), report));
    json.put("scanned", page.scanned());
    Cursor next = page.next();
    if (next != null) {
      json.put("next", next.text());
    }
    return json;
  }

  /// @param sql whether the room has SQL
  static ObjectNode report(RoomReport report, boolean sql) {
    ObjectNode json = Problem.JSON.createObjectNode();
    state(json, report);
    if (sql) {
      json.put("sql", true);
    }
    json.put("why", Why.of(report));
    keptAwake(json, report.keptAwake());
    return json;
  }

  /// A room that was put to sleep or woken.
  static ObjectNode done(RoomId room, String state) {
    ObjectNode json = Problem.JSON.createObjectNode();
    identity(json, room);
    json.put("state", state);
    return json;
  }

  private static void state(ObjectNode json, RoomReport report) {
    identity(json, report.room());
    json.put("state", report.awake() ? "awake" : "asleep");
    if (report.since() != 0) {
      json.put("since", Instant.ofEpochMilli(report.since()).toString());
    }
    json.put("connections", report.connections());
  }

  static void identity(ObjectNode json, RoomId room) {
    json.put("namespace", room.namespace());
    json.put("id", room.hex());
    room.name().ifPresent(name -> json.put("name", name));
  }

  static void keptAwake(ObjectNode json, List<KeptAwake> reasons) {
    ArrayNode array = json.putArray("keptAwake");
    for (KeptAwake each : reasons) {
      ObjectNode reason = array.addObject();
      reason.put("condition", each.condition().name());
      reason.put("amount", each.amount());
      reason.put("words", each.words());
    }
  }
}
