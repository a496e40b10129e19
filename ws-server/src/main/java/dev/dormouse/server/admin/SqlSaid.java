package dev.dormouse.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.SqlCursor;
import dev.dormouse.room.SqlFailure;
import dev.dormouse.room.SqlStorage;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.room.spi.SqlPage;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a room's database says to an operator's statement, as JSON: `columns`, `rows`, `rowsRead`,
/// `rowsWritten`, `millis` and whether it is `truncated`; or how it was `refused`, which is a
/// [SqlFailure.Kind], and why. `docs/admin.md` has the format.
///
/// A refusal is no exception here: that would end the room's incarnation.
final class SqlSaid {
  /// How many rows are told at most.
  static final int ROWS = 200;

  /// How much their values have at most, in bytes.
  static final long BYTES = 1 << 20;

  /// Up to here whole numbers are exact in all programs that read JSON.
  private static final long EXACT = 1L << 53;

  private SqlSaid() {}

  /// Runs a statement in the turn at hand.
  static String by(FacilityRoom room, String statement, boolean write) {
    Instant began = room.clock().instant();
    ObjectNode said;
    try {
      said =
          write
              // So that whatever fails on the way has changed nothing.
              ? room.transaction(() -> written(room, statement))
              : read(room.look(statement, ROWS, BYTES));
    } catch (SqlFailure failure) {
      return RowsJson.object()
          .put("refused", failure.kind().name())
          .put("message", String.valueOf(failure.getMessage()))
          .toString();
    }
    if (write) {
      room.beginAnew("an operator has changed its tables");
    }
    long millis = Duration.between(began, room.clock().instant()).toMillis();
    return said.put("millis", Math.max(0, millis)).toString();
  }

  private static ObjectNode read(SqlPage page) {
    ObjectNode json = columns(page.columns());
    ArrayNode rows = json.putArray("rows");
    page.rows().forEach(row -> put(rows.addArray(), Arrays.asList(row)));
    return json.put("rowsRead", rows.size()).put("rowsWritten", 0).put("truncated", !page.last());
  }

  private static ObjectNode written(FacilityRoom room, String statement) {
    SqlStorage sql = room.context().storage().sql();
    long before = changes(sql);
    SqlCursor cursor = sql.exec(statement);
    ObjectNode json = columns(cursor.columnNames());
    ArrayNode rows = json.putArray("rows");
    boolean truncated = false;
    long bytes = 0;
    for (var all = cursor.raw(); !truncated && all.hasNext(); ) {
      List<@Nullable Object> row = all.next();
      bytes += row.stream().mapToLong(SqlSaid::bytes).sum();
      truncated = rows.size() == ROWS || bytes > BYTES;
      if (!truncated) {
        put(rows.addArray(), row);
      }
    }
    // SQLite counts at a statement's end; all its changes are made before its first row comes.
    cursor.close();
    return json.put("rowsRead", rows.size())
        .put("rowsWritten", changes(sql) - before)
        .put("truncated", truncated);
  }

  private static long changes(SqlStorage sql) {
    return sql.query("SELECT total_changes()").one().getLong(0);
  }

  private static ObjectNode columns(List<String> names) {
    ObjectNode json = RowsJson.object();
    ArrayNode columns = json.putArray("columns");
    names.forEach(columns::add);
    return json;
  }

  private static long bytes(@Nullable Object value) {
    return switch (value) {
      case String text -> text.length() * 2L;
      case byte[] blob -> blob.length;
      case null, default -> 16;
    };
  }

  private static void put(ArrayNode row, List<@Nullable Object> values) {
    for (Object value : values) {
      switch (value) {
        case null -> row.addNull();
        case Long number when Math.abs(number) <= EXACT && number != Long.MIN_VALUE ->
            row.add(number);
        case Long number -> row.addObject().put("integer", number.toString());
        case Double number when Double.isFinite(number) -> row.add(number);
        case Double number -> row.addObject().put("real", number.toString());
        case byte[] blob -> row.addObject().put("base64", Base64.getEncoder().encodeToString(blob));
        default -> row.add(value.toString());
      }
    }
  }
}
