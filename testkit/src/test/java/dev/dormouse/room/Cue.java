package dev.dormouse.room;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a deed of a [Script] is told and may use: the room, whoever asked, and what happened.
///
/// @param by the connection, for what a client did
/// @param argument what followed the deed's name; empty if nothing did
/// @param what the start cause, close status, failure, refusal or alarm that the event brought
record Cue(ScriptedRoom room, @Nullable Connection by, String argument, Object what) {

  RoomContext context() {
    return room.context;
  }

  Storage storage() {
    return room.context.storage();
  }

  Alarms alarms() {
    return room.context.alarms();
  }

  void put(String key, String value) {
    storage().putText(key, value);
  }

  Optional<String> get(String key) {
    return storage().getText(key);
  }

  /// The connection that asked.
  Connection connection() {
    Connection connection = by;
    if (connection == null) {
      throw new AssertionError("no connection asked");
    }
    return connection;
  }

  void tell(String text) {
    connection().send(text);
  }

  void broadcast(String text) {
    context().connections().broadcast(Message.of(text));
  }

  Alarm alarm() {
    return (Alarm) what;
  }

  /// A stub of another room of the same namespace.
  Lines other(String name) {
    return context().rooms().stub(Lines.class, Script.ROOM, name);
  }

  /// Notes for the test that this was reached: outside the room's state, whatever becomes of the
  /// turn.
  void note(String note) {
    room.script.note(note);
  }
}
