package dev.dormouse.room;

import java.util.Optional;

/// Finds rooms: makes their ids and the stubs through which they are called.
///
/// Inside a room it is [RoomContext#rooms], and a call ends the turn; outside, a call just blocks
/// the caller's thread.
public interface Rooms {

  /// The room of this name; the same name always gives the same id on the same data folder.
  ///
  /// @param name 1 to 1,024 characters, any of them; well-formed Unicode
  /// @throws IllegalArgumentException if the namespace is not declared or the name not allowed
  RoomId idFromName(String namespace, String name);

  /// A room that nobody can guess, without a name.
  RoomId newUniqueId(String namespace);

  /// Reads [RoomId#hex].
  ///
  /// @throws IllegalArgumentException if the text is no id, or an id of another namespace or of
  ///   another server's key
  RoomId idFromString(String namespace, String hex);

  /// A stub that calls the room through `type`, one of the interfaces its namespace declares.
  ///
  /// Arguments and results are copied by the codec, so that rooms share no memory. A call waits for
  /// the reply for at most the call limit (30 s), then throws [RoomException.CallTimeout], and
  /// throws the room's own [Refusal] as it was thrown.
  <T> T stub(Class<T> type, RoomId id);

  /// [#stub(Class, RoomId)] for [#idFromName].
  default <T> T stub(Class<T> type, String namespace, String name) {
    return stub(type, idFromName(namespace, name));
  }

  /// Sends an HTTP request to another room and waits for its reply, like a call.
  HttpReply request(RoomId id, HttpCall call);

  /// The namespace's declaration, if there is one.
  Optional<Namespace> namespace(String name);
}
