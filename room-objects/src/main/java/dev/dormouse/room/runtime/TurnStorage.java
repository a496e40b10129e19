package dev.dormouse.room.runtime;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.SqlStorage;
import dev.dormouse.room.Storage;
import dev.dormouse.room.Work;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.RoomSize;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Storage as a turn sees it: the view under the turn's own changes.
final class TurnStorage implements Storage {
  private final Incarnation incarnation;
  private final TurnSql sql;

  TurnStorage(Incarnation incarnation) {
    this.incarnation = incarnation;
    this.sql = new TurnSql(incarnation);
  }

  @Override
  public Optional<byte[]> get(String key) {
    return raw(key).map(byte[]::clone);
  }

  @Override
  public Optional<String> getText(String key) {
    return raw(key).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  @Override
  public <T> Optional<T> getValue(String key, Class<T> type) {
    Optional<byte[]> bytes = raw(key);
    return bytes.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(type.cast(incarnation.host.node.codec().decode(bytes.get(), type)));
  }

  private Optional<byte[]> raw(String key) {
    Turn turn = incarnation.turn();
    checkKey(key);
    for (Layer layer : turn.layers.reversed()) {
      Optional<byte[]> value = layer.keys.get(key);
      if (value != null) {
        return value;
      }
      if (layer.clear) {
        return Optional.empty();
      }
    }
    return incarnation.host.view().get(key);
  }

  private static int length(Optional<byte[]> value) {
    return value.map(bytes -> bytes.length).orElse(-1);
  }

  @Override
  public void put(String key, byte[] value) {
    put(key, Optional.of(value.clone()));
  }

  @Override
  public void putText(String key, String value) {
    put(key, Optional.of(value.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void putValue(String key, Object value) {
    put(key, Optional.of(incarnation.host.node.codec().encode(value)));
  }

  private void put(String key, Optional<byte[]> value) {
    write(key, value, () -> length(raw(key)));
  }

  @Override
  public boolean delete(String key) {
    int had = length(raw(key));
    if (had < 0) {
      return false;
    }
    write(key, Optional.empty(), () -> had);
    return true;
  }

  /// @param had how long the value was until now; -1 if there was none
  private void write(String key, Optional<byte[]> value, IntSupplier had) {
    try {
      take(key, value, had);
    } catch (Refusal.RoomFull full) {
      incarnation.host.node.observer().roomFull(incarnation.id());
      throw full;
    }
  }

  private void take(String key, Optional<byte[]> value, IntSupplier had) {
    Turn turn = incarnation.turn();
    RoomLimits limits = incarnation.host.namespace.limits();
    int keyBytes = checkKey(key);
    int valueBytes = value.map(v -> v.length).orElse(0);
    if (valueBytes > limits.valueBytes()) {
      throw new Refusal.TooLarge(
          "a value has at most %,d bytes; '%s' of %s has %,d"
              .formatted(limits.valueBytes(), key, incarnation.id(), valueBytes));
    }
    long written = turn.layers.stream().mapToLong(layer -> layer.bytes).sum();
    if (written + keyBytes + valueBytes > limits.turnBytes()) {
      throw new Refusal.TooLarge(
          "a turn writes at most %,d bytes; this one of %s wants more"
              .formatted(limits.turnBytes(), incarnation.id()));
    }
    RoomSize size =
        new RoomSpace(incarnation.id(), limits, incarnation.host.view(), turn.layers)
            .require(key, keyBytes, length(value), had);
    incarnation.host.requireWritable();
    turn.top().put(key, value, keyBytes + valueBytes, size);
  }

  private int checkKey(String key) {
    int limit = incarnation.host.namespace.limits().keyBytes();
    if (Reserved.is(key)) {
      throw new IllegalArgumentException(
          "a key does not begin with U+0000; one of " + incarnation.id() + " does");
    }
    int bytes = 0;
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < key.length()
          && Character.isLowSurrogate(key.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new IllegalArgumentException(
            "a key is well-formed Unicode; one of " + incarnation.id() + " is not");
      } else {
        bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
      }
    }
    if (bytes == 0 || bytes > limit) {
      throw new Refusal.TooLarge(
          "a key has 1 to %,d bytes of UTF-8; one of %s has %,d"
              .formatted(limit, incarnation.id(), bytes));
    }
    return bytes;
  }

  @Override
  public SqlStorage sql() {
    return sql;
  }

  @Override
  public void deleteAll() {
    Turn turn = incarnation.turn();
    incarnation.host.requireWritable();
    if (incarnation.host.namespace.withSql()) {
      sql.clear();
    }
    NavigableMap<String, Optional<byte[]>> kept = KeyOrder.newMap();
    incarnation
        .host
        .view()
        .list(Reserved.all(), 0, Long.MAX_VALUE)
        .forEach(entry -> kept.put(entry.key(), Optional.of(entry.value())));
    turn.top().clear(kept);
  }

  @Override
  public List<Entry> list(KeyRange asked) {
    Turn turn = incarnation.turn();
    KeyRange range = Reserved.without(asked);
    if (range == null) {
      return List.of();
    }
    long maxBytes = incarnation.host.namespace.limits().listBytes();
    boolean cleared = false;
    NavigableMap<String, Optional<byte[]>> changes = KeyOrder.newMap();
    for (Layer layer : turn.layers) {
      if (layer.clear) {
        cleared = true;
        changes.clear();
      }
      changes.putAll(Listing.part(layer.keys, range));
    }
    Iterator<Entry> below =
        cleared
            ? List.<Entry>of().iterator()
            : incarnation.host.view().list(range, changes.size(), maxBytes).iterator();
    List<Entry> entries = new ArrayList<>();
    long bytes = 0;
    Iterator<Entry> all = Listing.overlay(below, changes, range.reverse());
    while (entries.size() < range.limit() && all.hasNext()) {
      Entry entry = all.next();
      bytes += entry.key().length() + entry.value().length;
      if (bytes > maxBytes) {
        throw listingTooLarge(incarnation.id(), maxBytes);
      }
      entries.add(new Entry(entry.key(), entry.value().clone()));
    }
    return entries;
  }

  static Refusal.TooLarge listingTooLarge(RoomId room, long maxBytes) {
    return new Refusal.TooLarge(
        "a listing returns at most %,d bytes; this one of %s has more: list with a limit"
            .formatted(maxBytes, room));
  }

  @Override
  public long version() {
    incarnation.turn();
    return incarnation.host.view().version();
  }

  @Override
  public <T extends @Nullable Object, X extends Exception> T transition(
      long expected, Work<T, X> change) throws X {
    long current = version();
    if (current != expected) {
      throw new Refusal.VersionConflict(
          current, "%s is at version %d, not %d".formatted(incarnation.id(), current, expected));
    }
    return change.run();
  }

  @Override
  public <T extends @Nullable Object, X extends Exception> T transaction(Work<T, X> change)
      throws X {
    Turn turn = incarnation.turn();
    Turn.Mark mark = turn.beginTransaction();
    boolean done = false;
    try {
      T result = change.run();
      done = true;
      return result;
    } finally {
      incarnation.endTransaction(turn, mark, done);
    }
  }

  @Override
  public void sync() {
    incarnation.host.suspension.await(incarnation.activation(), "sync", () -> null);
  }

  @Override
  public int schema() {
    for (Layer layer : incarnation.turn().layers.reversed()) {
      if (layer.schema != null) {
        return layer.schema;
      }
    }
    return incarnation.host.view().schema();
  }

  @Override
  public void schema(int number) {
    Turn turn = incarnation.turn();
    incarnation.host.requireWritable();
    turn.top().schema = number;
  }
}
