package dev.dormouse.saga.queue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The stored rows with what a turn has changed so far. Belongs to one turn.
final class Draft {
  private final GroupRows stored;
  private final SortedMap<String, Optional<byte[]>> changes = new TreeMap<>();

  /// Keys that the store does not have: to delete them again leaves no change at all.
  private final Set<String> fresh = new HashSet<>();

  Draft(GroupRows stored) {
    this.stored = stored;
  }

  byte @Nullable [] get(String key) {
    Optional<byte[]> changed = changes.get(key);
    return changed != null ? changed.orElse(null) : stored.get(key);
  }

  List<GroupRows.Row> list(String from, String to, int limit) {
    if (from.compareTo(to) >= 0) {
      return List.of();
    }
    SortedMap<String, Optional<byte[]>> mine = changes.subMap(from, to);
    TreeMap<String, byte[]> merged = new TreeMap<>();
    // A changed row may be one that the store lists, so that many more are asked for.
    int asked = (int) Math.min(Integer.MAX_VALUE, (long) limit + mine.size());
    for (GroupRows.Row row : stored.list(from, to, asked)) {
      merged.put(row.key(), row.value());
    }
    mine.forEach((key, value) ->
        value.ifPresentOrElse(bytes -> merged.put(key, bytes), () -> merged.remove(key)));
    List<GroupRows.Row> rows = new ArrayList<>(Math.min(limit, merged.size()));
    for (var entry : merged.entrySet()) {
      if (rows.size() == limit) {
        break;
      }
      rows.add(new GroupRows.Row(entry.getKey(), entry.getValue()));
    }
    return rows;
  }

  /// The first row whose key begins with `prefix`, from `prefix` and the number on.
  GroupRows.@Nullable Row first(String prefix, long from) {
    List<GroupRows.Row> rows = list(GroupKeys.at(prefix, from), GroupKeys.end(prefix), 1);
    return rows.isEmpty() ? null : rows.getFirst();
  }

  void put(String key, byte[] value) {
    changes.put(key, Optional.of(value));
  }

  /// Puts a row that is known not to be there.
  void add(String key, byte[] value) {
    if (changes.put(key, Optional.of(value)) == null) {
      fresh.add(key);
    }
  }

  void delete(String key) {
    if (fresh.remove(key)) {
      changes.remove(key);
    } else {
      changes.put(key, Optional.empty());
    }
  }

  SortedMap<String, Optional<byte[]>> changes() {
    return changes;
  }
}
