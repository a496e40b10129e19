package dev.dormouse.storage.sql;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.WriteSet;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// What the node's index, which is the store of all other rooms, says of one room with SQL: that it
/// is there, its alarms, and its marks. So alarms, listings and marks of sleeping rooms are found
/// without opening their files.
///
/// The file is the truth. The index may promise more than the file holds, never less: what comes or
/// moves earlier is indexed before the file's commit, what goes or moves later after its sync.
/// Whoever opens the file compares the two and mends the index. A spurious alarm wakes its room,
/// and so mends itself; a spurious mark would not, so while a room's marks change it has a mark of
/// its own, by which the next start finds it.
///
/// Thread-safe: one lock, this object, under which sets are handed to the index in their order.
final class IndexKeeper {
  /// Says that the room has a file.
  static final String FILE = "\0sql";

  /// The numbers of a room that is gone; the index does not list a room for it.
  static final String GONE = "\0gone";

  /// The mark of rooms whose marks change. No facility can have such a name.
  static final String CHANGING = "\u0001sql";

  private static final String CHANGING_KEY = RoomStore.MARKS + CHANGING;

  private final RoomStore index;

  /// With the room's name, once it is known.
  private RoomId room;

  // What the index holds once all that was handed to it is done.
  private long sequence;
  private final Map<String, AlarmRow> indexedAlarms = new HashMap<>();
  private final SortedMap<String, byte[]> indexedKeys = KeyOrder.newMap();

  // What the file holds, commits that are not synced included.
  private final Map<String, AlarmRow> alarms = new TreeMap<>();
  private final Map<String, byte[]> marks = new HashMap<>();
  private boolean exists;
  private RoomFile.Numbers numbers = RoomFile.Numbers.NONE;

  // Which set of the room touched each of them last.
  private final Map<String, Long> touchedAlarms = new HashMap<>();
  private final Map<String, Long> touchedMarks = new HashMap<>();
  private long touchedExistence;

  /// @param image what the index holds of the room
  IndexKeeper(RoomId room, RoomStore index, RoomImage image) {
    this.room = RoomId.of(room.namespace(), room.bytes(), image.name());
    this.index = index;
    sequence = image.sequence();
    image.alarms().forEach(row -> indexedAlarms.put(row.name(), row));
    if (image.keys() instanceof RoomImage.Whole(var entries)) {
      indexedKeys.putAll(entries);
    } else {
      throw new IllegalStateException("the index has too many rows of " + room);
    }
    numbers = gone();
  }

  /// The name by which the room was addressed, if the index knows it.
  synchronized @Nullable String name() {
    return room.name().orElse(null);
  }

  synchronized boolean hasFile() {
    return indexedKeys.containsKey(FILE);
  }

  private RoomFile.Numbers gone() {
    byte[] stored = indexedKeys.get(GONE);
    if (stored == null) {
      return RoomFile.Numbers.NONE;
    }
    ByteBuffer numbers = ByteBuffer.wrap(stored);
    return new RoomFile.Numbers(0, numbers.getLong(), numbers.getLong(), 0);
  }

  /// The numbers of the room when it was there last.
  synchronized RoomFile.Numbers numbers() {
    return numbers;
  }

  synchronized List<AlarmRow> alarms() {
    return List.copyOf(alarms.values());
  }

  synchronized boolean exists() {
    return exists;
  }

  /// The file was opened and holds this. If the index says otherwise it is mended.
  synchronized @Nullable CompletableFuture<Position> opened(
      List<AlarmRow> alarms, Map<String, byte[]> marks, boolean exists, RoomFile.Numbers numbers) {
    this.alarms.clear();
    alarms.forEach(row -> this.alarms.put(row.name(), row));
    this.marks.clear();
    this.marks.putAll(marks);
    this.exists = exists;
    this.numbers = numbers;
    Set<String> names = new HashSet<>(indexedAlarms.keySet());
    names.addAll(this.alarms.keySet());
    Set<String> keys = new HashSet<>(marks.keySet());
    indexedKeys.keySet().stream().filter(IndexKeeper::isMark).forEach(keys::add);
    Change change = new Change();
    names.forEach(each -> settle(change, each));
    keys.forEach(each -> settleMark(change, each));
    settleExistence(change);
    if (indexedKeys.containsKey(CHANGING_KEY)) {
      change.delete(CHANGING_KEY);
    }
    return change.submit();
  }

  private static boolean isMark(String key) {
    return key.startsWith(RoomStore.MARKS) && !key.equals(CHANGING_KEY);
  }

  /// Indexes what must be there before the file has `set`; null if all is.
  synchronized @Nullable CompletableFuture<Position> before(WriteSet set) {
    Change change = new Change();
    if (!indexedKeys.containsKey(FILE)
        || (room.name().isEmpty() && set.room().name().isPresent())) {
      room = set.room();
      change.put(FILE, new byte[0]);
    }
    boolean touches = set.clear() && !marks.isEmpty();
    for (var entry : set.changes().entrySet()) {
      if (isMark(entry.getKey())) {
        touches = true;
        Optional<byte[]> value = entry.getValue();
        if (value.isPresent() && !indexedKeys.containsKey(entry.getKey())) {
          change.put(entry.getKey(), value.get());
        }
      }
    }
    if (touches && !indexedKeys.containsKey(CHANGING_KEY)) {
      change.put(CHANGING_KEY, new byte[0]);
    }
    for (WriteSet.AlarmChange each : set.alarms()) {
      if (each instanceof WriteSet.PutAlarm(AlarmRow row)) {
        AlarmRow old = indexedAlarms.get(row.name());
        if (old == null || first(row) < first(old)) {
          change.put(row);
        }
      }
    }
    return change.submit();
  }

  /// When a row may first wake its room.
  private static long first(AlarmRow row) {
    return switch (row.state()) {
      case SET -> row.next();
      case AT_RESTART -> -1;
      case PARKED -> Long.MAX_VALUE;
    };
  }

  /// The file has `set`, though it is not synced.
  ///
  /// @param exists whether anything is in the file now
  synchronized void committed(WriteSet set, boolean exists, RoomFile.Numbers now) {
    long by = set.sequence();
    if (set.clear()) {
      alarms.keySet().forEach(each -> touchedAlarms.put(each, by));
      marks.keySet().forEach(each -> touchedMarks.put(each, by));
      alarms.clear();
      marks.clear();
    }
    for (var entry : set.changes().entrySet()) {
      if (isMark(entry.getKey())) {
        touchedMarks.put(entry.getKey(), by);
        entry
            .getValue()
            .ifPresentOrElse(
                value -> marks.put(entry.getKey(), value), () -> marks.remove(entry.getKey()));
      }
    }
    for (WriteSet.AlarmChange each : set.alarms()) {
      touchedAlarms.put(each.name(), by);
      switch (each) {
        case WriteSet.PutAlarm(AlarmRow row) -> alarms.put(row.name(), row);
        case WriteSet.DeleteAlarm(String alarm) -> alarms.remove(alarm);
      }
    }
    if (!exists || !this.exists) {
      touchedExistence = by;
    }
    this.exists = exists;
    numbers = now;
  }

  /// All sets up to `sequence` are synced: what they took away or moved later is indexed so; null
  /// if nothing is to be done.
  synchronized @Nullable CompletableFuture<Position> after(long sequence) {
    if (touchedAlarms.isEmpty() && touchedMarks.isEmpty() && touchedExistence == 0) {
      return null;
    }
    Change change = new Change();
    settled(touchedAlarms, sequence).forEach(each -> settle(change, each));
    settled(touchedMarks, sequence).forEach(each -> settleMark(change, each));
    if (touchedExistence != 0 && touchedExistence <= sequence) {
      touchedExistence = 0;
      settleExistence(change);
    }
    if (touchedMarks.isEmpty() && indexedKeys.containsKey(CHANGING_KEY)) {
      change.delete(CHANGING_KEY);
    }
    return change.submit();
  }

  private static List<String> settled(Map<String, Long> touched, long sequence) {
    List<String> names =
        touched.entrySet().stream()
            .filter(each -> each.getValue() <= sequence)
            .map(Map.Entry::getKey)
            .toList();
    names.forEach(touched::remove);
    return names;
  }

  private void settle(Change change, String alarm) {
    AlarmRow row = alarms.get(alarm);
    if (row == null) {
      if (indexedAlarms.containsKey(alarm)) {
        change.deleteAlarm(alarm);
      }
    } else if (!row.equals(indexedAlarms.get(alarm))) {
      change.put(row);
    }
  }

  private void settleMark(Change change, String key) {
    byte[] note = marks.get(key);
    byte[] indexed = indexedKeys.get(key);
    if (note == null) {
      if (indexed != null) {
        change.delete(key);
      }
    } else if (indexed == null || !Arrays.equals(note, indexed)) {
      change.put(key, note);
    }
  }

  private void settleExistence(Change change) {
    if (exists != indexedKeys.containsKey(FILE)) {
      if (exists) {
        change.put(FILE, new byte[0]);
      } else {
        change.delete(FILE);
      }
    }
    if (!exists && numbers.sequence() > 0) {
      byte[] stored =
          ByteBuffer.allocate(2 * Long.BYTES)
              .putLong(numbers.sequence())
              .putLong(numbers.version())
              .array();
      if (!Arrays.equals(stored, indexedKeys.get(GONE))) {
        change.put(GONE, stored);
      }
    }
  }

  /// What the index is told in one set. Used under the lock.
  private final class Change {
    private final SortedMap<String, Optional<byte[]>> keys = KeyOrder.newMap();
    private final List<WriteSet.AlarmChange> rows = new ArrayList<>();

    void put(String key, byte[] value) {
      keys.put(key, Optional.of(value));
      indexedKeys.put(key, value);
    }

    void delete(String key) {
      keys.put(key, Optional.empty());
      indexedKeys.remove(key);
    }

    void put(AlarmRow row) {
      rows.add(new WriteSet.PutAlarm(row));
      indexedAlarms.put(row.name(), row);
    }

    void deleteAlarm(String alarm) {
      rows.add(new WriteSet.DeleteAlarm(alarm));
      indexedAlarms.remove(alarm);
    }

    @Nullable CompletableFuture<Position> submit() {
      if (keys.isEmpty() && rows.isEmpty()) {
        return null;
      }
      sequence++;
      return index.commit(
          new WriteSet(room, index.epoch(), sequence, 0, 0, false, keys, List.copyOf(rows)));
    }
  }
}
