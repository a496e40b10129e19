package dev.dormouse.saga.queue.node;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// The messages of one group that a room has acknowledged and the group may not know of yet: keys
/// with positions, the oldest first. A row of the consumer's, written in the turn that
/// acknowledges.
final class Handled {
  private static final int FORMAT = 1;

  /// No more are remembered; as many are in doubt only after many failures of the group's room.
  private static final int MOST = 10_000;

  private final SequencedMap<String, Long> positions = new LinkedHashMap<>();

  boolean contains(String key) {
    return positions.containsKey(key);
  }

  void add(String key, long position) {
    positions.put(key, position);
    while (positions.size() > MOST) {
      positions.pollFirstEntry();
    }
  }

  /// Forgets what the group knows; says whether there was any.
  boolean forget(Collection<String> settled, long lowWater) {
    int before = positions.size();
    settled.forEach(positions::remove);
    positions.values().removeIf(position -> position < lowWater);
    return positions.size() < before;
  }

  boolean isEmpty() {
    return positions.isEmpty();
  }

  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeInt(positions.size());
      for (var each : positions.entrySet()) {
        out.writeUTF(each.getKey());
        out.writeLong(each.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// @throws IllegalArgumentException if the row is damaged or from a newer version
  static Handled read(byte[] bytes) {
    Handled handled = new Handled();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int format = in.readByte();
      if (format != FORMAT) {
        throw new IllegalArgumentException("a row of handled messages has format " + format);
      }
      for (int left = in.readInt(); left > 0; left--) {
        handled.positions.put(in.readUTF(), in.readLong());
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("a row of handled messages is damaged", e);
    }
    return handled;
  }
}
