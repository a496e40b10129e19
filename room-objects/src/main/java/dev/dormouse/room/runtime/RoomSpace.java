package dev.dormouse.room.runtime;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.RoomSize;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Whether a room has space for what its turn writes (S1).
///
/// Nearly always that is known at once: what the room has at most, and all that the turn writes as
/// if none of it had been there. Only where that would be too much is it looked at exactly, once in
/// a turn; from then on the turn keeps count ([Layer#size]). In a room that is read on demand that
/// is one question to the store, and one more for each key that is written afterwards.
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
  /// @param valueBytes what it is to have; negative if it is to be deleted
  /// @param before what it had as the turn sees it; negative if it was not there
  /// @return how much the room has then; null if it need not be known
  @Nullable RoomSize require(String key, int keyBytes, int valueBytes, IntSupplier before) {
    RoomSize now = layers.getLast().size;
    if (now == null) {
      if (valueBytes < 0 || fits(most().plus(keyBytes, valueBytes))) {
        return null;
      }
      now = exactly();
    }
    int had = before.getAsInt();
    RoomSize then = now.change(keyBytes, had, valueBytes);
    if (then.bytes() > limits.storedBytes() && valueBytes > had) {
      throw new Refusal.RoomFull(
          "%s may store %,d bytes; with '%s' it would have %,d"
              .formatted(room, limits.storedBytes(), key, then.bytes()));
    }
    if (then.keys() > limits.storedKeys() && had < 0) {
      throw new Refusal.RoomFull(
          "%s may have %,d keys; '%s' would be one more".formatted(room, limits.storedKeys(), key));
    }
    return then;
  }

  private RoomSize most() {
    long bytes = view.size().bytes();
    long keys = view.size().keys();
    for (Layer layer : layers) {
      bytes += layer.bytes;
      keys += layer.keys.size();
    }
    return new RoomSize(bytes, keys);
  }

  private boolean fits(RoomSize size) {
    return size.bytes() <= limits.storedBytes() && size.keys() <= limits.storedKeys();
  }

  private RoomSize exactly() {
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
    RoomSize size = cleared ? RoomSize.NOTHING : view.sizeWithout(written.keySet());
    for (Map.Entry<String, Optional<byte[]>> entry : written.entrySet()) {
      if (entry.getValue().isPresent()) {
        size = size.plus(KeyOrder.bytes(entry.getKey()), entry.getValue().get().length);
      }
    }
    return size;
  }
}
