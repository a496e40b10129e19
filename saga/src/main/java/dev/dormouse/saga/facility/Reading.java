package dev.dormouse.saga.facility;

import dev.dormouse.room.Storage;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.SagaView;
import dev.dormouse.saga.SagaView.AlarmView;
import dev.dormouse.saga.SagaView.Dead;
import dev.dormouse.saga.SagaView.Line;
import dev.dormouse.saga.SagaView.StepView;
import dev.dormouse.saga.Target;
import dev.dormouse.saga.engine.AlarmRef;
import dev.dormouse.saga.engine.Definitions;
import dev.dormouse.saga.engine.LogLine;
import dev.dormouse.saga.engine.MessageCodec;
import dev.dormouse.saga.engine.RowCodec;
import dev.dormouse.saga.engine.RowKeys;
import dev.dormouse.saga.engine.SagaRow;
import dev.dormouse.saga.engine.Sheet;
import dev.dormouse.saga.engine.SheetCodec;
import dev.dormouse.saga.engine.StepRow;
import dev.dormouse.saga.engine.Transition;
import dev.dormouse.saga.engine.Way;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes a view of a saga from its rows, wherever they are read.
final class Reading {
  /// How many lines of a log are shown.
  private static final int LINES = 1_000;

  /// Blocks of lines whose first numbers differ in their last two digits only are listed together.
  private static final int BLOCK = 100;

  /// Lists rows: those of a turn, or durable ones.
  interface Rows {
    CompletableFuture<List<Storage.Entry>> list(String prefix, int limit);
  }

  private final Definitions definitions;
  private final Rows rows;
  private final String id;

  Reading(Definitions definitions, Rows rows, String id) {
    RowKeys.check(id);
    this.definitions = definitions;
    this.rows = rows;
    this.id = id;
  }

  /// @return empty if there is no such saga
  CompletableFuture<Optional<SagaView>> view() {
    // The shortest key below a prefix is the first.
    return rows.list(RowKeys.head(id), 1)
        .thenCompose(first -> {
          if (first.isEmpty() || !first.getFirst().key().equals(RowKeys.head(id))) {
            return CompletableFuture.completedFuture(Optional.empty());
          }
          Sheet sheet = SheetCodec.sheet(first.getFirst().value());
          return gathered(sheet.saga()).thenApply(all -> Optional.of(view(sheet, all)));
        });
  }

  private CompletableFuture<Map<String, byte[]>> gathered(SagaRow head) {
    int steps = head.steps().size();
    List<CompletableFuture<List<Storage.Entry>>> parts = new ArrayList<>();
    for (String part : List.of("do/", "input", "result/", "undo/")) {
      parts.add(rows.list(RowKeys.prefix(id) + part, Math.max(1, steps)));
    }
    parts.add(rows.list(RowKeys.DEAD + id + "/", Math.max(1, 2 * steps)));
    int last = head.revision() / BLOCK;
    for (int block = Math.max(0, last - LINES / BLOCK); block <= last; block++) {
      String key = RowKeys.log(id, block * BLOCK);
      parts.add(rows.list(key.substring(0, key.length() - 2), BLOCK));
    }
    CompletionStage<Void> all = CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
    return all.thenApply(
            _ -> {
              Map<String, byte[]> found = new TreeMap<>();
              parts.forEach(part -> part.join().forEach(row -> found.put(row.key(), row.value())));
              return found;
            })
        .toCompletableFuture();
  }

  private SagaView view(Sheet sheet, Map<String, byte[]> all) {
    SagaRow head = sheet.saga();
    sheet.small().forEach(all::putIfAbsent);
    List<LogLine> lines = lines(sheet, all);
    List<LogLine> shown = lines.subList(Math.max(0, lines.size() - LINES), lines.size());
    byte[] input = all.get(RowKeys.input(id));
    return new SagaView(
        id,
        head.definition(),
        head.version(),
        definitions.find(head.definition(), head.version()).isPresent(),
        head.state().status(),
        head.paused(),
        head.cause(),
        Instant.ofEpochMilli(head.started()),
        Instant.ofEpochMilli(shown.isEmpty() ? head.started() : shown.getLast().at()),
        time(head.ended()),
        time(head.deadline()),
        input == null ? 0 : input.length,
        steps(head, all, lines),
        alarms(sheet),
        shown.stream().map(line -> line(head, line)).toList(),
        head.revision() - shown.size(),
        dead(head, all));
  }

  /// The blocks that were full, and what is not in one yet. A room that is awake may have filled
  /// another one since its saga's row was read.
  private List<LogLine> lines(Sheet sheet, Map<String, byte[]> all) {
    String prefix = RowKeys.prefix(id) + "log/";
    int open = sheet.lines().isEmpty() ? Integer.MAX_VALUE : sheet.lines().getFirst().n();
    Stream<LogLine> full =
        all.entrySet().stream()
            .filter(row -> row.getKey().startsWith(prefix))
            .flatMap(row -> SheetCodec.lines(row.getValue()).stream())
            .filter(line -> line.n() < open);
    return Stream.concat(full, sheet.lines().stream()).toList();
  }

  private List<StepView> steps(SagaRow head, Map<String, byte[]> all, List<LogLine> lines) {
    List<StepView> views = new ArrayList<>();
    for (StepRow row : head.steps()) {
      int i = row.index();
      byte[] result = all.get(RowKeys.result(id, i));
      views.add(
          new StepView(
              i,
              name(head, i),
              row.act().name(),
              row.attempt(),
              row.undo().name(),
              row.undoAttempt(),
              target(all, i),
              result == null ? 0 : result.length,
              error(lines, i)));
    }
    return views;
  }

  private String target(Map<String, byte[]> all, int step) {
    return Stream.of(Way.UNDO, Way.DO)
        .map(way -> all.get(RowKeys.command(id, way, step)))
        .filter(java.util.Objects::nonNull)
        .findFirst()
        .map(bytes -> text(MessageCodec.command(bytes).target()))
        .orElse("");
  }

  private static String text(Target target) {
    return switch (target) {
      case Target.Named(String namespace, String room) -> namespace + "/" + room;
      case Target.ById(var room) -> room.toString();
      case Target.Service(String name) -> name;
    };
  }

  /// The last line that tells of something going wrong with a step.
  private static String error(List<LogLine> lines, int step) {
    for (LogLine line : lines.reversed()) {
      if (line.step() == step && isTrouble(line)) {
        return line.detail();
      }
    }
    return "";
  }

  private static boolean isTrouble(LogLine line) {
    return switch (line.transition()) {
      case T5, T9 -> line.detail().contains("failed");
      case T4 -> line.status() != SagaStatus.RUNNING;
      case T6, T7, T10 -> true;
      case T1, T1_AGAIN, T2, T3, T8, T11, T12, T13, T14 -> false;
    };
  }

  private List<AlarmView> alarms(Sheet sheet) {
    List<AlarmView> views = new ArrayList<>();
    sheet
        .dues()
        .forEach((alarm, due) -> {
          boolean ofStep = alarm.kind() == AlarmRef.Kind.DO || alarm.kind() == AlarmRef.Kind.UNDO;
          views.add(
              new AlarmView(
                  alarm.kind().name().toLowerCase(Locale.ROOT),
                  ofStep ? name(sheet.saga(), alarm.step()) : "",
                  Instant.ofEpochMilli(due)));
        });
    views.sort(Comparator.comparing(AlarmView::due));
    return List.copyOf(views);
  }

  private List<Dead> dead(SagaRow head, Map<String, byte[]> all) {
    return all.entrySet().stream()
        .filter(row -> row.getKey().startsWith(RowKeys.DEAD))
        .map(row -> RowCodec.dead(row.getValue()))
        .map(row ->
            new Dead(
                name(head, row.step()),
                row.way().word(),
                row.reason(),
                Instant.ofEpochMilli(row.at()),
                Instant.ofEpochMilli(row.reviewAt()),
                row.closedBy(),
                row.note()))
        .toList();
  }

  private Line line(SagaRow head, LogLine line) {
    Transition transition = line.transition();
    return new Line(
        line.n(),
        Instant.ofEpochMilli(line.at()),
        transition.toString(),
        transition.meaning(),
        line.step() < 0 ? "" : name(head, line.step()),
        line.detail(),
        line.status());
  }

  private String name(SagaRow head, int step) {
    return definitions
        .step(head.definition(), head.version(), step)
        .orElseGet(() -> Integer.toString(step));
  }

  private static @Nullable Instant time(long millis) {
    return millis == 0 ? null : Instant.ofEpochMilli(millis);
  }
}
