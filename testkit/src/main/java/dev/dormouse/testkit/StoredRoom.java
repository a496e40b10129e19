package dev.dormouse.testkit;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.RoomSize;
import dev.dormouse.room.spi.WriteSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/// One room's durable state on a [MemoryDisk], which guards it.
final class StoredRoom {
  /// With the name by which the room was addressed when it was written, if it ever was.
  RoomId id;

  final NavigableMap<String, byte[]> keys = KeyOrder.newMap();
  final Map<String, AlarmRow> alarms = new TreeMap<>();
  long sequence;
  long version;
  int schema;

  StoredRoom(RoomId id) {
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

  /// @throws IllegalStateException if the set says wrongly how much there is with it
  void apply(WriteSet set) {
    if (id.name().isEmpty()) {
      id = set.room();
    }
    if (set.clear()) {
      keys.clear();
      alarms.clear();
    }
    set.changes()
        .forEach((key, value) -> {
          if (value.isPresent()) {
            keys.put(key, value.get());
          } else {
            keys.remove(key);
          }
        });
    for (WriteSet.AlarmChange change : set.alarms()) {
      switch (change) {
        case WriteSet.PutAlarm(AlarmRow row) -> alarms.put(row.name(), row);
        case WriteSet.DeleteAlarm(String name) -> alarms.remove(name);
      }
    }
    RoomSize said = set.size();
    if (said != null && !said.equals(size(Set.of()))) {
      throw new IllegalStateException(
          "%s says that it has %s; it has %s".formatted(set.room(), said, size(Set.of())));
    }
    sequence = set.sequence();
    version = set.version();
    schema = set.schema();
  }

  /// @param wholeKeys with more keys than this the room is read on demand
  RoomImage image(int wholeKeys) {
    RoomImage.Keys image = new RoomImage.OnDemand();
    if (keys.size() <= wholeKeys) {
      NavigableMap<String, byte[]> copy = KeyOrder.newMap();
      copy.putAll(keys);
      image = new RoomImage.Whole(copy);
    }
    return new RoomImage(
        id.name().orElse(null),
        sequence,
        version,
        schema,
        size(Set.of()),
        List.copyOf(alarms.values()),
        image);
  }

  List<Storage.Entry> list(KeyRange range, long maxBytes) {
    List<Storage.Entry> entries = new ArrayList<>();
    long bytes = 0;
    for (Map.Entry<String, byte[]> entry :
        (range.reverse() ? keys.descendingMap() : keys).entrySet()) {
      if (bytes > maxBytes || entries.size() >= range.limit()) {
        break;
      }
      if (isIn(range, entry.getKey())) {
        entries.add(new Storage.Entry(entry.getKey(), entry.getValue()));
        bytes += entry.getKey().length() + entry.getValue().length;
      }
    }
    return entries;
  }

  private static boolean isIn(KeyRange range, String key) {
    return key.startsWith(range.prefix())
        && (range.start() == null || KeyOrder.UTF8.compare(key, range.start()) >= 0)
        && (range.end() == null || KeyOrder.UTF8.compare(key, range.end()) < 0);
  }
}
