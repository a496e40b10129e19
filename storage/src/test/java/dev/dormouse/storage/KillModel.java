package dev.dormouse.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.WriteSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/// What rooms write in a kill test, and what they then hold: the k-th set of a room depends on the
/// room and on k alone.
final class KillModel {
  private final SortedMap<String, String> keys = new TreeMap<>();
  private final Map<String, AlarmRow> alarms = new HashMap<>();

  private final int room;
  private long sequence;

  KillModel(int room) {
    this.room = room;
  }

  static RoomId room(int number) {
    return Sets.room(number, "room-" + number);
  }

  static WriteSet set(long epoch, int room, long k) {
    Random random = new Random(room * 1_000_003L + k);
    SortedMap<String, Optional<byte[]>> changes = KeyOrder.newMap();
    changes.put("count", Optional.of(Long.toString(k).getBytes(UTF_8)));
    for (int i = random.nextInt(4); i > 0; i--) {
      String key = "k" + random.nextInt(9);
      changes.put(
          key,
          random.nextInt(4) == 0
              ? Optional.empty()
              : Optional.of((key + "@" + k + "x".repeat(random.nextInt(600))).getBytes(UTF_8)));
    }
    List<WriteSet.AlarmChange> alarms = new ArrayList<>();
    if (random.nextInt(3) == 0) {
      alarms.add(new WriteSet.PutAlarm(AlarmRow.at("a" + random.nextInt(3), k)));
    } else if (random.nextInt(3) == 0) {
      alarms.add(new WriteSet.DeleteAlarm("a" + random.nextInt(3)));
    }
    return new WriteSet(
        room(room), epoch, k, 2 * k, (int) (k % 5), random.nextInt(50) == 0, changes, alarms);
  }

  /// Goes on to what the room holds after its first `sequence` sets; never back.
  void advanceTo(long sequence) {
    while (this.sequence < sequence) {
      apply(set(0, room, ++this.sequence));
    }
  }

  private void apply(WriteSet set) {
    if (set.clear()) {
      keys.clear();
      alarms.clear();
    }
    set.changes()
        .forEach((key, value) -> {
          if (value.isPresent()) {
            keys.put(key, new String(value.get(), UTF_8));
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
  }

  SortedMap<String, String> keys() {
    return keys;
  }

  Map<String, AlarmRow> alarms() {
    return alarms;
  }
}
