package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.RoomId;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaView;
import dev.dormouse.server.admin.SagaLine;
import dev.dormouse.server.admin.SagaOffice;
import dev.dormouse.server.admin.Verbs;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sagas as JSON. `docs/admin.md` describes it.
final class AdminSagaJson {
  private AdminSagaJson() {}

  static ObjectNode page(SagaOffice.Page page) {
    ObjectNode json = Problem.JSON.createObjectNode();
    ArrayNode sagas = json.putArray("sagas");
    page.sagas().forEach(saga -> line(sagas.addObject(), saga));
    json.put("scanned", page.scanned());
    page.next().ifPresent(next -> json.put("next", next));
    return json;
  }

  static void line(ObjectNode json, SagaLine saga) {
    json.put("saga", saga.saga());
    AdminJson.identity(json.putObject("room"), saga.owner());
    json.put("definition", saga.definition());
    json.put("version", saga.version());
    json.put("status", saga.status().name());
    json.put("paused", saga.paused());
    text(json, "cause", saga.cause());
    time(json, "started", saga.started());
    time(json, "changed", saga.changed());
  }

  /// @param definition what it runs on; empty if the process does not have it
  static ObjectNode view(RoomId room, SagaView saga, Optional<Saga<?>> definition) {
    ObjectNode json = Problem.JSON.createObjectNode();
    json.put("saga", saga.id());
    AdminJson.identity(json.putObject("room"), room);
    json.put("definition", saga.definition());
    json.put("version", saga.version());
    json.put("defined", definition.isPresent());
    json.put("status", saga.status().name());
    json.put("paused", saga.paused());
    text(json, "cause", saga.cause());
    time(json, "started", saga.started());
    time(json, "changed", saga.changed());
    time(json, "ended", saga.ended());
    time(json, "deadline", saga.deadline());
    json.put("inputBytes", saga.inputBytes());
    possible(json.putArray("possible"), saga, definition);
    AdminStepJson.all(json.putArray("steps"), saga, definition);
    ArrayNode alarms = json.putArray("alarms");
    saga.alarms().forEach(alarm -> alarm(alarms.addObject(), alarm));
    ArrayNode dead = json.putArray("dead");
    saga.dead().forEach(each -> dead(dead.addObject(), each));
    json.put("earlier", saga.earlier());
    ArrayNode timeline = json.putArray("timeline");
    saga.timeline().forEach(line -> line(timeline.addObject(), line));
    return json;
  }

  private static void possible(ArrayNode array, SagaView saga, Optional<Saga<?>> definition) {
    for (Verbs.Possible each : Verbs.of(saga, definition)) {
      ObjectNode possible = array.addObject();
      possible.put("verb", each.verb().word());
      each.step().ifPresent(step -> possible.put("step", step));
      each.applied().ifPresent(applied -> possible.put("applied", applied));
    }
  }

  private static void alarm(ObjectNode json, SagaView.AlarmView alarm) {
    json.put("what", alarm.what());
    text(json, "step", alarm.step());
    time(json, "due", alarm.due());
  }

  private static void line(ObjectNode json, SagaView.Line line) {
    json.put("n", line.n());
    time(json, "at", line.at());
    json.put("transition", line.transition());
    json.put("meaning", line.meaning());
    text(json, "step", line.step());
    text(json, "detail", line.detail());
    json.put("status", line.status().name());
  }

  private static void dead(ObjectNode json, SagaView.Dead dead) {
    json.put("step", dead.step());
    json.put("way", dead.way());
    json.put("reason", dead.reason());
    time(json, "at", dead.at());
    if (dead.open()) {
      time(json, "reviewAt", dead.reviewAt());
    } else {
      json.put("closedBy", dead.closedBy());
      json.put("note", dead.note());
    }
  }

  /// A text, left out if it is empty.
  static void text(ObjectNode json, String name, String text) {
    if (!text.isEmpty()) {
      json.put(name, text);
    }
  }

  /// A time, left out if there is none.
  static void time(ObjectNode json, String name, @Nullable Instant time) {
    if (time != null) {
      json.put(name, time.toString());
    }
  }
}
