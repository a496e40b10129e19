package dev.dormouse.saga.engine;

import dev.dormouse.saga.SagaStatus;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A saga's own row as bytes, and the rows of older lines of its log. Formats as in [RowCodec];
/// what is 0, false or empty is left out of the saga's row.
public final class SheetCodec {
  private static final String DUE = "due/";
  private static final String LOG = "log/";
  private static final String STEP = "step/";

  private SheetCodec() {}

  public static byte[] sheet(Sheet sheet) {
    SagaRow row = sheet.saga();
    FlatJson json =
        RowCodec.begin()
            .put("id", row.id())
            .put("definition", row.definition())
            .put("version", row.version())
            .put("status", row.state().status().name());
    number(json, "place", place(row.state()));
    if (row.paused()) {
      json.put("paused", true);
    }
    number(json, "deadline", row.deadline());
    if (!row.cause().isEmpty()) {
      json.put("cause", row.cause());
    }
    json.put("revision", row.revision());
    number(json, "automatic", row.automatic());
    json.put("started", row.started());
    number(json, "ended", row.ended());
    json.put("steps", row.steps().size());
    for (StepRow step : row.steps()) {
      if (!step.equals(StepRow.pending(step.index()))) {
        json.put(STEP + step.index(), step(step));
      }
    }
    sheet.dues().forEach((alarm, due) -> json.put(DUE + alarm.word(), due));
    String prefix = RowKeys.prefix(row.id());
    sheet
        .small()
        .forEach((key, value) ->
            json.put(key.substring(prefix.length()), Base64.getEncoder().encodeToString(value)));
    sheet.lines().forEach(line -> json.put(LOG + line.n(), line(line)));
    return json.bytes();
  }

  private static void number(FlatJson json, String name, long number) {
    if (number != 0) {
      json.put(name, number);
    }
  }

  private static int place(SagaState state) {
    return switch (state) {
      case SagaState.Running running -> running.stage();
      case SagaState.ParkedForward parked -> parked.stage();
      case SagaState.ParkedBackward parked -> parked.step();
      case SagaState.NotStarted _,
          SagaState.Compensating _,
          SagaState.Completed _,
          SagaState.Compensated _ ->
          0;
    };
  }

  private static SagaState state(SagaStatus status, int place) {
    return switch (status) {
      case RUNNING -> new SagaState.Running(place);
      case COMPENSATING -> new SagaState.Compensating();
      case COMPLETED -> new SagaState.Completed();
      case COMPENSATED -> new SagaState.Compensated();
      case PARKED_FORWARD -> new SagaState.ParkedForward(place);
      case PARKED_BACKWARD -> new SagaState.ParkedBackward(place);
    };
  }

  /// `act attempt round order undo undoAttempt`.
  private static String step(StepRow row) {
    return row.act().name()
        + ' '
        + row.attempt()
        + ' '
        + row.round()
        + ' '
        + row.order()
        + ' '
        + row.undo().name()
        + ' '
        + row.undoAttempt();
  }

  private static StepRow step(int index, String text) {
    String[] words = text.split(" ", -1);
    if (words.length != 6) {
      throw new IllegalArgumentException("a step of a saga is damaged: '" + text + "'");
    }
    return new StepRow(
        index,
        StepRow.Act.valueOf(words[0]),
        Integer.parseInt(words[1]),
        Integer.parseInt(words[2]),
        Integer.parseInt(words[3]),
        StepRow.Undo.valueOf(words[4]),
        Integer.parseInt(words[5]));
  }

  /// `at transition step status detail`.
  private static String line(LogLine line) {
    return line.at()
        + " "
        + line.transition()
        + ' '
        + line.step()
        + ' '
        + line.status().name()
        + ' '
        + line.detail();
  }

  private static LogLine line(int n, String text) {
    String[] words = text.split(" ", 5);
    if (words.length != 5) {
      throw new IllegalArgumentException("a line of a saga's log is damaged: '" + text + "'");
    }
    return new LogLine(
        n,
        Long.parseLong(words[0]),
        Transition.of(words[1]),
        Integer.parseInt(words[2]),
        words[4],
        SagaStatus.valueOf(words[3]));
  }

  /// Reads [#sheet(Sheet)].
  ///
  /// @throws IllegalArgumentException if it is damaged or of a later format; likewise the others
  public static Sheet sheet(byte[] bytes) {
    FlatJson json = RowCodec.open(bytes);
    String id = json.text("id");
    Map<AlarmRef, Long> dues = new LinkedHashMap<>();
    Map<String, byte[]> small = new HashMap<>();
    for (String name : json.names()) {
      if (name.startsWith(DUE)) {
        String word = name.substring(DUE.length());
        dues.put(AlarmRef.parse(AlarmRef.PREFIX + id + "/" + word), json.number(name));
      } else if (name.equals("input") || name.startsWith("result/")) {
        small.put(RowKeys.prefix(id) + name, Base64.getDecoder().decode(json.text(name)));
      }
    }
    return new Sheet(saga(json, id), dues, lines(json), small);
  }

  private static SagaRow saga(FlatJson json, String id) {
    List<StepRow> steps = new ArrayList<>();
    for (int i = 0; i < json.count("steps"); i++) {
      String name = STEP + i;
      steps.add(json.has(name) ? step(i, json.text(name)) : StepRow.pending(i));
    }
    return new SagaRow(
        id,
        json.text("definition"),
        json.count("version"),
        state(SagaStatus.valueOf(json.text("status")), (int) json.number("place", 0)),
        json.has("paused") && json.truth("paused"),
        json.number("deadline", 0),
        json.has("cause") ? json.text("cause") : "",
        json.count("revision"),
        (int) json.number("automatic", 0),
        json.number("started"),
        json.number("ended", 0),
        steps);
  }

  /// Only where the saga stands: its state, definition and times, of no step.
  public static SagaRow head(byte[] bytes) {
    return sheet(bytes).saga();
  }

  /// Whether the saga of such a row has ended.
  public static boolean hasEnded(byte[] bytes) {
    return SagaStatus.valueOf(RowCodec.open(bytes).text("status")).ended();
  }

  /// A full block of a log.
  static byte[] block(List<LogLine> lines) {
    FlatJson json = RowCodec.begin();
    lines.forEach(line -> json.put(LOG + line.n(), line(line)));
    return json.bytes();
  }

  /// The lines in a block, or in a saga's own row, in order.
  public static List<LogLine> lines(byte[] bytes) {
    return lines(RowCodec.open(bytes));
  }

  private static List<LogLine> lines(FlatJson json) {
    List<LogLine> lines = new ArrayList<>();
    for (String name : json.names()) {
      if (name.startsWith(LOG)) {
        lines.add(line(Integer.parseInt(name.substring(LOG.length())), json.text(name)));
      }
    }
    return lines;
  }
}
