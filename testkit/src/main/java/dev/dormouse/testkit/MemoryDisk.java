package dev.dormouse.testkit;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.KeyOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// What a [MemoryRoomStore] has made durable: give it to the next one, and the rooms are found
/// again, as after a restart of the process.
///
/// Guarded by itself.
public final class MemoryDisk {
  final Map<RoomId, Stored> rooms = new HashMap<>();
  long epoch;
  long commits;

  /// One room's durable state.
  static final class Stored {
    /// With the name by which the room was addressed when it was written, if it ever was.
    RoomId id;

    final NavigableMap<String, byte[]> keys = KeyOrder.newMap();
    final Map<String, AlarmRow> alarms = new TreeMap<>();
    long sequence;
    long version;
    int schema;

    Stored(RoomId id) {
      this.id = id;
    }

    boolean isEmpty() {
      return keys.isEmpty() && alarms.isEmpty();
    }
  }

  /// How many write sets were ever applied.
  public synchronized long commits() {
    return commits;
  }

  /// The stored alarms of a room.
  public synchronized List<AlarmRow> alarms(RoomId room) {
    Stored stored = rooms.get(room);
    return stored == null ? List.of() : List.copyOf(stored.alarms.values());
  }

  /// A stored value, as text; for assertions about what is durable.
  public synchronized java.util.Optional<String> text(RoomId room, String key) {
    Stored stored = rooms.get(room);
    byte[] value = stored == null ? null : stored.keys.get(key);
    return value == null
        ? java.util.Optional.empty()
        : java.util.Optional.of(new String(value, java.nio.charset.StandardCharsets.UTF_8));
  }
}
