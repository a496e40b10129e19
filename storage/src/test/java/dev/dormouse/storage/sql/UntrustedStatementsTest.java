package dev.dormouse.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.SqlFailure;
import dev.dormouse.room.SqlFailure.Kind;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.CommitFailure.Reason;
import dev.dormouse.room.spi.SqlPage;
import dev.dormouse.room.spi.SqlTurn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What statements that are not trusted cannot do, on a store (S4); [CheckedTest] has what is not
/// even tried.
class UntrustedStatementsTest extends WithSqlStore {

  @Test
  void S2_a_write_that_returns_rows_has_changed_something() {
    run(A, "CREATE TABLE t (a INTEGER)");
    run(A, "INSERT INTO t VALUES (1)");
    SqlTurn turn = store.sqlTurn(A);
    SqlPage one = exec(turn, "UPDATE t SET a = a + 1 RETURNING a");
    assertThat(one.changed()).isTrue();
    assertThat(one.rowsWritten()).isEqualTo(1);
    assertThat(exec(turn, "UPDATE t SET a = 9 WHERE a = 77 RETURNING a").changed()).isFalse();
    SqlPage many =
        exec(
            turn,
            "INSERT INTO t SELECT value FROM json_each('[%s]') RETURNING a"
                .formatted("1" + ",1".repeat(199)));
    assertThat(many.last()).isFalse();
    assertThat(many.changed()).isTrue();
    turn.end();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM"
            + " n",
        "SELECT count(*) FROM t a, t b, t c, t d, t e",
        "SELECT a FROM t WHERE (SELECT count(*) FROM t a, t b, t c, t d) < 0",
      })
  void S4_one_that_reads_for_ever_is_stopped_and_the_turn_goes_on(String sql) throws Exception {
    reopen(SqlSettings.defaults().withStatement(200_000, Duration.ofSeconds(5)));
    run(
        A,
        "CREATE TABLE t AS SELECT value AS a FROM"
            + " json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30]')");
    SqlTurn turn = store.sqlTurn(A);
    exec(turn, "INSERT INTO t VALUES (99)");

    assertThat(failure(turn, sql).kind()).isEqualTo(Kind.OVER_LIMIT);
    exec(turn, "INSERT INTO t VALUES (100)");
    join(commit(A, turn));
    assertThat(column(A, "SELECT a FROM t WHERE a > 50")).containsExactly(99L, 100L);
  }

  @Test
  void S4_one_that_takes_too_long_is_stopped() throws Exception {
    reopen(SqlSettings.defaults().withStatement(Long.MAX_VALUE / 2, Duration.ofMillis(20)));
    SqlTurn turn = store.sqlTurn(A);

    assertThat(
            failure(
                    turn,
                    "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n) SELECT"
                        + " count(*) FROM n")
                .kind())
        .isEqualTo(Kind.OVER_LIMIT);
    turn.abandon();
  }

  @Test
  void S4_one_that_is_stopped_while_it_writes_ends_its_turn_and_no_other() throws Exception {
    reopen(SqlSettings.defaults().withStatement(200_000, Duration.ofSeconds(5)));
    run(A, "CREATE TABLE t (a)");
    run(A, "INSERT INTO t VALUES ('before')");
    SqlTurn turn = store.sqlTurn(A);
    exec(turn, "INSERT INTO t VALUES ('same turn')");
    assertThat(
            failure(
                    turn,
                    "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n) INSERT"
                        + " INTO t SELECT x FROM n")
                .kind())
        .isEqualTo(Kind.TURN_UNDONE);
    assertThat(failure(turn, "SELECT 1").kind()).isEqualTo(Kind.TURN_UNDONE);

    CommitFailure failure = failed(commit(A, turn, "key"));
    assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
    assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
    sequences.merge(A, -1L, Long::sum);
    assertThat(column(A, "SELECT a FROM t")).containsExactly("before");
    assertThat(store.read(A, "key").join()).isEmpty();
    run(A, "INSERT INTO t VALUES ('after')");
  }

  @Test
  void S4_a_database_that_is_full_refuses_more_and_its_keys_can_still_be_written()
      throws Exception {
    reopen(SqlSettings.defaults().withRoomBytes(1 << 20));
    run(A, "CREATE TABLE t (a)");
    SqlTurn turn = store.sqlTurn(A);
    assertThatExceptionOfType(Refusal.TooLarge.class)
        .isThrownBy(() -> {
          for (int i = 0; i < 100; i++) {
            exec(turn, "INSERT INTO t VALUES (zeroblob(100000))");
          }
        })
        .withMessageContaining("1,048,576");
    turn.abandon();
    for (int i = 0; i < 9; i++) {
      run(A, "INSERT INTO t VALUES (zeroblob(100000))");
    }
    for (int i = 0; i < 20; i++) {
      join(commit(A, null, "k" + i + "x".repeat(1000)));
    }
    assertThat(store.trouble()).isEmpty();
    run(A, "DELETE FROM t");
    run(A, "INSERT INTO t VALUES (zeroblob(100000))");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT zeroblob(3000000)",
        "SELECT randomblob(3000000)",
        "SELECT printf('%3000000d', 1)",
        "SELECT 'x' LIKE '123456789012345678901234567890123456789012345678901'",
        "SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6",
        "SELECT ?101",
        "SELECT"
            + " max(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33)",
      })
  void S4_what_is_too_much_of_anything_is_refused(String sql) {
    SqlTurn turn = store.sqlTurn(A);

    assertThat(failure(turn, sql).kind()).isEqualTo(Kind.WRONG);
    turn.abandon();
  }

  @Test
  void S4_the_stores_own_tables_stay_out_of_reach_of_tables_triggers_and_foreign_keys() {
    join(commit(A, null, "key"));
    SqlTurn turn = store.sqlTurn(A);
    for (String sql :
        List.of(
            "UPDATE sqlite_schema SET name = 'x'",
            "DELETE FROM sqlite_schema",
            "INSERT INTO sqlite_schema VALUES ('table', 'x', 'x', 2, 'CREATE TABLE x (a)')")) {
      assertThat(failure(turn, sql).kind()).as(sql).isEqualTo(Kind.WRONG);
    }
    turn.abandon();

    assertThat(store.read(A, "key").join()).isPresent();
  }

  /// Fragments of statements put together at random: whatever SQLite makes of them, the room's own
  /// rows stay, the turn can end, and nothing else appears in the folder.
  @Test
  void S4_random_statements_harm_nobody() throws Exception {
    long seed = Long.getLong("dormouse.seed", System.nanoTime());
    Random random = new Random(seed);
    String[] words = {
      "SELECT",
      "INSERT INTO",
      "UPDATE",
      "DELETE FROM",
      "CREATE TABLE",
      "CREATE TRIGGER",
      "DROP TABLE",
      "t",
      "u",
      "main",
      ".",
      "temp",
      "_dormouse_entry",
      "\"_dormouse_alarm\"",
      "sqlite_schema",
      "(",
      ")",
      ",",
      "*",
      "a",
      "'x'",
      "1",
      "= 1",
      "SET a",
      "VALUES (1)",
      "WHERE",
      "FROM t",
      "BEGIN",
      "END",
      "COMMIT",
      "ROLLBACK",
      "SAVEPOINT s",
      "RELEASE s",
      ";",
      "--",
      "/*",
      "*/",
      "PRAGMA",
      "writable_schema",
      "ATTACH 'evil.db' AS e",
      "VACUUM INTO 'evil.db'",
      "AS",
      "ON",
      "AFTER INSERT ON t",
      "WITH x AS (SELECT 1)",
      "EXPLAIN QUERY PLAN",
      "pragma_table_info('t')",
      "RETURNING a",
      "json_each('[1]')",
      "USING fts5(a)",
      "CREATE VIRTUAL TABLE f",
      "OR REPLACE",
      "UNION ALL",
      "NULL"
    };
    run(A, "CREATE TABLE t (a)");
    join(commit(A, null, "key"));
    int ran = 0;
    for (int i = 0; i < 3_000; i++) {
      StringBuilder sql = new StringBuilder(words[random.nextInt(7)]);
      for (int n = random.nextInt(9); n > 0; n--) {
        sql.append(' ').append(words[random.nextInt(words.length)]);
      }
      SqlTurn turn = store.sqlTurn(A);
      Throwable thrown = catchThrowable(() -> exec(turn, sql.toString()));
      if (thrown == null) {
        ran++;
      } else {
        assertThat(thrown).as("seed %d: %s", seed, sql).isInstanceOf(SqlFailure.class);
      }
      if (i % 3 == 0) {
        join(commit(A, turn));
      } else {
        turn.abandon();
      }
    }
    assertThat(ran).as("seed %d", seed).isPositive();
    assertThat(store.read(A, "key").join()).as("seed %d", seed).isPresent();
    assertThat(store.load(A).join().sequence()).isEqualTo(sequences.get(A));
    try (Stream<Path> all = Files.walk(folder)) {
      assertThat(all.map(file -> String.valueOf(file.getFileName())))
          .noneMatch(n -> n.contains("evil"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lower_quartile(x)", "upper_quartile(x)", "median(x)", "mode(x)"})
  void S4_functions_of_the_driver_that_recurse_by_the_number_of_rows_are_not_there(String call) {
    SqlTurn turn = store.sqlTurn(A);
    String rows =
        "WITH RECURSIVE c(x) AS (VALUES (35000) UNION ALL SELECT x - 1 FROM c WHERE x > 0) SELECT ";
    assertThat(failure(turn, rows + call + " FROM c").kind()).isEqualTo(Kind.WRONG);
    turn.abandon();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "instr(replace(hex(zeroblob(1000000)), '0', 'a'), replace(hex(zeroblob(500000)), '0', 'a')"
            + " || 'b')",
        "replace(hex(zeroblob(1000000)), hex(zeroblob(400000)) || '1', '')",
        "unhex('00', '0')",
      })
  void S4_one_call_of_a_function_that_would_take_too_long_is_refused(String call) {
    SqlTurn turn = store.sqlTurn(A);
    assertThat(failure(turn, "SELECT " + call).kind()).isEqualTo(Kind.WRONG);
    turn.abandon();
  }

  @Test
  void S4_and_trimming_takes_no_longer_for_many_characters() {
    assertThat(
            column(
                A,
                "SELECT trim(replace(hex(zeroblob(1000000)), '0', 'a'),"
                    + " replace(hex(zeroblob(1000000)), '0', 'b') || 'a') = ''"))
        .containsExactly(1L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "trim('xyaxbyx', 'xy') | axb",
        "ltrim('xyaxbyx', 'xy') | axbyx",
        "rtrim('xyaxbyx', 'xy') | xyaxb",
        "trim('  a ') | a",
        "trim('🐭a🐭', '🐭') | a",
        "instr('abcabc', 'ca') | 3",
        "instr('🐭abc', 'b') | 3",
        "instr('abc', 'x') | 0",
        "instr('abc', '') | 1",
        "instr(x'010203', x'0203') | 2",
        "instr(123, 3) | 3",
        "replace('aXbX', 'X', 'yy') | ayybyy",
        "replace('abc', '', 'x') | abc",
        "replace(5, '5', 6) | 6",
        "coalesce(trim(NULL, 'x'), instr('a', NULL), replace('a', 'b', NULL), 'none') | none",
      })
  void S4_which_say_what_those_of_sqlite_say(String call, String expected) {
    run(A, "CREATE VIEW v AS SELECT " + call + " AS said");
    assertThat(column(A, "SELECT CAST(said AS TEXT) FROM v")).containsExactly(expected);
  }

  @Test
  void S4_a_turn_that_has_only_asked_for_the_size_can_write_keys() throws Exception {
    SqlTurn turn = store.sqlTurn(A);
    assertThat(join(turn.size())).isPositive();
    join(commit(A, turn, "key"));
    assertThat(store.read(A, "key").join()).isPresent();
  }
}
