package dev.dormouse.room.runtime;

import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.RoomSize;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Changes that lie over a room's view: a turn's, or those of one transaction inside it (T7).
///
/// Used by the thread that holds the turn only.
final class Layer {
  private static final NavigableMap<String, Optional<byte[]>> NOTHING =
      Collections.unmodifiableNavigableMap(KeyOrder.newMap());

  /// New values by key, empty for a deleted one.
  final NavigableMap<String, Optional<byte[]>> keys = KeyOrder.newMap();

  /// New rows by alarm name, empty for a deleted one.
  final Map<String, Optional<AlarmRow>> alarms = new HashMap<>();

  /// What facilities change; null while they change nothing. No `clear` touches it.
  @Nullable Reserved reserved;

  /// Whether everything below this layer is deleted, but what is facilities'.
  boolean clear;

  /// If it is: the facilities' rows below, which are to stay.
  NavigableMap<String, Optional<byte[]>> kept = NOTHING;

  /// The new schema number, or null if it stays.
  @Nullable Integer schema;

  /// Keys and values written here, in bytes, overwritten ones included.
  long bytes;

  /// How much the room has with all that its code has changed in this layer and below, exactly;
  /// null as long as nobody had to know.
  @Nullable RoomSize size;

  /// @param bytes of the key and its value
  /// @param size what the room has with it, if that is known
  void put(String key, Optional<byte[]> value, int bytes, @Nullable RoomSize size) {
    keys.put(key, value);
    this.bytes += bytes;
    this.size = size;
  }

  /// Whether the room's code has changed nothing.
  boolean isEmpty() {
    return keys.isEmpty() && alarms.isEmpty() && !clear && schema == null;
  }

  /// Whether it decides what becomes of the alarm.
  boolean settles(String alarm) {
    return Reserved.is(alarm)
        ? reserved != null && reserved.alarms.containsKey(alarm)
        : clear || alarms.containsKey(alarm);
  }

  Reserved reserved() {
    Reserved own = reserved;
    if (own == null) {
      own = new Reserved();
      reserved = own;
    }
    return own;
  }

  /// @param kept the facilities' rows below
  void clear(NavigableMap<String, Optional<byte[]>> kept) {
    clear = true;
    this.kept = kept;
    keys.clear();
    alarms.clear();
    schema = 0;
    size = null;
  }

  /// Takes over what `above`, which ends well, has changed.
  void absorb(Layer above) {
    if (above.clear) {
      clear(above.kept);
    }
    keys.putAll(above.keys);
    alarms.putAll(above.alarms);
    if (above.schema != null) {
      schema = above.schema;
    }
    bytes += above.bytes;
    size = above.size;
    if (above.reserved != null) {
      reserved().absorb(above.reserved);
    }
  }
}
