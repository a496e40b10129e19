package dev.dormouse.storage;

import static dev.dormouse.storage.Sets.await;
import static dev.dormouse.storage.Sets.failure;
import static dev.dormouse.storage.Sets.keys;
import static dev.dormouse.storage.Sets.put;
import static dev.dormouse.storage.Sets.room;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.CommitFailure.Reason;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.RoomImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the SQLite store promises beyond the contract of all stores.
class SqliteRoomStoreTest {
  @TempDir Path folder;
  private SqliteRoomStore store;

  @BeforeEach
  void open() throws Exception {
    store = SqliteRoomStore.open(folder, settings(), new SystemExecution());
  }

  private static StoreSettings settings() {
    return StoreSettings.defaults().withWhole(10, 1_000);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen() throws Exception {
    store.close();
    open();
  }

  @Nested
  class When_a_room_is_loaded {
    private final RoomId room = room(1);

    private RoomImage.Keys loaded(int keys, int bytes) throws Exception {
      SortedMap<String, Optional<byte[]>> changes = KeyOrder.newMap();
      for (int i = 0; i < keys; i++) {
        changes.put("%02d".formatted(i), Optional.of(new byte[bytes]));
      }
      await(store.commit(Sets.set(store, room, 1, changes)));
      return await(store.load(room)).keys();
    }

    @Test
    void it_comes_whole_up_to_the_limit_of_keys() throws Exception {
      assertThat(loaded(10, 0)).isInstanceOf(RoomImage.Whole.class);
    }

    @Test
    void it_is_left_to_be_read_on_demand_beyond_the_limit_of_keys() throws Exception {
      assertThat(loaded(11, 0)).isInstanceOf(RoomImage.OnDemand.class);
    }

    @Test
    void it_comes_whole_up_to_the_limit_of_bytes() throws Exception {
      assertThat(loaded(10, 98)).isInstanceOf(RoomImage.Whole.class);
    }

    @Test
    void it_is_left_to_be_read_on_demand_beyond_the_limit_of_bytes() throws Exception {
      assertThat(loaded(10, 99)).isInstanceOf(RoomImage.OnDemand.class);
    }

    @Test
    void one_large_value_is_enough_to_read_it_on_demand() throws Exception {
      assertThat(loaded(1, 2 << 20)).isInstanceOf(RoomImage.OnDemand.class);
      assertThat(await(store.read(room, "00")).orElseThrow()).hasSize(2 << 20);
    }
  }

  @Nested
  class When_a_write_set_cannot_be_stored {

    @Test
    void O2_half_a_surrogate_pair_is_refused_alone_since_it_has_no_UTF_8_form() throws Exception {
      var good = store.commit(put(store, room(1), 1, "a", "1"));
      var bad = store.commit(put(store, room(2), 1, "\uD83D", "1"));
      var follower = store.commit(put(store, room(2), 2, "b", "2"));
      var alsoGood = store.commit(put(store, room(3), 1, "c", "1"));

      await(good);
      await(alsoGood);
      CommitFailure failure = failure(bad);
      assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
      assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
      assertThat(failure).hasMessageContaining("surrogate").hasMessageContaining("chat");
      assertThat(failure(follower).reason()).isEqualTo(Reason.SEQUENCE);
      assertThat(store.trouble()).isEmpty();
    }

    @Test
    void O2_a_fault_of_SQLite_in_one_room_does_not_touch_the_others_of_its_batch()
        throws Exception {
      store.close();
      try (Connection connection =
              DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("rooms-0.db"));
          var statement = connection.createStatement()) {
        statement.execute(
            "CREATE TRIGGER trap BEFORE INSERT ON entry WHEN NEW.key = CAST('trap' AS BLOB)"
                + " BEGIN SELECT RAISE(ABORT, 'sprung'); END");
      }
      open();
      // They share batches, or not, as it happens; each room's fate must be the same.
      for (int round = 0; round < 20; round++) {
        RoomId victim = room(100 + round);
        RoomId neighbour = room(200 + round);
        var first = store.commit(put(store, victim, 1, "a", "1"));
        var beside = store.commit(put(store, neighbour, 1, "a", "1"));
        var trapped = store.commit(put(store, victim, 2, "trap", "2"));
        var follower = store.commit(put(store, victim, 3, "b", "3"));
        var besideToo = store.commit(put(store, neighbour, 2, "b", "2"));

        await(first);
        await(beside);
        await(besideToo);
        assertThat(failure(trapped).reason()).isEqualTo(Reason.REJECTED);
        assertThat(failure(trapped)).hasMessageContaining("sprung");
        assertThat(failure(follower).reason()).isEqualTo(Reason.SEQUENCE);
        assertThat(keys(store, victim)).isEqualTo(Map.of("a", "1"));
        assertThat(keys(store, neighbour)).isEqualTo(Map.of("a", "1", "b", "2"));
        await(store.commit(put(store, victim, 2, "b", "2")));
      }
      assertThat(store.trouble()).isEmpty();
    }
  }

  @Nested
  class When_a_question_makes_no_sense {

    @Test
    void half_a_surrogate_pair_is_refused_and_the_next_question_is_answered() throws Exception {
      assertThat(store.read(room(1), "\uDE00"))
          .failsWithin(java.time.Duration.ofSeconds(30))
          .withThrowableThat()
          .withCauseInstanceOf(IllegalArgumentException.class);
      assertThat(await(store.list(room(1), KeyRange.prefixed("a"), 10))).isEmpty();
    }
  }

  @Nested
  class When_a_room_gets_a_name_after_its_first_write {

    @Test
    void I1_the_name_is_stored_then_and_not_replaced() throws Exception {
      await(store.commit(put(store, room(1), 1, "a", "1")));
      await(store.commit(put(store, room(1, "lobby"), 2, "a", "2")));
      await(store.commit(put(store, room(1), 3, "a", "3")));
      reopen();

      assertThat(await(store.rooms("chat", null, 1)).getFirst().name()).contains("lobby");
    }
  }

  @Nested
  class When_many_rooms_were_emptied {

    @Test
    void S6_a_listing_still_finds_those_that_were_not() throws Exception {
      // More than one slice of a listing.
      var last = store.commit(put(store, Sets.room(0), 1, "a", "1"));
      for (int i = 1; i < 10_000; i++) {
        byte[] id = new byte[RoomId.BYTES];
        id[1] = (byte) (i >> 8);
        id[2] = (byte) i;
        id[3] = 1;
        SortedMap<String, Optional<byte[]>> changes = KeyOrder.newMap();
        if (i % 3_000 == 0) {
          changes.put("a", Optional.of(new byte[0]));
        }
        last = store.commit(Sets.set(store, RoomId.of("chat", id, "" + i), 1, changes));
      }
      await(last);

      assertThat(await(store.rooms("chat", null, 10)))
          .extracting(room -> room.name().orElse("first"))
          .containsExactly("first", "3000", "6000", "9000");
      assertThat(await(store.rooms("chat", null, 2))).hasSize(2);
    }
  }

  @Nested
  class When_the_process_looks_at_its_data_folder {

    @Test
    void I1_the_id_key_is_32_bytes_and_stays() throws Exception {
      byte[] key = store.idKey();
      reopen();

      assertThat(key).hasSize(32).isNotEqualTo(new byte[32]);
      assertThat(store.idKey()).isEqualTo(key);
    }

    @Test
    void a_clean_close_leaves_no_log_behind() throws Exception {
      await(store.commit(put(store, room(1), 1, "a", "1")));
      store.close();

      assertThat(folder.resolve("rooms-0.db-wal")).doesNotExist();
      assertThat(Files.size(folder.resolve("rooms-0.db"))).isPositive();
      open();
    }
  }
}
