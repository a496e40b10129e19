package dev.dormouse.room;

import java.util.Optional;
import java.util.stream.Stream;

/// The connections of this room that are open, in the order in which they joined.
public interface Connections {

  int count();

  /// All of them, read a page at a time; to be used up within the turn.
  Stream<Connection> stream();

  /// Those that carry `tag`.
  Stream<Connection> stream(String tag);

  Optional<Connection> find(long key);

  /// Sends to every connection that is open at this place in the room's order, but for `except`.
  void broadcast(Message message, Connection... except);

  /// [#broadcast] to those that carry `tag` at this place in the room's order.
  void broadcastTo(String tag, Message message, Connection... except);

  /// From this place in the room's order on, answers every message that equals `request` with
  /// `answer`, without entering or waking the room (C6). Each is of at most 2,048 bytes. It holds
  /// for all connections of the room, for as long as the room is awake or has any: set it in
  /// [Room#onStart]. Replaces what was set before.
  ///
  /// @throws IllegalArgumentException if one of the two is longer
  void autoResponse(Message request, Message answer);

  /// Ends what [#autoResponse] began.
  void noAutoResponse();
}
