package dev.dormouse.room.runtime;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.RoomStore;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The part of a room's names that facilities have: what begins with U+0000, which sorts before
/// everything that the room's code may use.
///
/// As an object: what a layer changes there.
final class Reserved {
  private static final char MARK = '\0';

  /// The first name that is not reserved, had it a use.
  static final String AFTER = "\u0001";

  /// New values by full key, empty for a deleted one.
  final NavigableMap<String, Optional<byte[]>> keys = KeyOrder.newMap();

  /// New rows by full name, empty for a deleted one.
  final Map<String, Optional<AlarmRow>> alarms = new HashMap<>();

  /// Takes over what `above`, which ends well, has changed.
  void absorb(Reserved above) {
    keys.putAll(above.keys);
    alarms.putAll(above.alarms);
  }

  /// Whether a key or an alarm's name is a facility's.
  static boolean is(String name) {
    return !name.isEmpty() && name.charAt(0) == MARK;
  }

  /// What all names of a facility begin with.
  static String prefix(String facility) {
    return MARK + facility + "/";
  }

  /// What the keys of a facility's marks begin with.
  static String marks(String facility) {
    return RoomStore.MARKS + facility + "/";
  }

  /// All keys of all facilities.
  static KeyRange all() {
    return KeyRange.prefixed(String.valueOf(MARK));
  }

  /// The part of `range` that the room's code may see; null if there is none.
  static @Nullable KeyRange without(KeyRange range) {
    String start = range.start();
    String end = range.end();
    if (is(range.prefix()) || (end != null && KeyOrder.UTF8.compare(end, AFTER) <= 0)) {
      return null;
    }
    return range.prefix().isEmpty() && (start == null || is(start) || start.isEmpty())
        ? range.from(AFTER)
        : range;
  }
}
