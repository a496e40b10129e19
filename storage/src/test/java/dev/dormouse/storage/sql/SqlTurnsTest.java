package dev.dormouse.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.SqlCursor;
import dev.dormouse.room.SqlFailure;
import dev.dormouse.room.SqlFailure.Kind;
import dev.dormouse.room.StartCause;
import dev.dormouse.testkit.FakeSockets.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a room may rely on in SQL (S4): turns, transactions, values, numbers.
class SqlTurnsTest extends WithTable {
  @Test
  void S4_a_turn_sees_what_it_wrote_and_so_do_later_ones() {
    withTable(() -> {
      assertThat(
              tables.turn(room -> {
                SqlCursor inserted = room.exec("INSERT INTO t VALUES (1, 'x'), (2, 'y')");
                return inserted.rowsWritten() + ": " + room.column("SELECT b FROM t ORDER BY a");
              }))
          .isEqualTo("2: x y");
      assertThat(tables.exec("SELECT b FROM t ORDER BY a DESC")).isEqualTo("y x");
    });
  }

  @Test
  void S4_a_throw_undoes_tables_keys_and_alarms_of_the_turn() {
    withTable(() -> {
      Answer answer =
          tables.turned(room -> {
            room.exec("INSERT INTO t VALUES (1, 'x')");
            room.exec("CREATE TABLE u (a)");
            room.storage().putText("key", "x");
            room.context().alarms().set("alarm", room.context().clock().instant());
            throw new IllegalStateException("no");
          });

      assertThat(answer).isInstanceOf(Answer.Declined.class);
      assertThat(tables.exec("SELECT count(*) FROM t")).isEqualTo("0");
      assertThat(tables.exec("SELECT name FROM sqlite_schema WHERE name = 'u'")).isEmpty();
      assertThat(tables.turn(room -> room.storage().getText("key"))).isEqualTo("Optional.empty");
      assertThat(tables.turn(room -> room.context().alarms().list())).isEqualTo("[]");
    });
  }

  @Test
  void S4_a_refusal_undoes_the_turn_and_keeps_the_instance() {
    withTable(() -> {
      AtomicReference<TableRoom> first = new AtomicReference<>();
      tables.turn(room -> {
        first.set(room);
        return "";
      });
      Answer answer =
          tables.turned(room -> {
            room.exec("INSERT INTO t VALUES (1, 'x')");
            throw new Refusal.Refused(409, "no");
          });

      assertThat(answer).isInstanceOf(Answer.Declined.class);
      assertThat(tables.turn(room -> room == first.get())).isEqualTo("true");
      assertThat(tables.exec("SELECT count(*) FROM t")).isEqualTo("0");
    });
  }

  @Test
  void S4_a_transaction_that_throws_takes_its_statements_back_and_no_others() {
    withTable(() -> {
      assertThat(
              tables.turn(room -> {
                room.exec("INSERT INTO t VALUES (1, 'stays')");
                assertThatIllegalStateException()
                    .isThrownBy(() ->
                        room.storage()
                            .transaction(() -> {
                              room.exec("INSERT INTO t VALUES (2, 'goes')");
                              room.storage()
                                  .transaction(() -> room.exec("INSERT INTO t VALUES (3, 'goes')"));
                              throw new IllegalStateException("no");
                            }));
                room.storage()
                    .transaction(() -> room.exec("INSERT INTO t VALUES (4, 'stays too')"));
                return room.column("SELECT a FROM t ORDER BY a");
              }))
          .isEqualTo("1 4");
      assertThat(tables.exec("SELECT a FROM t ORDER BY a")).isEqualTo("1 4");
    });
  }

  @Test
  void S2_the_version_moves_with_turns_that_change_something_in_SQL_and_with_no_others() {
    withTable(() -> {
      long before = version();
      tables.exec("SELECT * FROM t");
      tables.exec("CREATE TABLE IF NOT EXISTS t (a)");
      tables.exec("DELETE FROM t WHERE a = 7");
      tables.turn(room -> {
        assertThatIllegalStateException()
            .isThrownBy(() ->
                room.storage()
                    .transaction(() -> {
                      room.exec("INSERT INTO t VALUES (1, 1)");
                      throw new IllegalStateException("no");
                    }));
        return "";
      });
      assertThat(version()).isEqualTo(before);

      tables.turn(room -> {
        room.exec("INSERT INTO t VALUES (1, 1)");
        room.exec("INSERT INTO t VALUES (2, 2)");
        room.storage().putText("key", "x");
        return "";
      });
      assertThat(version()).isEqualTo(before + 1);
      tables.turn(room ->
          room.storage().transaction(() -> room.exec("INSERT INTO t VALUES (3, 3)").rowsWritten()));
      assertThat(version()).isEqualTo(before + 2);
    });
  }

  @Test
  void S3_a_transition_covers_SQL() {
    withTable(() -> {
      long version = version();
      assertThat(
              tables.turned(room ->
                  room.storage()
                      .transition(
                          version - 1, () -> room.exec("INSERT INTO t VALUES (1, 1)").one())))
          .isInstanceOf(Answer.Declined.class);
      tables.turn(room ->
          room.storage()
              .transition(version, () -> room.exec("INSERT INTO t VALUES (2, 2)").rowsWritten()));

      assertThat(tables.exec("SELECT a FROM t")).isEqualTo("2");
    });
  }

  @Test
  void S4_values_come_back_as_they_went_and_whole_numbers_are_exact() {
    tables.run(_ -> {
      List<@Nullable Object> values =
          Arrays.asList(
              Long.MAX_VALUE, Long.MIN_VALUE, (1L << 53) + 1, 0.1, "größe\0\uD83D\uDE00", "", null);
      tables.turn(room -> {
        room.exec("CREATE TABLE v (n INTEGER PRIMARY KEY, x)");
        for (Object value : values) {
          room.exec("INSERT INTO v (x) VALUES (?)", value);
        }
        room.exec("INSERT INTO v (x) VALUES (?), (?)", new byte[] {0, -1}, new byte[0]);
        room.exec("INSERT INTO v (x) VALUES (?), (?)", true, 7);
        List<@Nullable Object> back = new ArrayList<>();
        room.exec("SELECT x FROM v ORDER BY n").raw().forEachRemaining(row -> back.add(row.get(0)));
        assertThat(back.subList(0, values.size())).isEqualTo(values);
        assertThat((byte[]) back.get(7)).containsExactly(0, -1);
        assertThat((byte[]) back.get(8)).isEmpty();
        assertThat(back.subList(9, 11)).containsExactly(1L, 7L);
        assertThatIllegalArgumentException().isThrownBy(() -> room.exec("SELECT ?", List.of()));
        return "";
      });
    });
  }

  @Test
  void S4_a_wait_ends_the_turn_and_what_it_did_stands() {
    withTable(() -> {
      Answer answer =
          tables.turned(room -> {
            room.exec("INSERT INTO t VALUES (1, 'before')");
            room.storage().sync();
            room.exec("INSERT INTO t VALUES (2, 'after')");
            throw new IllegalStateException("no");
          });

      assertThat(answer).isInstanceOf(Answer.Declined.class);
      assertThat(tables.exec("SELECT b FROM t")).isEqualTo("before");
    });
  }

  @Test
  void S4_failures_say_what_they_are_and_the_turn_goes_on() {
    withTable(() ->
        tables.turn(room -> {
          room.exec("INSERT INTO t VALUES (1, 'x')");
          assertFails(room, Kind.WRONG, "SELECT FROM");
          assertFails(room, Kind.WRONG, "SELECT * FROM nowhere");
          assertFails(room, Kind.WRONG, "SELECT ?");
          assertFails(room, Kind.WRONG, "SELECT 1", 2);
          assertFails(room, Kind.CONSTRAINT, "INSERT INTO t VALUES (1, 'again')");
          assertFails(room, Kind.NOT_ALLOWED, "PRAGMA user_version");
          assertFails(room, Kind.NOT_ALLOWED, "COMMIT");
          room.exec("INSERT INTO t VALUES (2, 'y')");
          return "";
        }));
  }

  private static void assertFails(
      TableRoom room, Kind kind, String sql, @Nullable Object... bindings) {
    assertThatExceptionOfType(SqlFailure.class)
        .isThrownBy(() -> room.exec(sql, bindings))
        .satisfies(failure -> assertThat(failure.kind()).isEqualTo(kind));
  }

  @Test
  void S4_a_query_only_reads() {
    withTable(() ->
        tables.turn(room -> {
          for (String sql :
              List.of(
                  "INSERT INTO t VALUES (1, 1)",
                  "DELETE FROM t RETURNING a",
                  "WITH x AS (SELECT 1) INSERT INTO t SELECT 1, 1",
                  "DROP TABLE t")) {
            assertThatExceptionOfType(SqlFailure.class)
                .isThrownBy(() -> room.sql().query(sql))
                .satisfies(no -> assertThat(no.kind()).isEqualTo(Kind.NOT_ALLOWED));
          }
          assertThat(room.sql().query("SELECT count(*) FROM t").one().getLong(0)).isZero();
          return "";
        }));
  }

  @Test
  void S4_deleteAll_drops_tables_too_and_the_file_goes() {
    withTable(() -> {
      tables.exec("CREATE TABLE p (a INTEGER PRIMARY KEY REFERENCES q(a))");
      tables.exec(
          "CREATE TABLE q (a INTEGER PRIMARY KEY REFERENCES p(a) DEFERRABLE INITIALLY DEFERRED)");
      tables.exec("CREATE VIEW v AS SELECT * FROM t");
      tables.exec("CREATE VIRTUAL TABLE f USING fts5(words)");
      tables.exec("CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; END");
      tables.turn(room -> {
        room.exec("INSERT INTO f VALUES ('one two')");
        room.exec("INSERT INTO q VALUES (1)");
        room.exec("INSERT INTO p VALUES (1)");
        room.storage().putText("key", "x");
        return "";
      });
      long version = version();
      assertThat(files()).hasSize(1);
      tables.turn(room -> {
        room.storage().deleteAll();
        return room.column(
            "SELECT name FROM sqlite_schema WHERE name NOT LIKE '\\_dormouse%' ESCAPE '\\'");
      });
      tables.tester().settle();

      assertThat(files()).isEmpty();
      assertThat(version()).isEqualTo(version + 1);
      tables.exec("CREATE TABLE again (a)");
      assertThat(version()).isEqualTo(version + 2);
    });
  }

  @Test
  void S4_deleteAll_in_a_transaction_that_throws_deletes_nothing() {
    withTable(() -> {
      tables.exec("INSERT INTO t VALUES (1, 'x')");
      tables.turn(room -> {
        room.storage().putText("key", "x");
        assertThatIllegalStateException()
            .isThrownBy(() ->
                room.storage()
                    .transaction(() -> {
                      room.storage().deleteAll();
                      throw new IllegalStateException("no");
                    }));
        return "";
      });

      assertThat(tables.exec("SELECT b FROM t")).isEqualTo("x");
      assertThat(tables.turn(room -> room.storage().getText("key"))).isEqualTo("Optional[x]");
    });
  }

  private List<Path> files() {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.toString().endsWith(".db")).toList();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void S4_alarms_fire_with_SQL_at_hand_and_rooms_wake_with_their_tables() {
    withTable(() -> {
      tables.turn(room -> {
        room.exec("INSERT INTO t VALUES (1, 'x')");
        room.context().alarms().set("tick", room.context().clock().instant().plusSeconds(60));
        return "";
      });
      tables.tester().advance(Duration.ofSeconds(30));
      tables.tester().advance(Duration.ofSeconds(40));

      assertThat(tables.exec("SELECT name FROM fired")).isEqualTo("tick");
      assertThat(tables.exec("SELECT b FROM t")).isEqualTo("x");
    });
  }

  @Test
  void S6_a_room_with_tables_only_is_there_after_a_restart() {
    withTable(() -> {
      tables.tester().stopAndStart();

      assertThat(tables.turn(room -> room.cause)).isEqualTo(StartCause.RESTARTED.name());
      assertThat(tables.exec("SELECT count(*) FROM t")).isEqualTo("0");
    });
  }

  @Test
  void S6_a_room_that_only_read_leaves_no_file() {
    tables.run(_ -> {
      assertThat(tables.exec("SELECT 1")).isEqualTo("1");
      tables.tester().stopAndStart();

      assertThat(files()).isEmpty();
    });
  }

  @Test
  void S4_the_size_of_the_database_is_known() {
    withTable(() -> {
      long before = Long.parseLong(tables.turn(room -> room.sql().databaseSize()));
      String after =
          tables.turn(room -> {
            room.exec("INSERT INTO t VALUES (1, zeroblob(1000000))");
            return room.sql().databaseSize();
          });

      assertThat(before).isPositive();
      assertThat(Long.parseLong(after)).isGreaterThan(before + 900_000);
    });
  }

  @Test
  void S4_a_namespace_that_never_waits_has_no_SQL() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            Namespace.named("no", context -> new TableRoom(context, tables))
                .withSql()
                .nonBlocking()
                .build())
        .withMessageContaining("'no'");
  }
}
