package dev.dormouse.crash.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One saga as its owner's rows tell it.
///
/// @param definition its name and version, as `name/version`
/// @param dues when its alarms ring, by their names, as the row for readers has them
/// @param names of the steps that were ever asked of anybody, by index
record SagaBook(
    RoomRows owner,
    String id,
    String definition,
    String status,
    boolean paused,
    int revision,
    List<StepAt> steps,
    List<Line> lines,
    Map<Integer, String> names,
    List<Dead> dead,
    Map<String, Long> dues) {
  private static final String SAGAS = RoomRows.OURS + "saga/";
  private static final String DEAD = RoomRows.OURS + "dead/";

  /// How one step stands.
  record StepAt(int index, String act, int attempt, int order, String undo, int undoAttempt) {
    boolean underWay() {
      return act.equals("STARTED") || act.equals("BACKING_OFF");
    }

    boolean undoUnderWay() {
      return undo.equals("STARTED") || undo.equals("BACKING_OFF");
    }
  }

  /// One line of its log.
  record Line(int n, String transition, int step, String status) {}

  /// What was given up.
  record Dead(int step, String way, boolean open) {}

  boolean ended() {
    return status.equals("COMPLETED") || status.equals("COMPENSATED");
  }

  boolean parked() {
    return status.startsWith("PARKED");
  }

  /// The names of its alarms, without what they all begin with.
  List<String> alarms() {
    return owner.alarmsBelow(SAGAS + id + "/");
  }

  boolean hasAlarm(String name) {
    RoomRows.AlarmAt alarm = owner.alarms().get(SAGAS + id + "/" + name);
    return alarm != null && alarm.state() == 0;
  }

  static List<SagaBook> of(RoomRows room) {
    List<SagaBook> books = new ArrayList<>();
    for (String key : room.below(SAGAS)) {
      if (key.indexOf('/') < 0) {
        books.add(read(room, key));
      }
    }
    return books;
  }

  private static SagaBook read(RoomRows room, String id) {
    JsonNode head = json(room, SAGAS + id);
    List<StepAt> steps = new ArrayList<>();
    for (int i = 0; i < head.path("steps").asInt(); i++) {
      steps.add(step(room, id, i));
    }
    List<Line> lines = new ArrayList<>();
    String log = SAGAS + id + "/log/";
    for (String key : room.below(log)) {
      JsonNode line = json(room, log + key);
      lines.add(
          new Line(
              line.path("n").asInt(),
              line.path("transition").asText(),
              line.path("step").asInt(),
              line.path("status").asText()));
    }
    return new SagaBook(
        room,
        id,
        head.path("definition").asText() + "/" + head.path("version").asInt(),
        head.path("status").asText(),
        head.path("paused").asBoolean(),
        head.path("revision").asInt(),
        steps,
        lines,
        names(room, id),
        dead(room, id),
        dues(room, id));
  }

  private static Map<String, Long> dues(RoomRows room, String id) {
    Map<String, Long> dues = new TreeMap<>();
    String key = SAGAS + id + "/due";
    if (room.rows().containsKey(key)) {
      json(room, key)
          .properties()
          .forEach(field -> dues.put(field.getKey(), field.getValue().asLong()));
      dues.remove("v");
    }
    return dues;
  }

  /// When its alarms ring, by their names.
  Map<String, Long> alarmTimes() {
    Map<String, Long> times = new TreeMap<>();
    for (String name : alarms()) {
      RoomRows.AlarmAt alarm = owner.alarms().get(SAGAS + id + "/" + name);
      if (alarm != null) {
        times.put(name, alarm.due());
      }
    }
    return times;
  }

  /// What it must be found by.
  String mark() {
    return (ended() ? "ended/" : "open/") + status + "/" + definition + "/" + id;
  }

  private static StepAt step(RoomRows room, String id, int index) {
    String key = SAGAS + id + "/step/" + index;
    if (!room.rows().containsKey(key)) {
      return new StepAt(index, "PENDING", 0, 0, "NONE", 0);
    }
    JsonNode step = json(room, key);
    return new StepAt(
        index,
        step.path("act").asText(),
        step.path("attempt").asInt(),
        step.path("order").asInt(),
        step.path("undo").asText(),
        step.path("undoAttempt").asInt());
  }

  private static Map<Integer, String> names(RoomRows room, String id) {
    Map<Integer, String> names = new HashMap<>();
    String commands = SAGAS + id + "/do/";
    for (String key : room.below(commands)) {
      names.put(Integer.valueOf(key), json(room, commands + key).path("name").asText());
    }
    return names;
  }

  private static List<Dead> dead(RoomRows room, String id) {
    List<Dead> dead = new ArrayList<>();
    for (String key : room.below(DEAD + id + "/")) {
      JsonNode row = json(room, DEAD + id + "/" + key);
      dead.add(
          new Dead(
              row.path("step").asInt(),
              row.path("way").asText(),
              row.path("closedBy").asText().isEmpty()));
    }
    return dead;
  }

  private static JsonNode json(RoomRows room, String key) {
    byte[] bytes = room.rows().get(key);
    if (bytes == null) {
      throw new IllegalArgumentException(room + " has no row '" + key + "'");
    }
    return Rows.json(bytes);
  }

  @Override
  public String toString() {
    return "%s of %s, %s %s".formatted(id, owner, status, steps);
  }
}
