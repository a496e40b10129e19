package dev.dormouse.server.admin;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.WriteSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/// Changes what is stored of rooms while no server runs: each change is one write set, as a turn of
/// the room would have made it. Limits are those that namespaces have if they declare no others.
public final class RestingRooms {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int ALARM_CHARS = 256;
  private static final RoomLimits LIMITS = RoomLimits.defaults();

  private final RoomStore store;
  private final Patience patience;

  /// @param store that nobody else uses
  public RestingRooms(RoomStore store, Execution execution) {
    this.store = store;
    this.patience = new Patience(execution, LIMIT);
  }

  /// Makes a change durable.
  ///
  /// @throws IllegalArgumentException if it cannot be made
  public void edit(RoomId room, RoomEdit edit)
      throws IOException, TimeoutException, InterruptedException {
    RoomImage image = patience.on(store.load(room), "reading " + room);
    Map<String, Optional<byte[]>> now = new HashMap<>();
    for (String key : edit.was().keySet()) {
      now.put(key, patience.on(store.read(room, key), "reading " + room));
    }
    Optional<String> changed = edit.changed(key -> now.getOrDefault(key, Optional.empty()));
    if (changed.isPresent()) {
      throw new IllegalArgumentException(RoomEdit.words(changed.get()));
    }
    NavigableMap<String, Optional<byte[]>> changes = KeyOrder.newMap();
    List<WriteSet.AlarmChange> alarms = new ArrayList<>();
    if (edit.clear()) {
      // Not the write set's own clearing, which takes the system's rows too.
      ownKeys(room).forEach(key -> changes.put(key, Optional.empty()));
      image.alarms().stream()
          .map(AlarmRow::name)
          .filter(name -> !RowsJson.isSystem(name))
          .forEach(name -> alarms.add(new WriteSet.DeleteAlarm(name)));
    }
    edit.keys().forEach((key, value) -> changes.put(checked(key, value), value));
    edit.alarms().forEach((name, due) -> alarms.add(alarm(name, due)));
    patience.on(
        store.commit(
            new WriteSet(
                room,
                store.epoch(),
                image.sequence() + 1,
                image.version() + 1,
                edit.schema().orElse(image.schema()),
                false,
                changes,
                alarms)),
        "changing " + room);
  }

  private List<String> ownKeys(RoomId room)
      throws IOException, TimeoutException, InterruptedException {
    List<String> keys = new ArrayList<>();
    // Behind all that begins with the system's character.
    KeyRange range = KeyRange.all().from("\u0001");
    while (true) {
      List<Storage.Entry> page =
          patience.on(store.list(room, range.limited(1_000), 1 << 20), "reading " + room);
      if (page.isEmpty()) {
        return keys;
      }
      page.forEach(entry -> keys.add(entry.key()));
      range = range.from(keys.getLast() + "\0");
    }
  }

  private static String checked(String key, Optional<byte[]> value) {
    int keyBytes = key.getBytes(StandardCharsets.UTF_8).length;
    int valueBytes = value.map(bytes -> bytes.length).orElse(0);
    if (keyBytes > LIMITS.keyBytes() || valueBytes > LIMITS.valueBytes()) {
      throw new IllegalArgumentException(
          "a key has at most %,d bytes and a value %,d; '%s' has %,d and %,d"
              .formatted(LIMITS.keyBytes(), LIMITS.valueBytes(), key, keyBytes, valueBytes));
    }
    return key;
  }

  private static WriteSet.AlarmChange alarm(String name, Optional<Instant> due) {
    if (name.length() > ALARM_CHARS) {
      throw new IllegalArgumentException(
          "an alarm's name has at most " + ALARM_CHARS + " characters");
    }
    return due.<WriteSet.AlarmChange>map(at ->
            new WriteSet.PutAlarm(
                at.equals(Instant.MAX)
                    ? AlarmRow.atRestart(name)
                    : AlarmRow.at(name, at.toEpochMilli())))
        .orElseGet(() -> new WriteSet.DeleteAlarm(name));
  }
}
