package dev.dormouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Access;
import dev.dormouse.room.Admission;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.ConnectionRecord;
import dev.dormouse.room.spi.ConnectionRecords.Slept;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The part of [ConnectionRecordsContract] about records: how they are saved, read and paged.
abstract class RecordPagesContract extends RecordsFixture {

  @Nested
  class When_records_are_saved {

    @Test
    void C3_they_are_read_as_they_were_saved() throws Exception {
      ConnectionRecord plain =
          new ConnectionRecord(
              1, null, Set.of(), new byte[0], /* hears */ false, Access.READ, false);
      ConnectionRecord full =
          new ConnectionRecord(
              2,
              "dormouse.v1",
              Set.of("red", "grün", ""),
              new byte[] {0, -1, 39},
              true,
              Access.WRITE,
              false);
      ConnectionRecord closing =
          new ConnectionRecord(3, "x", Set.of("a"), new byte[] {1}, /* hears */ false, true);
      save(room, plain, full, closing);

      assertThat(await(records.read(room, List.of(1L, 2L, 3L))))
          .containsExactly(plain, full, closing);
      assertThat(all(room)).containsExactly(plain, full, closing);
    }

    @Test
    void C2_attachments_are_bytes_of_any_kind_up_to_16_KiB() throws Exception {
      List<ConnectionRecord> saved = new ArrayList<>();
      for (int length : new int[] {0, 1, 255, 1_000, 1_001, 4_000, 4_096, 16 * 1024}) {
        byte[] attachment = new byte[length];
        for (int i = 0; i < length; i++) {
          attachment[i] = (byte) (i * 7 + i / 256);
        }
        saved.add(record(length + 1, attachment, "tag"));
      }
      await(records.save(room, saved, List.of()));

      assertThat(all(room)).isEqualTo(saved);
      assertThat(await(records.page(room, "tag", 0, 100))).isEqualTo(saved);
    }

    @Test
    void C2_there_may_be_10_tags_of_256_characters_of_any_script() throws Exception {
      Set<String> tags = new LinkedHashSet<>();
      for (String unit : List.of("a", "é", "雪", "🐭", "\0", "\uD83D", "\"", "'", "%", "\n")) {
        tags.add(unit.repeat(256).substring(0, 256));
      }
      assertThat(tags).hasSize(Admission.MAX_TAGS);
      ConnectionRecord record = record(1, tags.toArray(String[]::new));
      save(room, record, record(2, "a"));

      assertThat(all(room)).contains(record);
      for (String tag : tags) {
        assertThat(tagged(room, tag)).as(tag).containsExactly(1L);
        assertThat(tagged(room, tag.substring(0, 255))).as("shorter: " + tag).isEmpty();
      }
    }

    @Test
    void keys_are_any_positive_longs() throws Exception {
      save(room, record(Long.MAX_VALUE), record(1L << 40), record(1));

      assertThat(keys(all(room))).containsExactly(1L, 1L << 40, Long.MAX_VALUE);
      assertThat(await(records.page(room, null, Long.MAX_VALUE, 10))).isEmpty();
    }

    @Test
    void of_two_writes_of_one_key_the_later_counts() throws Exception {
      CompletableFuture<?> first = records.save(room, List.of(record(1, "first")), List.of());
      CompletableFuture<?> second =
          records.save(
              room, List.of(record(1, "second"), record(2), record(1, "third")), List.of());
      await(first);
      await(second);

      assertThat(all(room)).containsExactly(record(1, "third"), record(2));
      assertThat(tagged(room, "first")).isEmpty();
      assertThat(tagged(room, "second")).isEmpty();
      assertThat(tagged(room, "third")).containsExactly(1L);
    }

    @Test
    void only_those_that_changed_are_touched() throws Exception {
      save(room, record(1, "a"), record(2, "a"), record(3, "a"));
      ConnectionRecord changed =
          new ConnectionRecord(2, "sub", Set.of("a"), new byte[300], false, true);
      save(room, changed);

      assertThat(all(room)).containsExactly(record(1, "a"), changed, record(3, "a"));
      assertThat(tagged(room, "a")).containsExactly(1L, 2L, 3L);
    }

    @Test
    void those_that_are_gone_are_deleted_if_they_are_there() throws Exception {
      save(room, record(1, "a"), record(2, "a"), record(3, "b"));
      await(records.save(room, List.of(record(4, "a")), List.of(1L, 3L, 77L)));

      assertThat(keys(all(room))).containsExactly(2L, 4L);
      assertThat(tagged(room, "a")).containsExactly(2L, 4L);
      assertThat(tagged(room, "b")).isEmpty();
      drop(other, 1L);
      assertThat(all(other)).isEmpty();
    }

    @Test
    void a_key_that_was_deleted_can_come_again() throws Exception {
      save(room, record(1, "a"));
      drop(room, 1L);
      save(room, record(1, "b"));

      assertThat(all(room)).containsExactly(record(1, "b"));
      assertThat(tagged(room, "a")).isEmpty();
    }

    @Test
    void nothing_to_save_is_no_failure() throws Exception {
      save(room);

      assertThat(all(room)).isEmpty();
    }

    @Test
    void what_the_caller_does_with_its_lists_and_bytes_later_does_not_matter() throws Exception {
      List<ConnectionRecord> changed = new ArrayList<>(List.of(record(1)));
      List<Long> gone = new ArrayList<>(List.of(2L));
      save(room, record(2));
      CompletableFuture<?> saved = records.save(room, changed, gone);
      changed.clear();
      gone.clear();
      await(saved);

      assertThat(all(room)).containsExactly(record(1));
      await(records.read(room, List.of(1L))).getFirst().attachment()[0] = 99;
      assertThat(all(room)).containsExactly(record(1));
    }
  }

  @Nested
  class When_two_rooms_have_the_same_connection_keys {
    private final RoomId namesake = room("editors", 1);

    @BeforeEach
    void saved() throws Exception {
      save(room, record(1, "a"), record(2));
      save(namesake, record(1), record(2, "a"), record(3));
      await(records.sleeps(room, new Slept(2, 0, 10)));
      await(records.sleeps(namesake, new Slept(3, 0, 20)));
    }

    @Test
    void each_has_its_own_records_and_tags() throws Exception {
      assertThat(all(room)).containsExactly(record(1, "a"), record(2));
      assertThat(all(namesake)).containsExactly(record(1), record(2, "a"), record(3));
      assertThat(tagged(room, "a")).containsExactly(1L);
      assertThat(tagged(namesake, "a")).containsExactly(2L);
    }

    @Test
    void what_is_deleted_in_one_stays_in_the_other() throws Exception {
      drop(namesake, 1L);
      await(records.ended(namesake, 2));

      assertThat(keys(all(room))).containsExactly(1L, 2L);
      assertThat(await(records.slept(room))).contains(new Slept(2, 0, 10));
      assertThat(await(records.slept(namesake))).contains(new Slept(2, 0, 20));
    }

    @Test
    void one_is_forgotten_and_the_other_not() throws Exception {
      await(records.forget(namesake));

      assertThat(all(namesake)).isEmpty();
      assertThat(all(room)).containsExactly(record(1, "a"), record(2));
      assertThat(tagged(room, "a")).containsExactly(1L);
      assertThat(await(records.slept(room))).contains(new Slept(2, 0, 10));
    }
  }

  @Nested
  class When_single_records_are_read {

    @Test
    void they_come_in_the_order_of_their_keys_each_once() throws Exception {
      save(room, record(5), record(1), record(9));

      assertThat(keys(await(records.read(room, List.of(9L, 1L, 5L, 1L)))))
          .containsExactly(1L, 5L, 9L);
    }

    @Test
    void those_that_are_not_there_are_left_out() throws Exception {
      save(room, record(5));

      assertThat(keys(await(records.read(room, List.of(4L, 5L, 6L))))).containsExactly(5L);
      assertThat(await(records.read(room, List.of()))).isEmpty();
      assertThat(await(records.read(other, List.of(5L)))).isEmpty();
    }

    @Test
    void a_chunk_can_be_read_at_once() throws Exception {
      List<ConnectionRecord> saved =
          LongStream.rangeClosed(1, CHUNK).mapToObj(key -> record(key, "t" + key)).toList();
      await(records.save(room, saved, List.of()));

      assertThat(await(records.read(room, keys(saved)))).isEqualTo(saved);
    }
  }

  @Nested
  class When_records_are_paged {

    @Test
    void C4_they_come_in_the_order_of_their_keys_from_after_a_key_up_to_a_limit() throws Exception {
      save(room, record(40), record(10), record(30), record(20));

      assertThat(keys(await(records.page(room, null, 0, 10)))).containsExactly(10L, 20L, 30L, 40L);
      assertThat(keys(await(records.page(room, null, 0, 2)))).containsExactly(10L, 20L);
      assertThat(keys(await(records.page(room, null, 20, 10)))).containsExactly(30L, 40L);
      assertThat(keys(await(records.page(room, null, 21, 1)))).containsExactly(30L);
      assertThat(keys(await(records.page(room, null, 40, 10)))).isEmpty();
      assertThat(keys(await(records.page(room, null, Long.MIN_VALUE, Integer.MAX_VALUE))))
          .hasSize(4);
      assertThat(await(records.page(room, null, 0, 0))).isEmpty();
      assertThat(await(records.page(other, null, 0, 10))).isEmpty();
    }

    @Test
    void C4_only_those_with_the_tag_come_if_one_is_given() throws Exception {
      save(
          room,
          record(1, "red"),
          record(2, "red", "tall"),
          record(3),
          record(4, "tall", "reddish"),
          record(5, "red"));

      assertThat(keys(await(records.page(room, "red", 0, 10)))).containsExactly(1L, 2L, 5L);
      assertThat(keys(await(records.page(room, "red", 1, 1)))).containsExactly(2L);
      assertThat(keys(await(records.page(room, "red", 2, 10)))).containsExactly(5L);
      assertThat(keys(await(records.page(room, "tall", 0, 10)))).containsExactly(2L, 4L);
      assertThat(await(records.page(room, "re", 0, 10))).isEmpty();
      assertThat(await(records.page(room, "red", 0, 0))).isEmpty();
      assertThat(await(records.page(other, "red", 0, 10))).isEmpty();
    }

    @Test
    void those_that_are_closing_come_too() throws Exception {
      save(room, record(1, "a"), closing(2, "a"), closing(3));

      assertThat(all(room)).containsExactly(record(1, "a"), closing(2, "a"), closing(3));
      assertThat(await(records.page(room, "a", 0, 10)))
          .containsExactly(record(1, "a"), closing(2, "a"));
    }

    @Test
    void C2_tags_that_were_changed_count_as_they_are_now() throws Exception {
      save(room, record(1, "a", "b"), record(2, "a"), record(3));
      save(room, record(1, "b", "c"), record(2), record(3, "a"));

      assertThat(tagged(room, "a")).containsExactly(3L);
      assertThat(tagged(room, "b")).containsExactly(1L);
      assertThat(tagged(room, "c")).containsExactly(1L);
      assertThat(all(room)).containsExactly(record(1, "b", "c"), record(2), record(3, "a"));
    }

    @Test
    void many_pages_hold_all_records_once_with_and_without_a_tag() throws Exception {
      List<Long> keys = LongStream.range(1, 4 * CHUNK).map(i -> i * 3).boxed().toList();
      List<Long> shuffled = new ArrayList<>(keys);
      Collections.shuffle(shuffled, new java.util.Random(7));
      for (int from = 0; from < shuffled.size(); from += CHUNK) {
        await(
            records.save(
                room,
                shuffled.subList(from, Math.min(shuffled.size(), from + CHUNK)).stream()
                    .map(key -> record(key, key % 2 == 0 ? "even" : "odd"))
                    .toList(),
                List.of()));
      }

      assertThat(keys(all(room))).isEqualTo(keys);
      assertThat(tagged(room, "even"))
          .isEqualTo(keys.stream().filter(key -> key % 2 == 0).toList());
    }
  }
}
