package dev.dormouse.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which statements rooms may use, by their text alone: each kind that SQLite's grammar has.
class CheckedTest {

  @Nested
  class Allowed {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "SELECT 1 | READ",
          "select * from t where a = ? and b in (select b from u) order by c limit 3; | READ",
          "VALUES (1), (2) | READ",
          "WITH a AS (SELECT 1) SELECT * FROM a | READ",
          "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n LIMIT 5) SELECT x FROM"
              + " n | READ",
          "EXPLAIN QUERY PLAN SELECT 1 | READ",
          "EXPLAIN QUERY PLAN DELETE FROM t | READ",
          "INSERT INTO t VALUES (1, 'it''s', x'00ff', 1.5e-3) | WRITE",
          "INSERT OR IGNORE INTO t (a) SELECT a FROM u RETURNING a | WRITE",
          "INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET a = excluded.a | WRITE",
          "REPLACE INTO t VALUES (1) | WRITE",
          "UPDATE t SET a = 1 WHERE b = :b | WRITE",
          "UPDATE OR IGNORE t SET fail = 1 | WRITE",
          "DELETE FROM t WHERE a = ?1 | WRITE",
          "WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a | WRITE",
          "WITH a AS (SELECT 1) DELETE FROM t WHERE x IN a | WRITE",
          "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT) STRICT | SHAPE",
          "CREATE TABLE IF NOT EXISTS t AS SELECT 1 | SHAPE",
          "CREATE UNIQUE INDEX i ON t (a) WHERE b > 1 | SHAPE",
          "CREATE VIEW v AS SELECT * FROM t | SHAPE",
          "CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET b = CASE WHEN 1 THEN 2 END; DELETE"
              + " FROM u; END | SHAPE",
          "CREATE VIRTUAL TABLE f USING fts5(a, b) | SHAPE",
          "CREATE VIRTUAL TABLE r USING rtree(id, x0, x1) | SHAPE",
          "DROP TABLE IF EXISTS t | SHAPE",
          "DROP INDEX i | SHAPE",
          "DROP VIEW v | SHAPE",
          "DROP TRIGGER g | SHAPE",
          "ALTER TABLE t RENAME TO u | SHAPE",
          "/* a comment */ SELECT 1 -- and another | READ",
          "SELECT t.temp, \"temp\" FROM t | READ",
          "SELECT 'PRAGMA and ATTACH; ROLLBACK' | READ",
          "SELECT \"rollback\" FROM \"pragma\" | READ",
          "SELECT name FROM sqlite_schema | READ",
          "SELECT value FROM json_each(?) | READ",
          "SELECT [a b], `c d` FROM t | READ",
          "SELECT 'größe', 0x1F, .5, 1e+3 | READ",
        })
    void S4_statements_that_stay_in_the_database(String sql, Checked.Kind kind) throws Exception {
      assertThat(Checked.of(sql).kind()).isEqualTo(kind);
    }
  }

  @Nested
  class Refused {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "UPDATE OR FAIL t SET a = 1",
          "CREATE TABLE t (a UNIQUE ON CONFLICT FAIL)",
          "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT RAISE(FAIL, 'no'); END",
          "PRAGMA user_version",
          "pragma main.writable_schema = 1",
          "/**/ PrAgMa journal_mode = off",
          "EXPLAIN PRAGMA user_version",
          "SELECT * FROM pragma_table_info('t')",
          "SELECT * FROM \"pragma_table_info\"('t')",
          "SELECT * FROM 'pragma_database_list'",
          "SELECT * FROM a, [pragma_function_list]",
          "ATTACH 'other.db' AS other",
          "DETACH other",
          "VACUUM",
          "VACUUM INTO 'copy.db'",
          "BEGIN",
          "BEGIN IMMEDIATE TRANSACTION",
          "COMMIT",
          "END TRANSACTION",
          "ROLLBACK",
          "ROLLBACK TO layer2",
          "SAVEPOINT a",
          "RELEASE a",
          "ANALYZE",
          "REINDEX",
          "INSERT OR ROLLBACK INTO t VALUES (1)",
          "UPDATE OR ROLLBACK t SET a = 1",
          "CREATE TABLE t (a UNIQUE ON CONFLICT ROLLBACK)",
          "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
          "CREATE TEMP TABLE t (a)",
          "CREATE TEMPORARY VIEW v AS SELECT 1",
          "CREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END",
          "CREATE TABLE temp.t (a)",
          "CREATE TABLE \"temp\".t (a)",
          "INSERT INTO temp . t VALUES (1)",
          "SELECT * FROM sqlite_temp_schema",
          "CREATE VIRTUAL TABLE f USING fts3(a)",
          "CREATE VIRTUAL TABLE f USING fts4(a)",
          "CREATE VIRTUAL TABLE d USING dbstat",
          "CREATE VIRTUAL TABLE f USING \"fts4aux\"(main, t)",
          "CREATE VIRTUAL TABLE f",
          "SELECT * FROM dbstat",
          "SELECT * FROM \"sqlite_dbpage\"",
          "SELECT load_extension('/tmp/x.so')",
          "SELECT \"load_extension\"('/tmp/x.so')",
          "SELECT fts3_tokenizer('simple')",
          "SELECT replicate('x', 2000000000)",
          "SELECT padl('x', 2000000000)",
          "SELECT * FROM _dormouse_entry",
          "SELECT * FROM _DorMouse_entry",
          "SELECT * FROM \"_dormouse_alarm\"",
          "SELECT * FROM [_dormouse_meta]",
          "SELECT * FROM `_dormouse_meta`",
          "SELECT * FROM '_dormouse_meta'",
          "SELECT * FROM main._dormouse_meta",
          "DROP TABLE _dormouse_entry",
          "CREATE TABLE _dormouse_mine (a)",
          "ALTER TABLE t RENAME TO _dormouse_t",
          "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM _dormouse_alarm; END",
          "CREATE TRIGGER g AFTER INSERT ON _dormouse_entry BEGIN SELECT 1; END",
          "CREATE VIEW v AS SELECT * FROM \"_dormouse_entry\"",
          "CREATE VIRTUAL TABLE f USING fts5(a, content=_dormouse_entry)",
          "CREATE VIRTUAL TABLE f USING fts5(a, content='_dormouse_entry')",
          "SELECT 1; SELECT 2",
          "SELECT 1; -- and\n DELETE FROM t",
          "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END; DROP TABLE t",
          "CREATE TABLE t (a); BEGIN",
          "",
          " ; ; ",
          "-- nothing",
          "SELECT 'open",
          "SELECT \"open",
          "SELECT [open",
          "SELECT 1 /* open",
          "SELECT x'00",
          "SELECT 1\0; PRAGMA user_version",
          "SELECT \uFEFF1",
          "SELECT # FROM t",
          "SELECT \uD83D",
          "SELECT $a(load_extension('x'))",
          "CREATE SOMETHING t",
          "DROP",
          "WITH a AS (SELECT 1)",
          "EXPLAIN",
          "EXPLAIN SELECT 1",
          "EXPLAIN SELECT * FROM json_each('[]')",
          "EXPLAIN EXPLAIN SELECT 1",
          "EXPLAIN QUERY SELECT 1",
          "EXPLAIN QUERY PLAN",
          "EXPLAIN QUERY PLAN EXPLAIN QUERY PLAN SELECT 1",
          "SELECT rtreecheck('t')",
          "\"select\" 1",
          "(SELECT 1)",
        })
    void S4_what_reaches_out_of_the_database_or_the_turn(String sql) {
      assertThatExceptionOfType(NotAllowed.class).isThrownBy(() -> Checked.of(sql));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Checked.LONGEST + 1})
  void S4_a_statement_has_a_length(int length) {
    String sql = "SELECT " + "1".repeat(length);

    assertThatExceptionOfType(NotAllowed.class).isThrownBy(() -> Checked.of(sql));
  }
}
