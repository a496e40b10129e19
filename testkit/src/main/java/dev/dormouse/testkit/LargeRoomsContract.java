package dev.dormouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Rooms that are read key by key (S1). Part of [RoomStoreContract].
abstract class LargeRoomsContract extends StorePart {
  LargeRoomsContract(RoomStoreContract contract) {
    super(contract);
  }

  private final RoomId room = room(1);

  private void fill(int keys, int bytes) throws Exception {
    Draft draft = next(room);
    IntStream.range(0, keys).forEach(i -> draft.put("k%05d".formatted(i), new byte[bytes]));
    draft.put("other", "o").commit();
  }

  @Test
  void S1_it_can_be_loaded_or_read_key_by_key() throws Exception {
    fill(5_000, 100);

    assertThat(keys(room)).hasSize(5_001).containsEntry("other", "o");
    assertThat(await(store().read(room, "k04999"))).isPresent();
    assertThat(await(store().read(room, "k05000"))).isEmpty();
    assertThat(await(store().read(room(2), "k04999"))).isEmpty();
  }

  @Test
  void S1_it_can_be_listed_in_both_directions_by_prefix_interval_and_limit() throws Exception {
    fill(3_000, 1);

    assertThat(list(room, KeyRange.all().limited(2))).containsExactly("k00000", "k00001");
    assertThat(list(room, KeyRange.all().reversed().limited(2))).containsExactly("other", "k02999");
    assertThat(list(room, KeyRange.prefixed("k029"))).hasSize(100).startsWith("k02900");
    assertThat(list(room, KeyRange.prefixed("k029").reversed().limited(1)))
        .containsExactly("k02999");
    assertThat(list(room, KeyRange.prefixed("k").from("k02998")))
        .containsExactly("k02998", "k02999");
    assertThat(list(room, KeyRange.prefixed("k0").to("k00002").reversed()))
        .containsExactly("k00001", "k00000");
    assertThat(list(room, KeyRange.prefixed("k1"))).isEmpty();
    assertThat(list(room, KeyRange.prefixed("k").from("l"))).isEmpty();
    assertThat(list(room, KeyRange.all().from("p"))).isEmpty();
    assertThat(list(room(2), KeyRange.all())).isEmpty();
  }

  @Test
  void S1_a_listing_may_stop_at_a_size_but_not_before_it() throws Exception {
    fill(100, 1_000);

    List<Storage.Entry> some = await(store().list(room, KeyRange.all(), 10_000));
    long bytes = some.stream().mapToLong(e -> e.key().length() + e.value().length).sum();
    assertThat(bytes).isGreaterThanOrEqualTo(10_000);
    assertThat(some).extracting(Storage.Entry::key).startsWith("k00000", "k00001").isSorted();
    assertThat(await(store().list(room, KeyRange.all(), 1_000_000))).hasSize(101);
  }
}
