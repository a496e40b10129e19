package dev.dormouse.saga.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A group's rows in memory; counts what is asked of it.
final class MemoryRows implements GroupRows {
  final NavigableMap<String, byte[]> rows = new TreeMap<>();
  int read;

  @Override
  public byte @Nullable [] get(String key) {
    read++;
    return rows.get(key);
  }

  @Override
  public List<Row> list(String from, String to, int limit) {
    List<Row> found = new ArrayList<>();
    for (var entry : rows.subMap(from, to).entrySet()) {
      if (found.size() == limit) {
        break;
      }
      read++;
      found.add(new Row(entry.getKey(), entry.getValue()));
    }
    return found;
  }

  void apply(GroupChanges changes) {
    changes
        .rows()
        .forEach((key, value) ->
            value.ifPresentOrElse(bytes -> rows.put(key, bytes), () -> rows.remove(key)));
  }

  /// The positions that the keys under `prefix` end with.
  List<Long> positions(String prefix) {
    return rows.subMap(prefix, GroupKeys.end(prefix)).keySet().stream()
        .map(GroupKeys::position)
        .toList();
  }
}
