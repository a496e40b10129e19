package dev.dormouse.crash.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One saga as its owner's rows tell it.
///
/// @param definition its name and version, as `name/version`
/// @param dues when what it waits for is due, by name, in ms since 1970 UTC
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

  /// Its alarm, which rings for the first of all that it waits for; null if none is set.
  RoomRows.@Nullable AlarmAt alarm() {
    return owner.alarms().get(SAGAS + id);
  }

  /// Whether it waits for something of this name, and will be woken.
  boolean hasAlarm(String name) {
    RoomRows.AlarmAt alarm = alarm();
    return dues.containsKey(name) && alarm != null && alarm.state() == 0;
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
      steps.add(step(head, i));
    }
    List<Line> lines = new ArrayList<>();
    String log = SAGAS + id + "/log/";
    room.below(log).forEach(key -> lines(json(room, log + key), lines));
    lines(head, lines);
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
        dues(head));
  }

  private static void lines(JsonNode row, List<Line> lines) {
    row.properties()
        .forEach(field -> {
          if (field.getKey().startsWith("log/")) {
            String[] words = field.getValue().asText().split(" ", 5);
            lines.add(
                new Line(
                    Integer.parseInt(field.getKey().substring("log/".length())),
                    words[1],
                    Integer.parseInt(words[2]),
                    words[3]));
          }
        });
  }

  private static Map<String, Long> dues(JsonNode head) {
    Map<String, Long> dues = new TreeMap<>();
    head.properties()
        .forEach(field -> {
          if (field.getKey().startsWith("due/")) {
            dues.put(field.getKey().substring("due/".length()), field.getValue().asLong());
          }
        });
    return dues;
  }

  /// What it must be found by.
  String mark() {
    return (ended() ? "ended/" : "open/") + status + "/" + definition + "/" + id;
  }

  private static StepAt step(JsonNode head, int index) {
    JsonNode step = head.path("step/" + index);
    if (step.isMissingNode()) {
      return new StepAt(index, "PENDING", 0, 0, "NONE", 0);
    }
    String[] words = step.asText().split(" ", -1);
    return new StepAt(
        index,
        words[0],
        Integer.parseInt(words[1]),
        Integer.parseInt(words[3]),
        words[4],
        Integer.parseInt(words[5]));
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
