package dev.dormouse.testkit;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.RoomStore.DueAlarm;
import dev.dormouse.room.spi.RoomStore.DueAlarms;
import dev.dormouse.room.spi.RoomStore.Mark;
import dev.dormouse.room.spi.RoomStore.MarkCount;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a [MemoryRoomStore] has made durable: give it to the next one, and the rooms are found
/// again, as after a restart of the process.
///
/// Guarded by itself.
public final class MemoryDisk {
  final Map<RoomId, StoredRoom> rooms = new HashMap<>();
  long epoch;
  long commits;

  /// How many write sets were ever applied.
  public synchronized long commits() {
    return commits;
  }

  /// The stored alarms of a room.
  public synchronized List<AlarmRow> alarms(RoomId room) {
    StoredRoom stored = rooms.get(room);
    return stored == null ? List.of() : List.copyOf(stored.alarms.values());
  }

  /// All stored keys of a room with their values, in order; those of facilities too.
  public synchronized NavigableMap<String, byte[]> keys(RoomId room) {
    NavigableMap<String, byte[]> keys = KeyOrder.newMap();
    StoredRoom stored = rooms.get(room);
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

  /// See [RoomStore#dueAlarms].
  synchronized DueAlarms dueAlarms(long now, int limit) {
    List<DueAlarm> all = new ArrayList<>();
    for (StoredRoom stored : rooms.values()) {
      for (AlarmRow row : stored.alarms.values()) {
        if (row.state() == Alarm.State.SET) {
          all.add(new DueAlarm(stored.id, row.name(), row.next()));
        }
      }
    }
    all.sort(
        Comparator.comparingLong(DueAlarm::next)
            .thenComparing(alarm -> alarm.room().hex())
            .thenComparing(DueAlarm::name));
    List<DueAlarm> page = all.stream().filter(alarm -> alarm.next() <= now).limit(limit).toList();
    return new DueAlarms(
        page,
        page.size() < all.size()
            ? OptionalLong.of(all.get(page.size()).next())
            : OptionalLong.empty());
  }

  /// See [RoomStore#rooms].
  synchronized List<RoomId> rooms(String namespace, @Nullable RoomId after, int limit) {
    return rooms.values().stream()
        .filter(stored -> stored.id.namespace().equals(namespace) && !stored.isEmpty())
        .map(stored -> stored.id)
        .filter(id -> after == null || Arrays.compareUnsigned(id.bytes(), after.bytes()) > 0)
        .sorted((one, other) -> Arrays.compareUnsigned(one.bytes(), other.bytes()))
        .limit(limit)
        .toList();
  }

  /// The rooms that have ever been written.
  public synchronized List<RoomId> rooms() {
    return rooms.values().stream().map(stored -> stored.id).toList();
  }

  /// The stored version of a room.
  public synchronized long version(RoomId room) {
    StoredRoom stored = rooms.get(room);
    return stored == null ? 0 : stored.version;
  }

  /// A stored value, as text; for assertions about what is durable.
  public synchronized Optional<String> text(RoomId room, String key) {
    StoredRoom stored = rooms.get(room);
    byte[] value = stored == null ? null : stored.keys.get(key);
    return value == null
        ? Optional.empty()
        : Optional.of(new String(value, StandardCharsets.UTF_8));
  }
}
