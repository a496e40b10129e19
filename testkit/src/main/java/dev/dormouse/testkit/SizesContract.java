package dev.dormouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.RoomSize;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// How much a room has stored (S1). Part of [RoomStoreContract].
abstract class SizesContract extends StorePart {
  SizesContract(RoomStoreContract contract) {
    super(contract);
  }

  private final RoomId room = room(1);

  private void assertSize(long bytes, long keys) throws Exception {
    assertThat(load(room).size()).isEqualTo(new RoomSize(bytes, keys));
    assertThat(await(store().sizeWithout(room, List.of()))).isEqualTo(new RoomSize(bytes, keys));
  }

  @Test
  void S1_an_unknown_room_has_nothing() throws Exception {
    assertSize(0, 0);
  }

  @Test
  void S1_keys_count_by_their_UTF_8_bytes_and_values_by_theirs() throws Exception {
    next(room).put("a", "123").put("é€🐁", "").commit();
    assertSize(4 + 9, 2);
  }

  @Test
  void S1_what_is_overwritten_deleted_or_cleared_counts_no_more() throws Exception {
    next(room).put("a", "123").put("b", "1").put("c", "12345").commit();
    assertSize(3 + 9, 3);
    next(room).put("a", "1").delete("b").delete("never there").put("d", "").commit();
    assertSize(3 + 6, 3);
    next(room).put("b", "1").delete("d").commit();
    assertSize(3 + 7, 3);
    next(room).clear().put("a", "12").delete("b").commit();
    assertSize(3, 1);
    next(room).clear().commit();
    assertSize(0, 0);
  }

  @Test
  void S1_write_sets_in_a_row_add_up() throws Exception {
    List<CompletableFuture<Position>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(next(room).put("k" + i % 10, "x".repeat(i)).delete("k" + (i + 5) % 10).submit());
    }
    for (CompletableFuture<Position> each : all) {
      await(each);
    }
    // The last five are there, each with two bytes of key.
    assertSize(10 + 95 + 96 + 97 + 98 + 99, 5);
  }

  @Test
  void S1_a_set_that_says_it_is_believed_and_others_go_on_from_there() throws Exception {
    next(room).put("a", "123").size(4, 1).commit();
    next(room).put("b", "1").commit();
    next(room).delete("a").size(2, 1).commit();
    assertSize(2, 1);
  }

  @Test
  void S1_some_keys_may_be_left_out() throws Exception {
    next(room).put("a", "123").put("b", "1").commit();

    assertThat(await(store().sizeWithout(room, List.of("a", "never there"))))
        .isEqualTo(new RoomSize(2, 1));
  }

  @Test
  void S5_it_is_the_same_after_a_restart() throws Exception {
    next(room).put("a", "123").put("b", "1").commit();
    next(room).delete("a").commit();
    reopen();
    assertSize(2, 1);
  }
}
