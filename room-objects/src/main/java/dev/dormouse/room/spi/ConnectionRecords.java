package dev.dormouse.room.spi;

import dev.dormouse.room.RoomId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Where the records of connections are while their rooms sleep (C3, C4), so that a sleeping room
/// costs no memory. Gone with the process: it begins empty. One contract suite runs against every
/// implementation.
///
/// No method blocks: each returns a future that another thread completes, in the order in which the
/// methods were called, also across rooms; what is chained to it must be short. A future fails with
/// [java.io.IOException] if the records cannot be written or read. Of two writes of one key the
/// later counts. All methods may be called from any thread.
public interface ConnectionRecords extends AutoCloseable {
  /// How many records a caller should write or read at once, so that others get their turn.
  int CHUNK = 256;

  /// Writes records that are new or have changed, and deletes those of `gone`, if they are there.
  /// All or nothing.
  CompletableFuture<@Nullable Void> save(
      RoomId room, List<ConnectionRecord> changed, Collection<Long> gone);

  /// Notes that the room has fallen asleep; replaces what was noted before.
  CompletableFuture<@Nullable Void> sleeps(RoomId room, Slept slept);

  /// What was noted when the room fell asleep last; empty if it has not slept in this process, or
  /// was forgotten.
  CompletableFuture<Optional<Slept>> slept(RoomId room);

  /// A connection of a sleeping room has ended that the room does not want to hear of: deletes its
  /// record and counts it off [Slept].
  CompletableFuture<@Nullable Void> ended(RoomId room, long key);

  /// Forgets a room, with its records.
  CompletableFuture<@Nullable Void> forget(RoomId room);

  /// The records of `keys` that are there, in the order of their keys.
  CompletableFuture<List<ConnectionRecord>> read(RoomId room, Collection<Long> keys);

  /// Some records in the order of their keys, those with `closing` too.
  ///
  /// @param tag only those that carry it, if it is given
  /// @param after only those with larger keys
  /// @param limit how many at most
  CompletableFuture<List<ConnectionRecord>> page(
      RoomId room, @Nullable String tag, long after, int limit);

  /// Releases what it uses. Later calls fail.
  @Override
  void close();

  /// A room that sleeps.
  ///
  /// @param connections how many records there are
  /// @param closing how many of them are closing
  /// @param since when it fell asleep, in milliseconds since 1970 UTC
  /// @param name the room's, if it was known; who wakes it may know its id alone (I1)
  record Slept(int connections, int closing, long since, @Nullable String name) {

    /// A room whose name is not known.
    public Slept(int connections, int closing, long since) {
      this(connections, closing, since, null);
    }

    /// One connection less.
    public Slept without(boolean closingOne) {
      return new Slept(connections - 1, closing - (closingOne ? 1 : 0), since, name);
    }
  }
}
