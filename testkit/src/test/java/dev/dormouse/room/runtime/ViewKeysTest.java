package dev.dormouse.room.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.RoomSize;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.testkit.MemoryDisk;
import dev.dormouse.testkit.MemoryRoomStore;
import dev.dormouse.testkit.SeededExecution;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Keys that are read on demand: those that the store may not know yet are held, and no longer.
class ViewKeysTest {
  private static final RoomId ROOM = RoomId.of("room", new byte[32], "r");

  private final SeededExecution execution = new SeededExecution(1);
  private final ViewKeys.OnDemand keys =
      new ViewKeys.OnDemand(
          ROOM, new MemoryRoomStore(execution, new MemoryDisk()), new Waits(execution));

  private void write(long sequence, String key) {
    NavigableMap<String, Optional<byte[]>> changes = KeyOrder.newMap();
    changes.put(key, Optional.of(new byte[10]));
    WriteSet set = new WriteSet(ROOM, 1, sequence, sequence, 0, false, changes, List.of());
    var _ = keys.apply(set, RoomSize.NOTHING, null);
  }

  @Test
  void a_room_that_only_writes_holds_what_is_not_durable() {
    write(1, "a");
    write(2, "b");
    assertThat(keys.held()).isEqualTo(2);
    keys.durableUpTo(1);
    write(3, "c");
    assertThat(keys.held()).isEqualTo(2);
    keys.durableUpTo(3);
    write(4, "d");
    assertThat(keys.held()).isEqualTo(1);
  }

  @Test
  void a_key_that_was_written_again_is_held_for_the_last_time() {
    write(1, "a");
    write(2, "a");
    keys.durableUpTo(1);
    write(3, "b");
    assertThat(keys.get("a")).isPresent();
    assertThat(keys.held()).isEqualTo(2);
  }
}
