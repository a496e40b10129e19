package dev.dormouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.RoomImage;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a committed write set leaves. Part of [RoomStoreContract].
abstract class CommitsContract extends StorePart {
  CommitsContract(RoomStoreContract contract) {
    super(contract);
  }

  private final RoomId room = room(1);

  @Test
  void S1_a_load_sees_its_keys() throws Exception {
    next(room).put("a", "1").put("b", "2").commit();

    assertThat(keys(room)).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
  }

  @Test
  void S2_a_load_sees_its_numbers() throws Exception {
    next(room).put("a", "1").numbers(7, 3).commit();
    next(room).alarm(AlarmRow.at("tick", 5)).numbers(7, 3).commit();

    RoomImage image = load(room);
    assertThat(image.sequence()).isEqualTo(2);
    assertThat(image.version()).isEqualTo(7);
    assertThat(image.schema()).isEqualTo(3);
  }

  @Test
  void an_unknown_room_loads_empty() throws Exception {
    RoomImage image = load(room(9));

    assertThat(image.sequence()).isZero();
    assertThat(image.version()).isZero();
    assertThat(image.schema()).isZero();
    assertThat(image.alarms()).isEmpty();
    assertThat(keys(room(9))).isEmpty();
  }

  @Test
  void S1_a_later_set_overwrites_and_deletes() throws Exception {
    next(room).put("a", "1").put("b", "2").commit();
    next(room).put("a", "one").delete("b").delete("never there").put("c", "3").commit();

    assertThat(keys(room)).containsExactly(Map.entry("a", "one"), Map.entry("c", "3"));
  }

  @Test
  void S1_clear_deletes_what_was_there_before_the_set_and_its_own_changes_stay() throws Exception {
    next(room).put("a", "1").put("b", "2").alarm(AlarmRow.at("old", 5)).commit();
    next(room).clear().put("b", "new").alarm(AlarmRow.at("new", 6)).commit();

    assertThat(keys(room)).containsExactly(Map.entry("b", "new"));
    assertThat(load(room).alarms()).containsExactly(AlarmRow.at("new", 6));
  }

  @Test
  void S1_keys_come_in_the_order_of_their_UTF_8_bytes() throws Exception {
    // Above D800 the order of UTF-16 is another one: an emoji begins with D83D, but comes last.
    next(room)
        .put("\uD83D\uDE00", "astral")
        .put("\uE000", "private use")
        .put("\uFF5E", "full width")
        .put("z", "z")
        .put("", "empty")
        .put("\u0000", "nul")
        .put("a", "a")
        .put("a\u0000b", "a nul b")
        .put("\u00E9", "two bytes")
        .commit();

    List<String> ordered =
        List.of("", "\u0000", "a", "a\u0000b", "z", "\u00E9", "\uE000", "\uFF5E", "\uD83D\uDE00");
    assertThat(keys(room).keySet()).containsExactlyElementsOf(ordered);
    assertThat(list(room, KeyRange.all())).isEqualTo(ordered);
    assertThat(list(room, KeyRange.all().reversed())).isEqualTo(ordered.reversed());
    assertThat(list(room, KeyRange.all().from("\uE000")))
        .containsExactly("\uE000", "\uFF5E", "\uD83D\uDE00");
    assertThat(list(room, KeyRange.all().from("\uE000").to("\uD83D\uDE00")))
        .containsExactly("\uE000", "\uFF5E");
    assertThat(list(room, KeyRange.prefixed("\uD83D\uDE00"))).containsExactly("\uD83D\uDE00");
  }

  @Test
  void S1_values_are_any_bytes_and_may_be_empty() throws Exception {
    byte[] all = new byte[256];
    IntStream.range(0, 256).forEach(i -> all[i] = (byte) i);
    next(room).put("all", all).put("empty", new byte[0]).commit();

    assertThat(await(store().read(room, "all")))
        .hasValueSatisfying(v -> assertThat(v).isEqualTo(all));
    assertThat(await(store().read(room, "empty"))).hasValueSatisfying(v -> assertThat(v).isEmpty());
    assertThat(keys(room)).containsEntry("empty", "");
  }

  @Test
  void S1_rooms_do_not_see_each_other() throws Exception {
    RoomId sameBytes = room("docs", 1, null);
    next(room).put("a", "chat").commit();
    next(sameBytes).put("a", "docs").commit();
    next(room(2)).put("b", "2").commit();

    assertThat(keys(room)).containsExactly(Map.entry("a", "chat"));
    assertThat(keys(sameBytes)).containsExactly(Map.entry("a", "docs"));
    assertThat(await(store().read(room(2), "a"))).isEmpty();
  }

  @Test
  void the_store_is_not_in_trouble() throws Exception {
    next(room).put("a", "1").commit();

    assertThat(store().trouble()).isEmpty();
  }

  @Test
  void the_maps_and_arrays_of_an_image_are_the_receivers() throws Exception {
    next(room).put("a", "1").commit();

    switch (load(room).keys()) {
      case RoomImage.Whole(var entries) -> {
        entries.put("b", new byte[] {1});
        entries.remove("a");
      }
      case RoomImage.OnDemand() -> throw new AssertionError("one key is not too many");
    }
    assertThat(keys(room)).containsExactly(Map.entry("a", "1"));
  }
}
