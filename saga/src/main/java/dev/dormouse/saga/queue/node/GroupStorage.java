package dev.dormouse.saga.queue.node;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.Alarms;
import dev.dormouse.room.KeyRange;
import dev.dormouse.room.Storage;
import dev.dormouse.saga.queue.GroupChanges;
import dev.dormouse.saga.queue.GroupRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A group's rows as the keys of its room, and the time it asks for as the room's alarm.
///
/// A copy of the rows is kept in memory, since a turn looks at many and a room of some thousand
/// keys is read from the store. It is dropped when a change is refused, for the whole turn is
/// undone then; any other throw ends the incarnation, and the copy with it.
final class GroupStorage implements GroupRows {
  static final String ALARM = "group";

  /// With more rows than this there is no copy.
  private static final int MOST = 100_000;

  private static final int PAGE = 2_000;
  private static final byte[] NOTHING = {};

  private final Storage storage;
  private final Alarms alarms;

  /// All rows; null while there is no copy. Guarded by the room's turns.
  private @Nullable NavigableMap<String, byte[]> copy;

  private boolean tooMany;

  GroupStorage(Storage storage, Alarms alarms) {
    this.storage = storage;
    this.alarms = alarms;
  }

  private @Nullable NavigableMap<String, byte[]> copy() {
    if (copy != null || tooMany) {
      return copy;
    }
    NavigableMap<String, byte[]> rows = new TreeMap<>();
    String from = "";
    while (true) {
      List<Storage.Entry> page = storage.list(KeyRange.all().from(from).limited(PAGE));
      page.forEach(entry -> rows.put(entry.key(), entry.value()));
      if (page.size() < PAGE) {
        copy = rows;
        return rows;
      }
      if (rows.size() > MOST) {
        tooMany = true;
        return null;
      }
      from = page.getLast().key() + " ";
    }
  }

  @Override
  public byte @Nullable [] get(String key) {
    NavigableMap<String, byte[]> rows = copy();
    return rows != null ? rows.get(key) : storage.get(key).orElse(null);
  }

  @Override
  public List<Row> list(String from, String to, int limit) {
    List<Row> found = new ArrayList<>();
    NavigableMap<String, byte[]> rows = copy();
    if (rows == null) {
      storage
          .list(KeyRange.all().from(from).to(to).limited(limit))
          .forEach(entry -> found.add(new Row(entry.key(), entry.value())));
      return found;
    }
    for (Map.Entry<String, byte[]> row : rows.subMap(from, to).entrySet()) {
      if (found.size() == limit) {
        break;
      }
      found.add(new Row(row.getKey(), row.getValue()));
    }
    return found;
  }

  void store(GroupChanges changes) {
    try {
      changes
          .rows()
          .forEach((key, value) ->
              value.ifPresentOrElse(bytes -> storage.put(key, bytes), () -> delete(key)));
      alarm(changes);
    } catch (RuntimeException refused) {
      copy = null;
      throw refused;
    }
    NavigableMap<String, byte[]> rows = copy;
    if (rows != null) {
      changes
          .rows()
          .forEach((key, value) ->
              value.ifPresentOrElse(bytes -> rows.put(key, bytes), () -> rows.remove(key)));
      if (rows.size() > MOST) {
        copy = null;
        tooMany = true;
      }
    }
  }

  /// Deleting says whether the key was there, which is a read of the store in a room of many keys;
  /// not if this turn has just written it. A key that was not there is deleted all the same.
  private void delete(String key) {
    storage.put(key, NOTHING);
    storage.delete(key);
  }

  private void alarm(GroupChanges changes) {
    if (changes.nextAlarm().isEmpty()) {
      alarms.delete(ALARM);
      return;
    }
    Instant due = Instant.ofEpochMilli(changes.nextAlarm().getAsLong());
    // One that rings in this turn is not listed, and so set again; one that was given up, too.
    if (alarms
        .get(ALARM)
        .filter(present -> present.state() == Alarm.State.SET && present.due().equals(due))
        .isEmpty()) {
      alarms.set(ALARM, due);
    }
  }
}
