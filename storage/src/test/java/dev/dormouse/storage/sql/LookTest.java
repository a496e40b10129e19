package dev.dormouse.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.SqlFailure;
import dev.dormouse.room.SqlFailure.Kind;
import dev.dormouse.room.spi.SqlPage;
import dev.dormouse.room.spi.SqlTurn;
import dev.dormouse.storage.Sqlite;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteConnection;

/// Statements that only look (S4).
class LookTest extends WithSqlStore {
  private static SqlPage look(SqlTurn turn, String sql, int rows, long bytes) {
    return join(turn.look(1, sql, rows, bytes));
  }

  private static SqlFailure refused(SqlTurn turn, String sql) {
    Throwable thrown = catchThrowable(() -> look(turn, sql, 10, 1_000));
    assertThat(thrown).as(sql).isInstanceOf(SqlFailure.class);
    return (SqlFailure) thrown;
  }

  @Test
  void S4_rows_come_up_to_a_number_and_it_is_said_whether_these_are_all() {
    SqlTurn turn = store.sqlTurn(A);
    String three = "SELECT value AS v FROM json_each('[7,8,9]')";

    SqlPage all = look(turn, three, 3, 1_000);
    assertThat(all.columns()).containsExactly("v");
    assertThat(all.rows()).containsExactly(row(7L), row(8L), row(9L));
    assertThat(all.last()).isTrue();
    assertThat(all.changed()).isFalse();

    SqlPage some = look(turn, three, 2, 1_000);
    assertThat(some.rows()).containsExactly(row(7L), row(8L));
    assertThat(some.last()).isFalse();
    turn.end();
  }

  private static Object[] row(Object... values) {
    return values;
  }

  @Test
  void S4_rows_come_as_long_as_their_values_have_no_more_bytes_than_allowed() {
    SqlTurn turn = store.sqlTurn(A);
    String sql = "SELECT zeroblob(400) FROM json_each('[1,2,3]')";

    assertThat(look(turn, sql, 10, 1_200).last()).isTrue();
    assertThat(look(turn, sql, 10, 1_199).rows()).hasSize(2);
    SqlPage none = look(turn, sql, 10, 399);
    assertThat(none.rows()).isEmpty();
    assertThat(none.last()).isFalse();
    turn.end();
  }

  @Test
  void S4_a_look_sees_what_the_turn_did_and_the_turn_writes_on() {
    run(A, "CREATE TABLE t (a)");
    SqlTurn turn = store.sqlTurn(A);
    exec(turn, "INSERT INTO t VALUES (1)");
    assertThat(look(turn, "SELECT a FROM t", 10, 1_000).rows()).containsExactly(row(1L));
    exec(turn, "INSERT INTO t VALUES (2)");
    assertThat(refused(turn, "INSERT INTO t VALUES (3)").kind()).isEqualTo(Kind.NOT_ALLOWED);
    exec(turn, "INSERT INTO t VALUES (4)");
    join(commit(A, turn, "key"));
    assertThat(column(A, "SELECT a FROM t")).containsExactly(1L, 2L, 4L);
    assertThat(store.read(A, "key").join()).isPresent();
  }

  @Test
  void S4_cursors_of_the_turn_close() {
    SqlTurn turn = store.sqlTurn(A);
    SqlPage many = exec(turn, "SELECT value FROM json_each('[1%s]')".formatted(",1".repeat(99)));
    assertThat(many.last()).isFalse();
    look(turn, "SELECT 1", 1, 1_000);
    assertThatExceptionOfType(SqlFailure.class)
        .isThrownBy(() -> join(turn.more(many.cursor())))
        .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.WRONG));
    turn.end();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t VALUES (1)",
        "WITH n AS (SELECT 1) INSERT INTO t SELECT * FROM n",
        "DELETE FROM t",
        "DROP TABLE t",
        "CREATE TABLE u (a)",
        "PRAGMA query_only = OFF",
        "PRAGMA user_version",
        "ATTACH ':memory:' AS other",
        "VACUUM",
        "BEGIN",
        "SELECT 1; SELECT 2",
        "SELECT 1; DELETE FROM t",
        "SELECT * FROM _dormouse_entry",
        "",
      })
  void S4_what_does_more_than_look_is_not_run(String sql) {
    run(A, "CREATE TABLE t (a)");
    run(A, "INSERT INTO t VALUES ('before')");
    SqlTurn turn = store.sqlTurn(A);
    assertThat(refused(turn, sql).kind()).isEqualTo(Kind.NOT_ALLOWED);
    turn.end();
    assertThat(column(A, "SELECT a FROM t")).containsExactly("before");
  }

  @Test
  void S4_one_that_looks_for_ever_is_stopped() throws Exception {
    reopen(SqlSettings.defaults().withStatement(200_000, Duration.ofSeconds(5)));
    run(A, "CREATE TABLE t (a)");
    SqlTurn turn = store.sqlTurn(A);
    assertThat(
            refused(
                    turn,
                    "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n)"
                        + " SELECT count(*) FROM n")
                .kind())
        .isEqualTo(Kind.OVER_LIMIT);
    exec(turn, "INSERT INTO t VALUES (1)");
    join(commit(A, turn));
    assertThat(column(A, "SELECT a FROM t")).containsExactly(1L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t VALUES (2)",
        "UPDATE t SET a = 2",
        "DELETE FROM t",
        "DROP TABLE t",
        "CREATE TABLE u (a)",
      })
  void S4_SQLite_itself_refuses_to_write_whatever_was_thought_of_the_statement(
      String sql, @TempDir Path other) throws Exception {
    try (SQLiteConnection connection =
        Sqlite.connect(other.resolve("r.db")).unwrap(SQLiteConnection.class)) {
      RoomFile.execute(connection, "CREATE TABLE t (a)");
      RoomFile.execute(connection, "INSERT INTO t VALUES (1)");
      RoomFile.execute(connection, "BEGIN IMMEDIATE");
      assertThatExceptionOfType(SqlFailure.class)
          .isThrownBy(() -> ReadOnly.during(connection, () -> executed(connection, sql)))
          .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.NOT_ALLOWED));
      RoomFile.execute(connection, "INSERT INTO t VALUES (3)");
      RoomFile.execute(connection, "COMMIT");
      try (var statement = connection.createStatement();
          var row = statement.executeQuery("SELECT group_concat(a) FROM t")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getString(1)).isEqualTo("1,3");
      }
    }
  }

  private static String executed(SQLiteConnection connection, String sql) throws SQLException {
    RoomFile.execute(connection, sql);
    return sql;
  }
}
