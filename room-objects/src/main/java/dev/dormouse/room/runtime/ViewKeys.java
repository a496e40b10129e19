package dev.dormouse.room.runtime;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.RoomSize;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.WriteSet;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// The keys of a view: all in memory, or read from the store when they are asked for.
sealed interface ViewKeys {

  Optional<byte[]> get(String key);

  boolean isEmpty();

  Iterable<Storage.Entry> list(KeyRange range, int spare, long maxBytes);

  /// @param size how much the room had at most before
  /// @param counted how much it has now, what facilities change left out; null if that is not known
  /// @return how much it has at most
  RoomSize apply(WriteSet set, RoomSize size, @Nullable RoomSize counted);

  /// How much the room has besides `without`, exactly.
  ///
  /// @param size how much it has at most
  RoomSize sizeWithout(RoomSize size, Collection<String> without);

  void durableUpTo(long sequence);

  /// A small room's keys, as its wake read them.
  final class Whole implements ViewKeys {
    /// With fewer keys than this the sorted ones are as good.
    private static final int FEW = 8;

    private final NavigableMap<String, byte[]> entries;

    /// The same, for single keys: those of facilities are long and begin alike. Null until a key is
    /// asked for.
    private @Nullable Map<String, byte[]> byKey;

    Whole(SortedMap<String, byte[]> entries) {
      this.entries = (NavigableMap<String, byte[]>) entries;
    }

    @Override
    public Optional<byte[]> get(String key) {
      if (entries.size() < FEW) {
        return Optional.ofNullable(entries.get(key));
      }
      Map<String, byte[]> known = byKey;
      if (known == null) {
        known = new HashMap<>(entries);
        byKey = known;
      }
      return Optional.ofNullable(known.get(key));
    }

    @Override
    public boolean isEmpty() {
      return entries.isEmpty();
    }

    @Override
    public Iterable<Storage.Entry> list(KeyRange range, int spare, long maxBytes) {
      NavigableMap<String, byte[]> part = Listing.part(entries, range);
      return () ->
          (range.reverse() ? part.descendingMap() : part)
              .entrySet().stream().map(e -> new Storage.Entry(e.getKey(), e.getValue())).iterator();
    }

    @Override
    public RoomSize apply(WriteSet set, RoomSize size, @Nullable RoomSize counted) {
      Map<String, byte[]> known = byKey;
      RoomSize now = size;
      for (Map.Entry<String, Optional<byte[]>> change : set.changes().entrySet()) {
        String key = change.getKey();
        byte[] value = change.getValue().orElse(null);
        byte[] before;
        if (value != null) {
          before = entries.put(key, value);
          if (known != null) {
            known.put(key, value);
          }
        } else {
          before = entries.remove(key);
          if (before != null && known != null) {
            known.remove(key);
          }
        }
        now = now.change(KeyOrder.bytes(key), length(before), length(value));
      }
      return now;
    }

    @Override
    public RoomSize sizeWithout(RoomSize size, Collection<String> without) {
      RoomSize rest = size;
      for (String key : without) {
        rest = rest.change(KeyOrder.bytes(key), length(entries.get(key)), -1);
      }
      return rest;
    }

    private static int length(byte @Nullable [] value) {
      return value == null ? -1 : value.length;
    }

    @Override
    public void durableUpTo(long sequence) {}
  }

  /// A large room's keys: the store's, under those of write sets that it cannot yet be asked for.
  final class OnDemand implements ViewKeys {
    private final RoomId room;
    private final RoomStore store;
    private final Waits waits;

    /// Submitted and perhaps not yet durable; empty for a deleted key.
    private final NavigableMap<String, Optional<byte[]>> recent = KeyOrder.newMap();

    /// The sequence of the set that wrote each key of `recent` last.
    private final Map<String, Long> lastWriter = new HashMap<>();

    /// The sets behind `recent`, oldest first.
    private final Deque<WriteSet> pending = new ArrayDeque<>();

    /// Set by whichever thread hears of a commit; read by the one that holds the turn.
    private volatile long durable;

    OnDemand(RoomId room, RoomStore store, Waits waits) {
      this.room = room;
      this.store = store;
      this.waits = waits;
    }

    @Override
    public Optional<byte[]> get(String key) {
      forget();
      Optional<byte[]> value = recent.get(key);
      return value != null ? value : waits.on(store.read(room, key), "reading a key of " + room);
    }

    /// Never: rooms are read on demand because they are large.
    @Override
    public boolean isEmpty() {
      return false;
    }

    @Override
    public Iterable<Storage.Entry> list(KeyRange range, int spare, long maxBytes) {
      forget();
      NavigableMap<String, Optional<byte[]>> part = Listing.part(recent, range);
      int more = spare + part.size();
      int limit = range.limit() > Integer.MAX_VALUE - more ? range.limit() : range.limit() + more;
      var stored = waits.on(store.list(room, range.limited(limit), maxBytes), "listing " + room);
      long bytes = 0;
      for (Storage.Entry entry : stored) {
        bytes += entry.key().length() + entry.value().length;
      }
      if (bytes > maxBytes) {
        // The store may have stopped early, so what is laid over it would show a hole.
        throw TurnStorage.listingTooLarge(room, maxBytes);
      }
      return () -> Listing.overlay(stored.iterator(), part, range.reverse());
    }

    @Override
    public RoomSize apply(WriteSet set, RoomSize size, @Nullable RoomSize counted) {
      forget();
      recent.putAll(set.changes());
      set.changes().keySet().forEach(key -> lastWriter.put(key, set.sequence()));
      pending.add(set);
      return counted == null
          ? plus(size, set.changes())
          : plus(counted, set.changes().headMap(Reserved.AFTER));
    }

    /// As if nothing that is written had been there before, and all that is deleted stayed.
    private static RoomSize plus(RoomSize size, Map<String, Optional<byte[]>> changes) {
      RoomSize most = size;
      for (Map.Entry<String, Optional<byte[]>> change : changes.entrySet()) {
        if (change.getValue().isPresent()) {
          most = most.plus(KeyOrder.bytes(change.getKey()), change.getValue().get().length);
        }
      }
      return most;
    }

    /// What the store may or may not know yet is left out there, and counted here.
    @Override
    public RoomSize sizeWithout(RoomSize size, Collection<String> without) {
      forget();
      Set<String> asked = new HashSet<>(without);
      asked.addAll(recent.keySet());
      RoomSize rest = waits.on(store.sizeWithout(room, asked), "sizing " + room);
      Map<String, Optional<byte[]>> counted = new HashMap<>(recent);
      counted.keySet().removeAll(Set.copyOf(without));
      return plus(rest, counted);
    }

    @Override
    public void durableUpTo(long sequence) {
      durable = sequence;
    }

    /// How many keys are held until the store knows them.
    int held() {
      return recent.size();
    }

    /// Drops what the store knows by now, unless a later set wrote the key again.
    void forget() {
      while (!pending.isEmpty() && pending.peek().sequence() <= durable) {
        WriteSet set = pending.remove();
        for (String key : set.changes().keySet()) {
          if (lastWriter.remove(key, set.sequence())) {
            recent.remove(key);
          }
        }
      }
    }
  }
}
