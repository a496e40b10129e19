package dev.dormouse.storage;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Remembers what was used last, up to a number of entries, and forgets the rest.
///
/// For one thread at a time.
final class Recent<K, V> {
  private final Map<K, V> entries;

  Recent(int most) {
    entries =
        new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
          }
        };
  }

  /// Null if it was never put, or has been forgotten.
  @Nullable V get(K key) {
    return entries.get(key);
  }

  void put(K key, V value) {
    entries.put(key, value);
  }

  void remove(K key) {
    entries.remove(key);
  }

  void clear() {
    entries.clear();
  }
}
