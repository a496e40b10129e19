package dev.dormouse.room.runtime;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.RoomSize;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.WriteSet;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The room's state as its next turn must see it: what is stored plus what was submitted and is not
/// yet durable. It belongs to the runtime, so a room rebuilt after a throw sees what its earlier
/// turns submitted (O3); only a failed commit discards it.
///
/// Guarded by the baton: read by the thread that holds the turn. Changed where a set is submitted
/// only, under the room's lock too: a turn that a reset has ended may still read.
final class RoomView {
  private long sequence;
  private long version;
  private int schema;
  private final Map<String, AlarmRow> alarms = new TreeMap<>();
  private ViewKeys keys;

  /// How much the room has at most: exactly, unless keys are read on demand and some were written
  /// without asking what they had.
  private RoomSize size;

  /// Whether the room has, or lately had, anything in SQL.
  private boolean tables;

  RoomView(RoomId room, RoomImage image, RoomStore store, Waits waits) {
    sequence = image.sequence();
    version = image.version();
    schema = image.schema();
    size = image.size();
    tables = image.tables();
    image.alarms().forEach(row -> alarms.put(row.name(), row));
    keys =
        switch (image.keys()) {
          case RoomImage.Whole(var entries) -> new ViewKeys.Whole(entries);
          case RoomImage.OnDemand() -> new ViewKeys.OnDemand(room, store, waits);
        };
  }

  long sequence() {
    return sequence;
  }

  long version() {
    return version;
  }

  int schema() {
    return schema;
  }

  Map<String, AlarmRow> alarms() {
    return alarms;
  }

  /// Whether every read is answered from memory.
  boolean isWhole() {
    return keys instanceof ViewKeys.Whole;
  }

  /// Whether the room has neither keys nor alarms nor tables: then it does not exist (S6).
  boolean isEmpty() {
    return alarms.isEmpty() && !tables && keys.isEmpty();
  }

  Optional<byte[]> get(String key) {
    return keys.get(key);
  }

  /// Entries in the range's order, read as far as the iterator is; `spare` more than the range's
  /// limit, for those that a layer above deletes.
  Iterable<Storage.Entry> list(KeyRange range, int spare, long maxBytes) {
    return keys.list(range, spare, maxBytes);
  }

  /// How much the room has stored at most; less only where keys are read on demand.
  RoomSize size() {
    return size;
  }

  /// How much it has besides `without`, exactly. May ask the store.
  RoomSize sizeWithout(Collection<String> without) {
    return keys.sizeWithout(size, without);
  }

  /// Takes in a write set that is being submitted, and returns it with the room's size if that is
  /// known. Under the room's lock.
  ///
  /// @param counted how much the room has with it, what facilities change left out; null if nobody
  ///   had to know
  WriteSet apply(WriteSet set, @Nullable RoomSize counted) {
    sequence = set.sequence();
    version = set.version();
    schema = set.schema();
    tables |= set.sqlTurn() != 0;
    if (set.clear()) {
      alarms.clear();
      // What the same turn made after it is missed here, which only says CREATED once too often.
      tables = false;
      keys = new ViewKeys.Whole(dev.dormouse.room.spi.KeyOrder.newMap());
      size = RoomSize.NOTHING;
    }
    size = keys.apply(set, size, counted);
    for (WriteSet.AlarmChange change : set.alarms()) {
      switch (change) {
        case WriteSet.PutAlarm(AlarmRow row) -> alarms.put(row.name(), row);
        case WriteSet.DeleteAlarm(String name) -> alarms.remove(name);
      }
    }
    return isWhole() ? set.withSize(size) : set;
  }

  /// All sets up to `sequence` can be read from the store again.
  void durableUpTo(long sequence) {
    keys.durableUpTo(sequence);
  }
}
