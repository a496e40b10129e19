package dev.dormouse.room.runtime;

import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.KeyOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Changes that lie over a room's view: a turn's, or those of one transaction inside it (T7).
///
/// Used by the thread that holds the turn only.
final class Layer {
  /// New values by key, empty for a deleted one.
  final NavigableMap<String, Optional<byte[]>> keys = KeyOrder.newMap();

  /// New rows by alarm name, empty for a deleted one.
  final Map<String, Optional<AlarmRow>> alarms = new HashMap<>();

  /// Whether everything below this layer is deleted.
  boolean clear;

  /// The new schema number, or null if it stays.
  @Nullable Integer schema;

  /// Keys and values written here, in bytes, overwritten ones included.
  long bytes;

  boolean isEmpty() {
    return keys.isEmpty() && alarms.isEmpty() && !clear && schema == null;
  }

  void clear() {
    clear = true;
    keys.clear();
    alarms.clear();
    schema = 0;
  }

  /// Takes over what `above`, which ends well, has changed.
  void absorb(Layer above) {
    if (above.clear) {
      clear();
    }
    keys.putAll(above.keys);
    alarms.putAll(above.alarms);
    if (above.schema != null) {
      schema = above.schema;
    }
    bytes += above.bytes;
  }
}
