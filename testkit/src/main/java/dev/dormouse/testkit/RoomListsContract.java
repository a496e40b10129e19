package dev.dormouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.AlarmRow;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The list of a namespace's rooms (S6). Part of [RoomStoreContract].
abstract class RoomListsContract extends StorePart {
  RoomListsContract(RoomStoreContract contract) {
    super(contract);
  }

  private List<RoomId> rooms(@Nullable RoomId after, int limit) throws Exception {
    return await(store().rooms(SPACE, after, limit));
  }

  @Test
  void S6_they_come_in_order_of_their_ids_page_by_page() throws Exception {
    for (int first : new int[] {200, 3, 255, 127, 0, 128}) {
      next(room(first)).put("a", "1").commit();
    }
    next(room("docs", 5, null)).put("a", "1").commit();

    assertThat(rooms(null, 100))
        .containsExactly(room(0), room(3), room(127), room(128), room(200), room(255));
    assertThat(rooms(null, 2)).containsExactly(room(0), room(3));
    assertThat(rooms(room(3), 3)).containsExactly(room(127), room(128), room(200));
    assertThat(rooms(room(4), 1)).containsExactly(room(127));
    assertThat(rooms(room(255), 3)).isEmpty();
    assertThat(await(store().rooms("none", null, 3))).isEmpty();
  }

  @Test
  void S6_rooms_without_keys_and_alarms_are_left_out() throws Exception {
    next(room(1)).put("a", "1").commit();
    next(room(2)).alarm(AlarmRow.at("tick", 5)).commit();
    next(room(3)).put("a", "1").commit();
    next(room(3)).delete("a").commit();
    next(room(4)).put("a", "1").alarm(AlarmRow.at("tick", 5)).commit();
    next(room(4)).clear().commit();

    assertThat(rooms(null, 10)).containsExactly(room(1), room(2));
  }

  @Test
  void S2_a_room_that_was_emptied_keeps_its_numbers() throws Exception {
    next(room(3)).put("a", "1").numbers(1, 4).commit();
    next(room(3)).clear().numbers(2, 0).commit();
    reopen();

    assertThat(load(room(3)).sequence()).isEqualTo(2);
    assertThat(load(room(3)).version()).isEqualTo(2);
    assertThat(keys(room(3))).isEmpty();
  }

  @Test
  void I1_a_name_is_kept_from_the_first_write_on() throws Exception {
    RoomId named = room(SPACE, 1, "team/α");
    next(named).put("a", "1").commit();
    next(room(1)).put("a", "2").commit();
    reopen();

    assertThat(rooms(null, 1).getFirst().name()).contains("team/α");
    assertThat(load(room(1)).name()).isEqualTo("team/α");
  }
}
