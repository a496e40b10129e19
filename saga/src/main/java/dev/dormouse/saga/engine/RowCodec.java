package dev.dormouse.saga.engine;

import dev.dormouse.saga.SagaStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Rows of the saga itself as bytes. Field names are stable; `v` is the number of their format, and
/// a row of a later one is refused instead of misread.
public final class RowCodec {
  private static final int FORMAT = 1;

  private RowCodec() {}

  static FlatJson begin() {
    return new FlatJson().put("v", FORMAT);
  }

  static FlatJson open(byte[] bytes) {
    FlatJson json = FlatJson.parse(bytes);
    if (json.number("v") != FORMAT) {
      throw new IllegalArgumentException(
          "a saga's row has format " + json.number("v") + ", and only " + FORMAT + " is known");
    }
    return json;
  }

  /// The head row; the steps are rows of their own.
  public static byte[] head(SagaRow row) {
    int place =
        switch (row.state()) {
          case SagaState.Running running -> running.stage();
          case SagaState.ParkedForward parked -> parked.stage();
          case SagaState.ParkedBackward parked -> parked.step();
          case SagaState.NotStarted _,
              SagaState.Compensating _,
              SagaState.Completed _,
              SagaState.Compensated _ ->
              0;
        };
    return begin()
        .put("id", row.id())
        .put("definition", row.definition())
        .put("version", row.version())
        .put("status", row.state().status().name())
        .put("place", place)
        .put("paused", row.paused())
        .put("deadline", row.deadline())
        .put("cause", row.cause())
        .put("revision", row.revision())
        .put("automatic", row.automatic())
        .put("started", row.started())
        .put("ended", row.ended())
        .put("steps", row.steps().size())
        .bytes();
  }

  /// Reads a head row, without its steps.
  ///
  /// @throws IllegalArgumentException if it is damaged or of a later format; likewise the others
  public static SagaRow head(byte[] bytes) {
    FlatJson json = open(bytes);
    int place = json.count("place");
    SagaState state =
        switch (SagaStatus.valueOf(json.text("status"))) {
          case RUNNING -> new SagaState.Running(place);
          case COMPENSATING -> new SagaState.Compensating();
          case COMPLETED -> new SagaState.Completed();
          case COMPENSATED -> new SagaState.Compensated();
          case PARKED_FORWARD -> new SagaState.ParkedForward(place);
          case PARKED_BACKWARD -> new SagaState.ParkedBackward(place);
        };
    List<StepRow> pending = new ArrayList<>();
    for (int i = 0; i < json.count("steps"); i++) {
      pending.add(StepRow.pending(i));
    }
    return new SagaRow(
        json.text("id"),
        json.text("definition"),
        json.count("version"),
        state,
        json.truth("paused"),
        json.number("deadline"),
        json.text("cause"),
        json.count("revision"),
        json.count("automatic"),
        json.number("started"),
        json.number("ended"),
        pending);
  }

  public static byte[] step(StepRow row) {
    return begin()
        .put("index", row.index())
        .put("act", row.act().name())
        .put("attempt", row.attempt())
        .put("round", row.round())
        .put("order", row.order())
        .put("undo", row.undo().name())
        .put("undoAttempt", row.undoAttempt())
        .bytes();
  }

  public static StepRow step(byte[] bytes) {
    FlatJson json = open(bytes);
    return new StepRow(
        json.count("index"),
        StepRow.Act.valueOf(json.text("act")),
        json.count("attempt"),
        json.count("round"),
        json.count("order"),
        StepRow.Undo.valueOf(json.text("undo")),
        json.count("undoAttempt"));
  }

  /// When the alarms of one saga ring, in milliseconds since 1970 UTC.
  public static byte[] dues(Map<AlarmRef, Long> dues) {
    FlatJson json = begin();
    dues.forEach((alarm, due) -> json.put(alarm.word(), due));
    return json.bytes();
  }

  public static Map<AlarmRef, Long> dues(String saga, byte[] bytes) {
    FlatJson json = open(bytes);
    Map<AlarmRef, Long> dues = new LinkedHashMap<>();
    for (String name : json.names()) {
      if (!name.equals("v")) {
        dues.put(AlarmRef.parse(AlarmRef.PREFIX + saga + "/" + name), json.number(name));
      }
    }
    return dues;
  }

  /// What the node-wide index says of a saga.
  ///
  /// @param started milliseconds since 1970 UTC; likewise `changed`
  /// @param cause cut to 200 characters
  public record Note(long started, long changed, boolean paused, String cause) {}

  /// Begins with the start, which has thirteen digits from 2001 to 2286: so notes sort by it, byte
  /// by byte, and the least of many tells when the oldest saga was started.
  public static byte[] note(SagaRow row, long changed) {
    String cause = row.cause();
    return begin()
        .put("startedAt", row.started())
        .put("changedAt", changed)
        .put("paused", row.paused())
        .put("cause", cause.substring(0, Math.min(cause.length(), 200)))
        .bytes();
  }

  public static Note note(byte[] bytes) {
    FlatJson json = open(bytes);
    return new Note(
        json.number("startedAt"),
        json.number("changedAt"),
        json.truth("paused"),
        json.text("cause"));
  }

  public static byte[] log(LogLine line) {
    return begin()
        .put("n", line.n())
        .put("at", line.at())
        .put("transition", line.transition().toString())
        .put("step", line.step())
        .put("detail", line.detail())
        .put("status", line.status().name())
        .bytes();
  }

  public static LogLine log(byte[] bytes) {
    FlatJson json = open(bytes);
    return new LogLine(
        json.count("n"),
        json.number("at"),
        Transition.of(json.text("transition")),
        json.count("step"),
        json.text("detail"),
        SagaStatus.valueOf(json.text("status")));
  }

  public static byte[] dead(DeadRow row) {
    return begin()
        .put("saga", row.saga())
        .put("step", row.step())
        .put("way", row.way().word())
        .put("reason", row.reason())
        .put("at", row.at())
        .put("reviewAt", row.reviewAt())
        .put("closedBy", row.closedBy())
        .put("note", row.note())
        .bytes();
  }

  public static DeadRow dead(byte[] bytes) {
    FlatJson json = open(bytes);
    return new DeadRow(
        json.text("saga"),
        json.count("step"),
        Way.of(json.text("way")),
        json.text("reason"),
        json.number("at"),
        json.number("reviewAt"),
        json.text("closedBy"),
        json.text("note"));
  }
}
