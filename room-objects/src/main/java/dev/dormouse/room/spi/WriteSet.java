package dev.dormouse.room.spi;

import dev.dormouse.room.RoomId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// Everything durable that one turn decided, as plain data: the unit of atomicity, of durability
/// and of replication. Nothing durable goes round it.
///
/// A store applies it as a whole or not at all: first `clear`, then the changes and alarms.
///
/// @param room whose state changes; its name, if any, is stored with the first write set
/// @param epoch the process's number; a store refuses any but its own current one (S5)
/// @param sequence one more than the sequence that is stored, which is 0 for an unknown room (S2)
/// @param version the room's version after this set (S2)
/// @param schema the room's own schema number after this set
/// @param clear whether all keys and alarms stored so far are deleted first
/// @param changes new values by key, empty to delete; in UTF-8 order of the keys
/// @param alarms rows to write or delete
/// @param number by which write sets of other rooms name this one; 0 if none does. Not used twice
///   in an epoch
/// @param after numbers of write sets of other rooms, submitted before and kept in the same place
///   ([RoomStore#isTogether]), without which this one must not be: if one of them failed, this one
///   is refused
/// @param size what the room has after this set; null if whoever made it has not seen all of the
///   room: the store then reckons
/// @param sqlTurn the turn's [SqlTurn#number], whose statements are part of this set; 0 if it has
///   none
public record WriteSet(
    RoomId room,
    long epoch,
    long sequence,
    long version,
    int schema,
    boolean clear,
    SortedMap<String, Optional<byte[]>> changes,
    List<AlarmChange> alarms,
    long number,
    Set<Long> after,
    @Nullable RoomSize size,
    long sqlTurn) {

  /// A set without SQL that has nothing to do with those of other rooms, of somebody who does not
  /// know how much the room has.
  public WriteSet(
      RoomId room,
      long epoch,
      long sequence,
      long version,
      int schema,
      boolean clear,
      SortedMap<String, Optional<byte[]>> changes,
      List<AlarmChange> alarms) {
    this(room, epoch, sequence, version, schema, clear, changes, alarms, 0, Set.of(), null, 0);
  }

  /// The same with the room's size after it.
  public WriteSet withSize(RoomSize size) {
    return new WriteSet(
        room, epoch, sequence, version, schema, clear, changes, alarms, number, after, size,
        sqlTurn);
  }

  /// What happens to one alarm row.
  public sealed interface AlarmChange {
    String name();
  }

  /// Writes the row, replacing one of the same name.
  public record PutAlarm(AlarmRow row) implements AlarmChange {
    @Override
    public String name() {
      return row.name();
    }
  }

  /// Deletes the row if it is there.
  public record DeleteAlarm(String name) implements AlarmChange {}

  /// Keys and values together, in bytes, roughly: what counts against the limit of a batch.
  public long bytes() {
    long bytes = 64;
    for (var change : changes.entrySet()) {
      bytes += change.getKey().length() + change.getValue().map(v -> v.length).orElse(0) + 16L;
    }
    return bytes + 64L * alarms.size();
  }
}
