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
/// @param kept how many letters to it wait only to be taken, and for no answer
/// @param due when letters that wait are sent again, in milliseconds since 1970 UTC; means nothing
///   while none do
record Lane(RoomId peer, long sent, long taken, int kept, int rings, long due) {
  private static final int FORMAT = 2;

  static Lane none(RoomId peer) {
    return new Lane(peer, 0, 0, 0, 0, 0);
  }

  Lane peer(RoomId peer) {
    return new Lane(peer, sent, taken, kept, rings, due);
  }

  Lane sent(long number) {
    return new Lane(peer, number, taken, kept, rings, due);
  }

  Lane taken(long number) {
    return new Lane(peer, sent, number, kept, rings, due);
  }

  Lane kept(int count) {
    return new Lane(peer, sent, taken, count, rings, due);
  }

  Lane again(int rings, long due) {
    return new Lane(peer, sent, taken, kept, rings, due);
  }

  /// Names the other room in keys.
  static String word(RoomId peer) {
    return peer.namespace() + ":" + peer.hex();
  }

  /// Reads [#word]; the room has no name then.
  static RoomId peer(String word) {
    int colon = word.indexOf(':');
    return RoomId.of(
        word.substring(0, colon), HexFormat.of().parseHex(word.substring(colon + 1)), null);
  }

  /// The peer's name is kept here, so that a room which is first woken by a letter knows it (I1).
  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeLong(sent);
      out.writeLong(taken);
      out.writeBoolean(peer.name().isPresent());
      out.writeUTF(peer.name().orElse(""));
      out.writeInt(kept);
      out.writeInt(rings);
      out.writeLong(due);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static Lane read(RoomId peer, byte[] bytes) {
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
      RoomId known =
          named && peer.name().isEmpty() ? RoomId.of(peer.namespace(), peer.bytes(), name) : peer;
      return new Lane(known, sent, taken, in.readInt(), in.readInt(), in.readLong());
    } catch (IOException e) {
      throw new IllegalArgumentException("a damaged lane", e);
    }
  }
}
