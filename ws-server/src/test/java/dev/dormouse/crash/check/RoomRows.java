package dev.dormouse.crash.check;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;

/// One room as it lies on the disk: its own rows, and those of sagas below a prefix.
///
/// @param id 64 hexadecimal digits
/// @param name empty if it has none
/// @param rows by key, as text
/// @param alarms by name
record RoomRows(
    String namespace,
    String id,
    String name,
    long version,
    NavigableMap<String, byte[]> rows,
    NavigableMap<String, AlarmAt> alarms) {

  /// What all keys and alarms of sagas begin with.
  static final String OURS = "\0saga/";

  /// What all marks of sagas begin with.
  static final String MARKS = "\0mark/saga/";

  /// One alarm.
  ///
  /// @param due milliseconds since 1970 UTC, as it was set
  /// @param next when it is tried next; same unit
  /// @param state 0 for one that can fire
  record AlarmAt(long due, long next, int attempt, int state) {}

  /// How others name it in keys.
  String word() {
    return namespace + ":" + id;
  }

  Optional<String> text(String key) {
    return Optional.ofNullable(rows.get(key))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /// The keys below a prefix, in order, without it.
  List<String> below(String prefix) {
    List<String> keys = new ArrayList<>();
    for (String key : rows.tailMap(prefix, true).keySet()) {
      if (!key.startsWith(prefix)) {
        break;
      }
      keys.add(key.substring(prefix.length()));
    }
    return keys;
  }

  /// The names of alarms below a prefix, without it.
  List<String> alarmsBelow(String prefix) {
    return alarms.keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length()))
        .toList();
  }

  @Override
  public String toString() {
    return namespace + "/" + (name.isEmpty() ? id.substring(0, 8) : name);
  }
}
