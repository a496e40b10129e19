package dev.dormouse.room.spi;

import dev.dormouse.room.RoomId;
import org.jspecify.annotations.Nullable;

/// Something durable that a module adds to every room: rows and alarms of its own in the room's
/// state, messages between its parts in different rooms, and what the room's code may ask of it.
/// The runtime knows nothing of what it is for.
///
/// What a facility writes goes into the write set of the turn in which it writes, and is out of
/// reach of the room's code: its rows are not listed, not deleted by `deleteAll`, count against no
/// limit of the room's and never move its version (S2). They do keep the room in existence (S6).
public interface Facility {

  /// Below this name its rows and alarms lie, in every room and for good: 1 to 16 letters from `a`
  /// to `z`, and not `mark`.
  String name();

  /// What rooms ask [dev.dormouse.room.RoomContext#facility] for; [Part#handle] is one. It is an
  /// interface by which every room can be called, too ([dev.dormouse.room.Rooms#stub]).
  Class<?> type();

  /// Takes part in one incarnation of a room, be it only to find that it has nothing to do there.
  /// Must not use `room` yet but keep it.
  Part join(FacilityRoom room);

  /// What a facility has in one incarnation of a room. All methods are called in a turn of the
  /// room, one at a time; what they keep in fields is gone with the incarnation, and is not undone
  /// with a turn. A throw undoes the turn and ends the incarnation, as a handler's does (T4).
  interface Part {

    /// What the room's code gets; used in the room's own turns. Of the facility's type.
    Object handle();

    /// The incarnation begins; the room's own start follows in the same turn. What is found in rows
    /// may not be durable yet.
    void onStart();

    /// An alarm of the facility's is due; deleted when the turn is durable, unless it was set
    /// again. A throw leads to another attempt later, after 64 s at most, for as long as it takes:
    /// such an alarm is never parked.
    ///
    /// @param name as it was set, without the facility's own
    void onAlarm(String name) throws Exception;

    /// The part in room `from` has sent a message. It may come twice, late, or not at all.
    void onMessage(RoomId from, byte[] message) throws Exception;

    /// [#onMessage] threw, and its turn never happened; this is a turn of its own.
    void onFailed(RoomId from, byte[] message, Throwable failure) throws Exception;
  }

  /// Whether a facility can have this name.
  static boolean isName(@Nullable String name) {
    return name != null && name.matches("[a-z]{1,16}") && !name.equals("mark");
  }
}
