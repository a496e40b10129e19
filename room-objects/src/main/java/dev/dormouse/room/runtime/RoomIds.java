package dev.dormouse.room.runtime;

import dev.dormouse.room.RoomId;

/// Ids of rooms where no node runs: for who works on a data folder at rest. Knows of no
/// declarations.
public final class RoomIds {
  private final IdKey key;

  /// @param key the data folder's
  public RoomIds(byte[] key) {
    this.key = new IdKey(key);
  }

  /// @throws IllegalArgumentException if no room can have this name
  public RoomId fromName(String namespace, String name) {
    return key.fromName(namespace, name);
  }

  /// @throws IllegalArgumentException if it is no id of the namespace's
  public RoomId fromString(String namespace, String hex) {
    return key.fromString(namespace, hex);
  }
}
