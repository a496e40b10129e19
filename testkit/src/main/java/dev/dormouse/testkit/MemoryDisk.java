package dev.dormouse.testkit;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.RoomSize;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.RoomStore.Mark;
import dev.dormouse.room.spi.RoomStore.MarkCount;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

    /// Counted anew each time, since this is for tests.
    RoomSize size(Set<String> without) {
      RoomSize size = RoomSize.NOTHING;
      for (Map.Entry<String, byte[]> entry : keys.entrySet()) {
        if (!without.contains(entry.getKey())) {
          size = size.plus(KeyOrder.bytes(entry.getKey()), entry.getValue().length);
        }
      }
      return size;
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

  /// All stored keys of a room with their values, in order; those of facilities too.
  public synchronized NavigableMap<String, byte[]> keys(RoomId room) {
    NavigableMap<String, byte[]> keys = KeyOrder.newMap();
    Stored stored = rooms.get(room);
    if (stored != null) {
      keys.putAll(stored.keys);
    }
    return keys;
  }

  /// See [RoomStore#marks].
  synchronized List<Mark> marks(String prefix, @Nullable Mark after, int limit) {
    Comparator<Mark> order =
        Comparator.comparing(Mark::name, KeyOrder.UTF8)
            .thenComparing(mark -> mark.room().bytes(), Arrays::compareUnsigned);
    return rooms.values().stream()
        .flatMap(stored ->
            stored.keys.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(RoomStore.MARKS + prefix))
                .map(entry ->
                    new Mark(
                        stored.id,
                        entry.getKey().substring(RoomStore.MARKS.length()),
                        entry.getValue())))
        .filter(mark -> after == null || order.compare(mark, after) > 0)
        .sorted(order)
        .limit(limit)
        .toList();
  }

  synchronized List<MarkCount> countMarks(String prefix) {
    SortedMap<String, MarkCount> folders = new TreeMap<>(KeyOrder.UTF8);
    for (Mark mark : marks(prefix, null, Integer.MAX_VALUE)) {
      String folder = mark.name().substring(0, mark.name().lastIndexOf('/') + 1);
      folders.merge(
          folder,
          new MarkCount(folder, 1, mark.note()),
          (a, b) ->
              new MarkCount(
                  folder,
                  a.count() + b.count(),
                  Arrays.compareUnsigned(a.least(), b.least()) <= 0 ? a.least() : b.least()));
    }
    return List.copyOf(folders.values());
  }

  /// The rooms that have ever been written.
  public synchronized List<RoomId> rooms() {
    return rooms.values().stream().map(stored -> stored.id).toList();
  }

  /// The stored version of a room.
  public synchronized long version(RoomId room) {
    Stored stored = rooms.get(room);
    return stored == null ? 0 : stored.version;
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
