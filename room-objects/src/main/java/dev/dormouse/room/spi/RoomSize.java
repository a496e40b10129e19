package dev.dormouse.room.spi;

/// What a room has stored, alarms left out.
///
/// @param bytes its keys, in UTF-8, and its values together; of facilities' rows too
/// @param keys how many keys it has
public record RoomSize(long bytes, long keys) {
  public static final RoomSize NOTHING = new RoomSize(0, 0);

  /// With one more entry.
  ///
  /// @param key in bytes of UTF-8
  /// @param value in bytes
  public RoomSize plus(long key, long value) {
    return new RoomSize(bytes + key + value, keys + 1);
  }

  /// With one entry less.
  ///
  /// @param key in bytes of UTF-8
  /// @param value in bytes
  public RoomSize minus(long key, long value) {
    return new RoomSize(bytes - key - value, keys - 1);
  }

  /// With what `key` has now, in place of what it had.
  ///
  /// @param key in bytes of UTF-8
  /// @param before what its value had, in bytes; negative if it was not there
  /// @param after what it has, in bytes; negative if it is gone
  public RoomSize change(long key, long before, long after) {
    RoomSize without = before < 0 ? this : minus(key, before);
    return after < 0 ? without : without.plus(key, after);
  }
}
