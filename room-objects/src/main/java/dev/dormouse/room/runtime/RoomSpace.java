package dev.dormouse.room.runtime;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.RoomSize;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;

/// Whether a room has space for what its turn writes (S1).
///
/// Nearly always that is known at once: what the room has at most, and all that the turn writes as
/// if none of it had been there. Only where that would be too much is it looked at exactly, which
/// in a room that is read on demand is a question to the store.
///
/// Used by the thread that holds the turn.
final class RoomSpace {
  private final RoomId room;
  private final RoomLimits limits;
  private final RoomView view;
  private final List<Layer> layers;

  RoomSpace(RoomId room, RoomLimits limits, RoomView view, List<Layer> layers) {
    this.room = room;
    this.limits = limits;
    this.view = view;
    this.layers = layers;
  }

  /// Refuses a value by which the room would outgrow its limits. One that makes the room smaller,
  /// or no larger, is taken even where the room has too much.
  ///
  /// @param key to be written, with `keyBytes` bytes of UTF-8
  /// @param valueBytes what it is to have
  void require(String key, int keyBytes, int valueBytes) {
    long bytes = (long) keyBytes + valueBytes;
    long keys = 1;
    for (Layer layer : layers) {
      bytes += layer.bytes;
      keys += layer.keys.size();
    }
    if (fits(view.size(), bytes, keys) || fits(view.exactSize(), bytes, keys)) {
      return;
    }
    requireExactly(key, keyBytes, valueBytes);
  }

  private boolean fits(RoomSize has, long bytes, long keys) {
    return has.bytes() + bytes <= limits.storedBytes() && has.keys() + keys <= limits.storedKeys();
  }

  private void requireExactly(String key, int keyBytes, int valueBytes) {
    NavigableMap<String, Optional<byte[]>> written = KeyOrder.newMap();
    boolean cleared = false;
    for (Layer layer : layers) {
      if (layer.clear) {
        cleared = true;
        written.clear();
        written.putAll(layer.kept);
      }
      written.putAll(layer.keys);
    }
    Optional<byte[]> before = written.remove(key);
    if (before == null) {
      before = cleared ? Optional.empty() : view.get(key);
    }
    Set<String> own = new HashSet<>(written.keySet());
    own.add(key);
    RoomSize size = cleared ? RoomSize.NOTHING : view.sizeWithout(own);
    for (Map.Entry<String, Optional<byte[]>> entry : written.entrySet()) {
      if (entry.getValue().isPresent()) {
        size = size.plus(KeyOrder.bytes(entry.getKey()), entry.getValue().get().length);
      }
    }
    size = size.plus(keyBytes, valueBytes);
    int had = before.map(value -> value.length).orElse(-1);
    if (size.bytes() > limits.storedBytes() && valueBytes > had) {
      throw new Refusal.RoomFull(
          "%s may store %,d bytes; with '%s' it would have %,d"
              .formatted(room, limits.storedBytes(), key, size.bytes()));
    }
    if (size.keys() > limits.storedKeys() && had < 0) {
      throw new Refusal.RoomFull(
          "%s may have %,d keys; '%s' would be one more".formatted(room, limits.storedKeys(), key));
    }
  }
}
