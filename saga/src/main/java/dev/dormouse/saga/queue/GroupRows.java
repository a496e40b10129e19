package dev.dormouse.saga.queue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A group's stored rows, as they are before a turn. Keys are ASCII, sorted by their characters.
public interface GroupRows {

  byte @Nullable [] get(String key);

  /// Up to `limit` rows with keys from `from` on and before `to`, in order.
  List<Row> list(String from, String to, int limit);

  /// A key with its value.
  record Row(String key, byte[] value) {}
}
