package dev.dormouse.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.dormouse.room.Refusal;
import dev.dormouse.testkit.FakeSockets.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tables that a namespace declares (S4): there for whoever reads, kept for whoever writes.
class DeclaredTablesTest {
  private static final String[] DECLARED = {
    "CREATE TABLE IF NOT EXISTS t (a INTEGER PRIMARY KEY, b)",
    "CREATE INDEX IF NOT EXISTS t_b ON t (b)"
  };

  @TempDir Path folder;
  private Tables tables;

  @BeforeEach
  void open() {
    tables = new Tables(folder, DECLARED);
  }

  private List<Path> databases() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.toString().contains(".db")).toList();
    }
  }

  private String version() {
    return tables.turn(room -> room.storage().version());
  }

  @Test
  void S4_who_only_reads_finds_them_and_leaves_no_file() throws Exception {
    tables.run(t -> {
      for (int i = 0; i < 3; i++) {
        assertThat(tables.exec("SELECT count(*) FROM t")).isEqualTo("0");
        assertThat(tables.turn(room -> room.sql().query("SELECT max(a) FROM t").one().get(0)))
            .isEqualTo("null");
        t.settle();
        assertThat(databases()).isEmpty();
      }
      assertThat(version()).isEqualTo("0");
    });
  }

  @Test
  void S2_S4_who_writes_keeps_them_and_only_that_moves_the_version() {
    tables.run(t -> {
      tables.exec("INSERT INTO t VALUES (1, 'x')");
      assertThat(version()).isEqualTo("1");
      t.crash();
      assertThat(tables.exec("SELECT b FROM t")).isEqualTo("x");
      assertThat(tables.exec("SELECT name FROM sqlite_schema WHERE type = 'index'"))
          .isEqualTo("t_b");
      assertThat(version()).isEqualTo("1");
    });
  }

  @Test
  void S4_a_turn_that_is_refused_leaves_none() throws Exception {
    tables.run(t -> {
      Answer answer =
          tables.turned(room -> {
            room.exec("INSERT INTO t VALUES (1, 'x')");
            throw new Refusal.Refused(409, "no");
          });
      assertThat(answer).isInstanceOf(Answer.Declined.class);
      t.settle();
      assertThat(databases()).isEmpty();
      assertThat(tables.exec("SELECT count(*) FROM t")).isEqualTo("0");
      tables.exec("INSERT INTO t VALUES (1, 'x')");
      assertThat(tables.exec("SELECT count(*) FROM t")).isEqualTo("1");
    });
  }

  @Test
  void S4_a_transaction_inside_that_throws_does_not_take_them() {
    tables.run(_ ->
        assertThat(
                tables.turn(room -> {
                  assertThatIllegalStateException()
                      .isThrownBy(() ->
                          room.storage()
                              .transaction(() -> {
                                room.exec("INSERT INTO t VALUES (1, 'goes')");
                                throw new IllegalStateException("no");
                              }));
                  room.exec("INSERT INTO t VALUES (2, 'stays')");
                  return room.column("SELECT a FROM t");
                }))
            .isEqualTo("2"));
  }

  @Test
  void S4_they_are_there_again_when_all_was_deleted() {
    tables.run(_ -> {
      tables.exec("INSERT INTO t VALUES (1, 'x')");
      tables.turn(room -> {
        room.storage().deleteAll();
        return room.column("SELECT a FROM t");
      });
      assertThat(tables.exec("SELECT count(*) FROM t")).isEqualTo("0");
      tables.exec("INSERT INTO t VALUES (3, 'y')");
      assertThat(tables.exec("SELECT a FROM t")).isEqualTo("3");
    });
  }

  @Test
  void S4_those_that_a_later_release_adds_are_made_where_the_others_are() {
    // The first release's statement is that of a room that made its tables itself.
    tables.run(_ -> {
      tables.turn(room -> {
        room.storage().deleteAll();
        room.exec("DROP TABLE IF EXISTS t");
        return room.exec("CREATE TABLE other (a)").rowsWritten();
      });
      assertThat(tables.exec("SELECT count(*) FROM t")).isEqualTo("0");
      tables.exec("INSERT INTO t VALUES (7, 'x')");
      assertThat(tables.exec("SELECT a FROM t")).isEqualTo("7");
      assertThat(tables.exec("SELECT count(*) FROM other")).isEqualTo("0");
    });
  }
}
