package dev.dormouse.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.dormouse.room.SqlCursor;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// What a room may rely on of the rows of a statement (S4).
class SqlCursorsTest extends WithTable {
  @Test
  void S4_a_cursor_goes_forward_and_knows_its_columns() {
    withTable(() ->
        tables.turn(room -> {
          room.exec("INSERT INTO t VALUES (1, 'x'), (2, NULL)");
          SqlCursor cursor = room.exec("SELECT a, b AS name, 1.5 AS d FROM t ORDER BY a");
          assertThat(cursor.columnNames()).containsExactly("a", "name", "d");
          SqlCursor.Row row = cursor.next();
          assertThat(row.getLong("a")).isEqualTo(1);
          assertThat(row.getText("name")).isEqualTo("x");
          assertThat(row.getDouble(2)).isEqualTo(1.5);
          assertThat(row.getDouble("a")).isEqualTo(1.0);
          assertThat(cursor.next().isNull("name")).isTrue();
          assertThat(cursor.hasNext()).isFalse();
          assertThat(cursor.rowsRead()).isEqualTo(2);
          assertThatIllegalStateException().isThrownBy(() -> row.getLong("name"));
          assertThatIllegalArgumentException().isThrownBy(() -> row.get("nobody"));
          assertThat(room.exec("SELECT count(*) FROM t").one().getLong(0)).isEqualTo(2);
          assertThatIllegalStateException().isThrownBy(() -> room.exec("SELECT a FROM t").one());
          assertThat(room.exec("SELECT a FROM t WHERE a > 5").first()).isEmpty();
          assertThat(room.exec("SELECT a FROM t").toList()).hasSize(2);
          return "";
        }));
  }

  @Test
  void S4_a_long_cursor_is_read_in_pages_while_others_are_open() {
    withTable(() ->
        tables.turn(room -> {
          room.exec(
              "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n LIMIT 3000)"
                  + " INSERT INTO t SELECT x, x FROM n");
          SqlCursor all = room.exec("SELECT a FROM t ORDER BY a");
          SqlCursor back = room.exec("SELECT a FROM t ORDER BY a DESC");
          for (long i = 1; i <= 3000; i++) {
            assertThat(all.next().getLong(0)).isEqualTo(i);
            assertThat(back.next().getLong(0)).isEqualTo(3001 - i);
          }
          assertThat(all.hasNext()).isFalse();
          assertThat(all.rowsRead()).isEqualTo(3000);
          return "";
        }));
  }

  @Test
  void S4_a_cursor_closes_when_its_turn_ends() {
    withTable(() -> {
      AtomicReference<SqlCursor> kept = new AtomicReference<>();
      tables.turn(room -> {
        room.exec(
            "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n LIMIT 500)"
                + " INSERT INTO t SELECT x, x FROM n");
        kept.set(room.exec("SELECT a FROM t"));
        return "";
      });
      assertThat(
              tables.turn(_ -> {
                for (int i = 0; i < 64; i++) {
                  kept.get().next();
                }
                assertThatIllegalStateException().isThrownBy(() -> kept.get().hasNext());
                return "closed";
              }))
          .isEqualTo("closed");
    });
  }

  @Test
  void S4_a_cursor_may_be_closed_after_a_wait() {
    withTable(() ->
        assertThat(
                tables.turn(room -> {
                  room.exec(
                      "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n LIMIT 500)"
                          + " INSERT INTO t SELECT x, x FROM n");
                  SqlCursor cursor = room.exec("SELECT a FROM t");
                  try {
                    room.storage().sync();
                  } finally {
                    cursor.close();
                  }
                  return cursor.hasNext();
                }))
            .isEqualTo("false"));
  }
}
