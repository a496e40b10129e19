package dev.dormouse.room.spi;

import dev.dormouse.room.Codec;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import dev.dormouse.room.Work;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A room as a [Facility] may use it: in the turn at hand, but for [#post], which any thread may
/// call. Keys and alarm names are the facility's own; other facilities and the room have others.
public interface FacilityRoom {

  RoomId id();

  /// The room's instance; not before the incarnation's start.
  Room room();

  /// What the room's own code works with, in the turn at hand: for what is done to the room in its
  /// name. Changes move its version, as its own do.
  RoomContext context();

  Codec codec();

  InstantSource clock();

  /// The room of this name; empty if its namespace is not declared or the name is none.
  Optional<RoomId> find(String namespace, String name);

  // ---- rows, as the turn sees them

  Optional<byte[]> get(String key);

  /// @throws dev.dormouse.room.Refusal.StorageFull while the store cannot be written to; likewise
  ///   the other changes
  void put(String key, byte[] value);

  void delete(String key);

  /// The first rows below `prefix`, in order, with keys as they were put.
  default List<Storage.Entry> list(String prefix, int limit) {
    return list(prefix, "", limit);
  }

  /// The same, but only those behind the key `after`.
  List<Storage.Entry> list(String prefix, String after, int limit);

  // ---- marks: rows by which the room is found among all of the node, see RoomNode#marks

  /// Writes a mark; `note` is what a finder is told without asking the room. Few and small: each is
  /// a row and an entry of an index.
  void mark(String name, byte[] note);

  void unmark(String name);

  // ---- alarms

  /// @param due milliseconds since 1970 UTC
  void setAlarm(String name, long due);

  void deleteAlarm(String name);

  /// Whether the alarm is set; one that rings in this turn is not.
  default boolean hasAlarm(String name) {
    return alarm(name).isPresent();
  }

  /// When the alarm is due, in milliseconds since 1970 UTC; empty if it is not set, or rings in
  /// this turn.
  OptionalLong alarm(String name);

  /// Runs a statement that reads on the room's database (S4), and gives its first rows. The
  /// database itself refuses what writes, whatever the statement looks like. Blocks for as long as
  /// it takes; cursors that the turn has open close.
  ///
  /// @param rows how many at most
  /// @param bytes how much their values have at most
  /// @return whose `last` says whether these are all
  /// @throws dev.dormouse.room.SqlFailure if the statement is not allowed or fails
  /// @throws IllegalStateException if the namespace is not declared `withSql()`
  SqlPage look(String statement, int rows, long bytes);

  // ---- turns and messages

  /// See [Storage#transaction]; waits inside are refused.
  <T extends @Nullable Object, X extends Exception> T transaction(Work<T, X> work) throws X;

  /// Runs `then` once all that was written until the end of this turn is durable, in the order of
  /// the turns; never if that fails. It must not block, and has no turn.
  void whenDurable(Runnable then);

  /// The incarnation ends with this turn, if it ends well, before any other event enters: what the
  /// room's code remembers is not true any more. The next event finds a room built anew; handlers
  /// that are suspended are reset. Counts as no failure of the room's (T6).
  ///
  /// @param why for those who are reset
  void beginAnew(String why);

  /// Runs `work` on a thread of its own once all that was written until the end of this turn is
  /// durable, outside of the room: it may block, and use nothing of this but [#post], [#id] and
  /// [#codec].
  void outside(Runnable work);

  /// Brings a message to the facility's part in another room as [#post] does, once this turn has
  /// ended: before what it wrote is durable, if what the other room makes of the message will be
  /// durable no earlier, and never was if this turn's write fails; else when it is durable.
  ///
  /// @param message not changed any more
  void postAhead(RoomId to, byte[] message);

  /// Brings a message to the facility's part in another room, or in this one, waking it if need be.
  /// Nothing keeps it: it is lost when the process ends, or the turn that takes it. Does not wait.
  ///
  /// @param message not changed any more
  /// @return false if the server stops or the room's namespace is not declared
  boolean post(RoomId to, byte[] message);
}
