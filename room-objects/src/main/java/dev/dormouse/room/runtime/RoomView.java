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
  /// What a key and its value take in a sorted map besides their bytes, roughly.
  private static final long ENTRY = 128;

  /// A state that takes more than this does not stay in memory. Many times what stores read whole:
  /// a room that is busy is better off with it.
  private static final long MOST_WHOLE = 4 << 20;

  private final RoomId room;
  private final RoomStore store;
  private final Waits waits;

  private long sequence;
  private long version;
  private int schema;
  private final Map<String, AlarmRow> alarms = new TreeMap<>();
  private ViewKeys keys;

  /// What becomes of `keys` once the room has outgrown the memory and all sets up to `outgrownAt`
  /// are durable; has the sets after that. Null otherwise.
  private ViewKeys.@Nullable OnDemand next;

  private long outgrownAt;
  private long durable;

  /// How much the room has at most: exactly, unless keys are read on demand and some were written
  /// without asking what they had.
  private RoomSize size;

  /// Whether the room has, or lately had, anything in SQL.
  private boolean tables;

  RoomView(RoomId room, RoomImage image, RoomStore store, Waits waits) {
    this.room = room;
    this.store = store;
    this.waits = waits;
    sequence = image.sequence();
    durable = sequence;
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

  /// What it takes of the memory, in bytes, roughly: nothing where keys are read on demand.
  long bytesInMemory() {
    return isWhole() ? size.bytes() + ENTRY * size.keys() : 0;
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
      next = null;
    }
    size = keys.apply(set, size, counted);
    outgrow(set);
    for (WriteSet.AlarmChange change : set.alarms()) {
      switch (change) {
        case WriteSet.PutAlarm(AlarmRow row) -> alarms.put(row.name(), row);
        case WriteSet.DeleteAlarm(String name) -> alarms.remove(name);
      }
    }
    return isWhole() ? set.withSize(size) : set;
  }

  /// Notes whether the state is about to leave the memory.
  private void outgrow(WriteSet set) {
    if (next != null) {
      var _ = next.apply(set, size, null);
    } else if (bytesInMemory() > MOST_WHOLE) {
      next = new ViewKeys.OnDemand(room, store, waits);
      outgrownAt = set.sequence();
    }
  }

  /// Lets go of a state that has outgrown the memory, if the store can be asked for all of it by
  /// now. Between two turns, under the room's lock.
  ///
  /// @return whether keys are read on demand since
  boolean shed() {
    if (next == null || durable < outgrownAt) {
      return false;
    }
    next.forget();
    keys = next;
    next = null;
    return true;
  }

  /// All sets up to `sequence` can be read from the store again. Under the room's lock.
  void durableUpTo(long sequence) {
    durable = sequence;
    keys.durableUpTo(sequence);
    if (next != null) {
      next.durableUpTo(sequence);
    }
  }
}
