package dev.dormouse.room;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Names one room in the world: a namespace and 32 bytes, of which the first half is the room's own
/// and the second proves that the id belongs to the namespace (I1).
///
/// Equality ignores [#name]: an id parsed from text names the same room as the one made from a
/// name.
public final class RoomId {
  /// The length of an id, in bytes; its text form has twice as many hexadecimal digits.
  public static final int BYTES = 32;

  /// How many logical shards rooms are spread over; fixed, since stored data depends on it.
  public static final int SHARDS = 256;

  private final String namespace;
  private final byte[] bytes;
  private final @Nullable String name;

  private RoomId(String namespace, byte[] bytes, @Nullable String name) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a room id has " + BYTES + " bytes, not " + bytes.length);
    }
    this.namespace = namespace;
    this.bytes = bytes;
    this.name = name;
  }

  /// An id whose bytes are known to be right: from the store, or made by the namespace's key. Rooms
  /// get theirs from [Rooms].
  public static RoomId of(String namespace, byte[] bytes, @Nullable String name) {
    return new RoomId(namespace, bytes.clone(), name);
  }

  public String namespace() {
    return namespace;
  }

  /// The name, if the room was addressed by one, now or when its state was first written.
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /// The logical shard, 0 to 255: spreads rooms evenly, and is the unit that moves in a cluster.
  public int shard() {
    return bytes[0] & 0xff;
  }

  /// The id as 64 hexadecimal digits, as [Rooms#idFromString] reads it.
  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof RoomId that
            && Arrays.equals(bytes, that.bytes)
            && namespace.equals(that.namespace));
  }

  @Override
  public int hashCode() {
    // The bytes come from a keyed hash or a random source: any four of them are a good hash.
    return bytes[4] << 24 | (bytes[5] & 0xff) << 16 | (bytes[6] & 0xff) << 8 | (bytes[7] & 0xff);
  }

  /// For people and messages: `namespace/name`, or `namespace:` and the first digits of the id.
  @Override
  public String toString() {
    return name != null ? namespace + "/" + name : namespace + ":" + hex().substring(0, 16);
  }
}
