package dev.dormouse.room.spi;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Where rooms' state is kept. One contract suite runs against every implementation.
///
/// No method blocks: each returns a future that a thread of the store completes. What is chained to
/// a future therefore runs on that thread and must be short. All methods may be called from any
/// thread.
public interface RoomStore extends AutoCloseable {

  /// The number of this opening of the store: larger than any before (S5).
  long epoch();

  /// Makes `set` durable, together with others (group commit).
  ///
  /// Sets of one room must be submitted in the order of their sequence; their futures complete in
  /// that order. When the future completes with a position the set survives a power loss. It fails
  /// with [CommitFailure] only, and then every later set of the room that was submitted before the
  /// failure was known fails too (O2).
  CompletableFuture<Position> commit(WriteSet set);

  /// Whether write sets of two rooms become durable in the order in which they were submitted, so
  /// that one of them can name the other ([WriteSet#after]).
  default boolean isTogether(RoomId one, RoomId other) {
    return false;
  }

  /// Reads a room's state as of the last completed commit, or a later one.
  CompletableFuture<RoomImage> load(RoomId room);

  /// One key of a room that is too large to load; as of the last completed commit, or a later one.
  CompletableFuture<Optional<byte[]>> read(RoomId room, String key);

  /// Some keys of a room that is too large to load, in the range's order, as of the last completed
  /// commit or a later one.
  ///
  /// @param maxBytes the listing may stop once keys and values exceed it; it then holds at least
  ///   this many bytes
  CompletableFuture<List<Storage.Entry>> list(RoomId room, KeyRange range, long maxBytes);

  /// How much a room has besides `keys`, as of the last completed commit, or a later one. What it
  /// costs grows with the number of `keys`, not with the room.
  CompletableFuture<RoomSize> sizeWithout(RoomId room, Collection<String> keys);

  /// Alarms that are due: [dev.dormouse.room.Alarm.State#SET] rows whose `next` is at most `now`,
  /// earliest first.
  ///
  /// @param now milliseconds since 1970 UTC
  /// @param limit how many at most
  CompletableFuture<DueAlarms> dueAlarms(long now, int limit);

  /// The rooms of a namespace that have keys or alarms, in order of their ids.
  ///
  /// @param after the id after which the page begins; null for the first page
  CompletableFuture<List<RoomId>> rooms(String namespace, @Nullable RoomId after, int limit);

  /// What keys of facilities' marks begin with: those that [#marks] finds.
  String MARKS = "\0mark/";

  /// Marks of all rooms: keys that begin with [#MARKS] and `prefix`, in order of their names, then
  /// of their rooms' ids; as of the last completed commit, or a later one. Found by an index,
  /// however many rooms there are.
  ///
  /// @param after the mark after which the page begins; null for the first page
  CompletableFuture<List<Mark>> marks(String prefix, @Nullable Mark after, int limit);

  /// How many marks there are below `prefix`, folder by folder in the folders' order; as of the
  /// last completed commit, or a later one. One question, whose cost grows with the number of
  /// marks.
  CompletableFuture<List<MarkCount>> countMarks(String prefix);

  /// The namespaces whose rooms have SQL here.
  default Set<String> sqlNamespaces() {
    return Set.of();
  }

  /// Begins what a turn of `room` does in SQL. At most one turn of a room is under way at a time.
  ///
  /// @throws UnsupportedOperationException if the room's namespace has no SQL here
  default SqlTurn sqlTurn(RoomId room) {
    throw new UnsupportedOperationException("this store has no SQL for " + room);
  }

  /// Why the store cannot be written to at present; empty while it can. While it says so, commits
  /// fail at once with [CommitFailure.Reason#FULL] until a probe has succeeded.
  Optional<String> trouble();

  /// Commits what was submitted, then releases all files. Later calls fail.
  @Override
  void close();

  /// A page of due alarms.
  ///
  /// @param alarms earliest first
  /// @param next when the first alarm falls due that is not on this page, in milliseconds since
  ///   1970 UTC; it may be in the past when the page was full
  record DueAlarms(List<DueAlarm> alarms, OptionalLong next) {}

  /// A key under which a room can be found.
  ///
  /// @param name the key, without [#MARKS]
  /// @param note its value
  record Mark(RoomId room, String name, byte[] note) {}

  /// The marks of one folder.
  ///
  /// @param folder what stands in their names up to the last `/` and with it; empty if there is
  ///   none
  /// @param least the smallest of their notes, byte by byte without sign
  record MarkCount(String folder, long count, byte[] least) {}

  /// One due alarm: the room, its alarm's name, and when it was to fire.
  record DueAlarm(RoomId room, String name, long next) {}
}
