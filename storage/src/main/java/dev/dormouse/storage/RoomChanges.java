package dev.dormouse.storage;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.RoomSize;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.room.spi.WriteSet.AlarmChange;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one transaction does to one room: the room's write sets of a batch, merged so that each key
/// is written once. Merging is safe since the batch is atomic.
///
/// Used by the writer's thread only.
final class RoomChanges {
  private final RoomId room;
  private final KnownRoom stored;

  /// The set that was taken last; null until one was.
  private @Nullable WriteSet last;

  private boolean clear;
  private Map<String, Optional<byte[]>> changes = Map.of();
  private Map<String, AlarmChange> alarms = Map.of();

  /// How much the room has once the batch is committed; known when it has been written.
  private RoomSize size;

  RoomChanges(RoomId room, KnownRoom stored) {
    this.room = room;
    this.stored = stored;
    size = stored.size();
  }

  /// The sequence that the room will have, and from which the next set must go on.
  long sequence() {
    return last == null ? stored.sequence() : last.sequence();
  }

  /// Takes `set` in, if its sequence follows; says whether it did.
  boolean take(WriteSet set) {
    if (set.sequence() != sequence() + 1) {
      return false;
    }
    last = set;
    if (set.clear()) {
      clear = true;
      changes = Map.of();
      alarms = Map.of();
    }
    takeChanges(set);
    takeAlarms(set);
    return true;
  }

  private void takeChanges(WriteSet set) {
    if (changes.isEmpty()) {
      // Most rooms have one set in a batch: its own map will do.
      changes = set.changes();
    } else if (!set.changes().isEmpty()) {
      if (!(changes instanceof HashMap)) {
        changes = new HashMap<>(changes);
      }
      changes.putAll(set.changes());
    }
  }

  private void takeAlarms(WriteSet set) {
    if (set.alarms().isEmpty()) {
      return;
    }
    if (alarms.isEmpty()) {
      alarms = new LinkedHashMap<>();
    }
    for (AlarmChange change : set.alarms()) {
      alarms.put(change.name(), change);
    }
  }

  RoomId room() {
    return room;
  }

  /// The room as it was before this batch.
  KnownRoom stored() {
    return stored;
  }

  /// The room as it is once the batch is committed.
  KnownRoom after() {
    return new KnownRoom(
        stored.number(), sequence(), stored.named() || room.name().isPresent(), size, true);
  }

  void size(RoomSize after) {
    size = after;
  }

  /// The set whose numbers the room will have; null if none was taken.
  @Nullable WriteSet last() {
    return last;
  }

  boolean clear() {
    return clear;
  }

  Map<String, Optional<byte[]>> changes() {
    return changes;
  }

  Map<String, AlarmChange> alarms() {
    return alarms;
  }
}
