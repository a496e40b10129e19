package dev.dormouse.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dormouse.room.Refusal;
import dev.dormouse.testkit.FakeSockets.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a room may do whose database is at its limit (S4).
class FullDatabaseTest extends WithTable {
  @BeforeEach
  @Override
  void open() {
    tables = new Tables(folder, SqlSettings.defaults().withRoomBytes(1 << 20));
  }

  /// About ten times as much as a room of 1 MiB may have.
  private static void fill(TableRoom room) {
    for (int i = 0; i < 100; i++) {
      room.exec("INSERT INTO t (b) VALUES (zeroblob(100000))");
    }
  }

  @Test
  void S4_a_room_that_is_full_may_catch_it_make_space_and_go_on() {
    withTable(() -> {
      long version = version();
      tables.turn(room -> {
        room.exec("INSERT INTO t VALUES (1000, 'stays')");
        assertThatExceptionOfType(Refusal.TooLarge.class)
            .isThrownBy(() -> fill(room))
            .withMessageContaining("1,048,576")
            .withMessageNotContaining("undone");
        room.exec("DELETE FROM t WHERE a > 1000");
        room.exec("INSERT INTO t VALUES (2000, 'goes on')");
        return "";
      });
      assertThat(tables.exec("SELECT a FROM t")).isEqualTo("1000 2000");
      assertThat(version()).isEqualTo(version + 1);
    });
  }

  @Test
  void S4_a_full_room_that_catches_it_outside_of_a_transaction_has_the_rest_of_its_turn() {
    withTable(() -> {
      tables.turn(room -> {
        room.exec("INSERT INTO t VALUES (1000, 'stays')");
        assertThatExceptionOfType(Refusal.TooLarge.class)
            .isThrownBy(() ->
                room.storage()
                    .transaction(() -> {
                      fill(room);
                      return "";
                    }));
        room.exec("INSERT INTO t VALUES (2000, 'goes on')");
        room.storage().putText("key", "x");
        return "";
      });
      assertThat(tables.exec("SELECT a FROM t")).isEqualTo("1000 2000");
      assertThat(tables.turn(room -> room.storage().getText("key"))).isEqualTo("Optional[x]");
    });
  }

  /// One row, and far more than there is space for: SQLite keeps no way back for that.
  private static void flood(TableRoom room) {
    room.exec("INSERT INTO u VALUES (zeroblob(2000000))");
  }

  @Test
  void S4_a_statement_that_takes_far_too_much_says_that_the_turn_is_undone() {
    withTable(() -> {
      tables.exec("CREATE TABLE u (a)");
      for (int i = 0; i < 4; i++) {
        tables.exec("CREATE INDEX i%d ON u (a)".formatted(i));
      }
      tables.turn(room -> {
        assertThatExceptionOfType(Refusal.TooLarge.class)
            .isThrownBy(() ->
                room.storage()
                    .transaction(() -> {
                      flood(room);
                      return "";
                    }))
            .withMessageContaining("undone");
        // Nothing else was done in SQL, so nothing is lost.
        room.storage().putText("key", "x");
        return "";
      });
      assertThat(tables.turn(room -> room.storage().getText("key"))).isEqualTo("Optional[x]");

      Answer answer =
          tables.turned(room -> {
            room.exec("INSERT INTO t VALUES (1, 'lost')");
            assertThatExceptionOfType(Refusal.TooLarge.class).isThrownBy(() -> flood(room));
            return "";
          });
      assertThat(answer).isInstanceOf(Answer.Declined.class);
      assertThat(tables.exec("SELECT count(*) FROM t")).isEqualTo("0");
    });
  }
}
