package dev.dormouse.server.admin;

/// How a room's own rows are changed, and its tables asked, from outside, in a turn of the room.
public interface EditCalls {
  /// Makes a change, and has the room begin anew if it is the last one: what its code remembers is
  /// not true any more. Durable when it returns.
  ///
  /// @param edit see [RoomEdit#read]
  void edit(String edit);

  /// Runs a statement on a room's database. With `write` it may change what there is; the room then
  /// begins anew, and the change is durable when it returns. Without, the database itself refuses
  /// changes.
  ///
  /// @return see [SqlSaid]
  String sql(String statement, boolean write);
}
