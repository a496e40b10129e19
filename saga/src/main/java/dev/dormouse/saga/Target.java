package dev.dormouse.saga;

import dev.dormouse.room.RoomId;

/// Who is told to do a step.
public sealed interface Target {

  /// The room of this name.
  record Named(String namespace, String name) implements Target {}

  /// The room of this id.
  record ById(RoomId room) implements Target {}

  /// Something outside, called by whoever serves this name.
  record Service(String name) implements Target {}

  static Target room(String namespace, String name) {
    return new Named(namespace, name);
  }

  static Target room(RoomId room) {
    return new ById(room);
  }
}
