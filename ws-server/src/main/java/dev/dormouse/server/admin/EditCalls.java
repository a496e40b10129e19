package dev.dormouse.server.admin;

/// How a room's own rows are changed from outside, in a turn of the room.
public interface EditCalls {
  /// Makes a change, and has the room begin anew if it is the last one: what its code remembers is
  /// not true any more. Durable when it returns.
  ///
  /// @param edit see [RoomEdit#read]
  void edit(String edit);
}
