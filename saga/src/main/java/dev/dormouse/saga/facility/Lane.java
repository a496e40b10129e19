package dev.dormouse.saga.facility;

import dev.dormouse.room.RoomId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;

/// How far this room and another have come with their letters, each way.
///
/// @param peer the other room
/// @param sent the number of the last letter to it; they count from 1 and have no gap
/// @param taken the number of the last letter from it that this room has taken
/// @param rings how often in a row this room has sent again and heard nothing
record Lane(RoomId peer, long sent, long taken, int rings) {
  private static final int FORMAT = 1;

  Lane peer(RoomId peer) {
    return new Lane(peer, sent, taken, rings);
  }

  Lane sent(long number) {
    return new Lane(peer, number, taken, rings);
  }

  Lane taken(long number) {
    return new Lane(peer, sent, number, rings);
  }

  Lane rings(int count) {
    return new Lane(peer, sent, taken, count);
  }

  /// Names the other room in keys.
  static String word(RoomId peer) {
    return peer.namespace() + ":" + peer.hex();
  }

  /// The peer's name is kept here, so that a room which is first woken by a letter knows it (I1).
  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeLong(sent);
      out.writeLong(taken);
      out.writeBoolean(peer.name().isPresent());
      out.writeUTF(peer.name().orElse(""));
      out.writeInt(rings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static Lane read(String word, byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int format = in.readByte();
      if (format != FORMAT) {
        throw new IllegalArgumentException(
            "a lane has format " + format + ", and only " + FORMAT + " is known");
      }
      long sent = in.readLong();
      long taken = in.readLong();
      boolean named = in.readBoolean();
      String name = in.readUTF();
      int rings = in.readInt();
      int colon = word.indexOf(':');
      byte[] id = HexFormat.of().parseHex(word.substring(colon + 1));
      return new Lane(
          RoomId.of(word.substring(0, colon), id, named ? name : null), sent, taken, rings);
    } catch (IOException e) {
      throw new IllegalArgumentException("a damaged lane", e);
    }
  }
}
