package dev.dormouse.testkit;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.CommitFailure.Reason;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.RoomSize;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.WriteSet;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A [RoomStore] in memory. Commits are made durable in batches by a thread of the execution, so
/// they take their time as a disk's do; tests may hold them back, or decide which fail.
///
/// Guarded by its disk.
public final class MemoryRoomStore implements RoomStore {
  private final MemoryDisk disk;
  private final Execution execution;
  private final int wholeKeys;
  private final long epoch;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private Faults faults = set -> new Verdict.Durable();
  private @Nullable String trouble;
  private @Nullable String unreadable;
  private boolean writing;
  private boolean held;
  private boolean closed;
  private boolean crashed;

  /// Rooms whose last commit had an unknown outcome: what was submitted behind it fails too, until
  /// somebody reads what there is.
  private final Set<RoomId> unknown = new HashSet<>();

  private boolean apart;

  /// Numbers of write sets that failed, for sets of other rooms that name them.
  private final Set<Long> failed = new HashSet<>();

  private record Waiting(WriteSet set, CompletableFuture<Position> done) {}

  /// Decides what becomes of a write set whose epoch and sequence are right.
  @FunctionalInterface
  public interface Faults {
    Verdict of(WriteSet set);
  }

  /// What becomes of a write set.
  public sealed interface Verdict {
    record Durable() implements Verdict {}

    /// Refused before anything was written.
    record Rejected(String why) implements Verdict {}

    /// The sync failed; `applied` says what the store will turn out to hold.
    record Unknown(boolean applied) implements Verdict {}
  }

  public MemoryRoomStore(Execution execution, MemoryDisk disk) {
    this(execution, disk, 1_000);
  }

  /// @param wholeKeys how many keys a room may have to be loaded whole
  public MemoryRoomStore(Execution execution, MemoryDisk disk, int wholeKeys) {
    this.execution = execution;
    this.disk = disk;
    this.wholeKeys = wholeKeys;
    synchronized (disk) {
      epoch = ++disk.epoch;
      for (StoredRoom stored : disk.rooms.values()) {
        stored.alarms.replaceAll(
            (name, row) -> row.state() == Alarm.State.AT_RESTART ? AlarmRow.at(name, 0) : row);
      }
    }
  }

  /// Commits wait from now on, until [#letOne] or [#letAll].
  public void hold() {
    synchronized (disk) {
      held = true;
    }
  }

  /// Makes the oldest waiting commit durable, or fails it, and says whether there was one. The
  /// caller's thread completes it.
  public boolean letOne() {
    return writeOne();
  }

  /// Commits no longer wait.
  public void letAll() {
    synchronized (disk) {
      held = false;
      startWriting();
    }
  }

  /// How many commits wait.
  public int waiting() {
    synchronized (disk) {
      return waiting.size();
    }
  }

  public void faults(Faults faults) {
    synchronized (disk) {
      this.faults = faults;
    }
  }

  /// From now on nothing can be written, or, with null, everything again.
  public void trouble(@Nullable String why) {
    synchronized (disk) {
      trouble = why;
    }
  }

  /// From now on nothing can be read, or, with null, everything again.
  public void unreadable(@Nullable String why) {
    synchronized (disk) {
      unreadable = why;
    }
  }

  @Override
  public long epoch() {
    return epoch;
  }

  /// In one queue: all rooms are, unless the test wants them [#apart].
  @Override
  public boolean isTogether(RoomId one, RoomId other) {
    synchronized (disk) {
      return !apart || one.equals(other);
    }
  }

  /// From now on says of no two rooms that their writes keep an order.
  public void apart() {
    synchronized (disk) {
      apart = true;
    }
  }

  @Override
  public CompletableFuture<Position> commit(WriteSet set) {
    CompletableFuture<Position> done = new CompletableFuture<>();
    synchronized (disk) {
      if (trouble != null && waiting.isEmpty()) {
        // At once, as the port says.
        failed.add(set.number());
        return CompletableFuture.failedFuture(
            new CommitFailure(Reason.FULL, Outcome.NOT_APPLIED, trouble, null));
      }
      if (!crashed) {
        waiting.add(new Waiting(set, done));
        startWriting();
      }
    }
    return done;
  }

  private void startWriting() {
    if (!writing && !held && !waiting.isEmpty()) {
      writing = true;
      execution.start("memory store", this::write);
    }
  }

  private void write() {
    while (true) {
      execution.failpoint("store.before-commit");
      synchronized (disk) {
        if (held || waiting.isEmpty()) {
          writing = false;
          return;
        }
      }
      writeOne();
    }
  }

  private boolean writeOne() {
    Waiting next;
    Position position = null;
    CommitFailure failure = null;
    synchronized (disk) {
      next = waiting.poll();
      if (next == null) {
        return false;
      }
      try {
        position = apply(next.set);
      } catch (CommitFailure e) {
        failure = e;
        failed.add(next.set.number());
      }
    }
    if (position != null) {
      next.done.complete(position);
    } else if (failure != null) {
      next.done.completeExceptionally(failure);
    }
    return true;
  }

  private Position apply(WriteSet set) throws CommitFailure {
    if (closed || set.epoch() != disk.epoch || set.epoch() != epoch) {
      throw new CommitFailure(
          Reason.EPOCH,
          Outcome.NOT_APPLIED,
          "%s: epoch %d is over%s".formatted(set.room(), set.epoch(), closed ? ", closed" : ""),
          null);
    }
    if (trouble != null) {
      throw new CommitFailure(Reason.FULL, Outcome.NOT_APPLIED, trouble, null);
    }
    if (unknown.contains(set.room())) {
      throw new CommitFailure(
          Reason.SEQUENCE,
          Outcome.NOT_APPLIED,
          "an earlier commit of " + set.room() + " had an unknown outcome",
          null);
    }
    if (set.after().stream().anyMatch(failed::contains)) {
      throw new CommitFailure(
          Reason.ORDER,
          Outcome.NOT_APPLIED,
          "a write set that one of " + set.room() + " builds on has failed",
          null);
    }
    StoredRoom stored = disk.rooms.get(set.room());
    long sequence = stored == null ? 0 : stored.sequence;
    if (set.sequence() != sequence + 1) {
      throw new CommitFailure(
          Reason.SEQUENCE,
          Outcome.NOT_APPLIED,
          "%s is at sequence %d, which %d does not follow"
              .formatted(set.room(), sequence, set.sequence()),
          null);
    }
    return switch (faults.of(set)) {
      case Verdict.Durable() -> {
        put(set);
        yield new Position(0, ++disk.commits);
      }
      case Verdict.Rejected(String why) ->
          throw new CommitFailure(Reason.REJECTED, Outcome.NOT_APPLIED, why, null);
      case Verdict.Unknown(boolean applied) -> {
        if (applied) {
          put(set);
        }
        unknown.add(set.room());
        throw new CommitFailure(Reason.IO, Outcome.UNKNOWN, "the sync failed", null);
      }
    };
  }

  private void put(WriteSet set) {
    disk.rooms.computeIfAbsent(set.room(), StoredRoom::new).apply(set);
  }

  @Override
  public CompletableFuture<RoomImage> load(RoomId room) {
    return later(() -> {
      unknown.remove(room);
      StoredRoom stored = disk.rooms.get(room);
      return stored == null && wholeKeys >= 0
          ? RoomImage.empty()
          : (stored == null ? new StoredRoom(room) : stored).image(wholeKeys);
    });
  }

  @Override
  public CompletableFuture<Optional<byte[]>> read(RoomId room, String key) {
    return later(() -> {
      StoredRoom stored = disk.rooms.get(room);
      return stored == null ? Optional.empty() : Optional.ofNullable(stored.keys.get(key));
    });
  }

  @Override
  public CompletableFuture<List<Storage.Entry>> list(RoomId room, KeyRange range, long maxBytes) {
    return later(() -> {
      StoredRoom stored = disk.rooms.get(room);
      return stored == null ? List.of() : stored.list(range, maxBytes);
    });
  }

  @Override
  public CompletableFuture<RoomSize> sizeWithout(RoomId room, Collection<String> keys) {
    Set<String> without = Set.copyOf(keys);
    return later(() -> {
      StoredRoom stored = disk.rooms.get(room);
      return stored == null ? RoomSize.NOTHING : stored.size(without);
    });
  }

  @Override
  public CompletableFuture<DueAlarms> dueAlarms(long now, int limit) {
    return later(() -> disk.dueAlarms(now, limit));
  }

  @Override
  public CompletableFuture<List<RoomId>> rooms(
      String namespace, @Nullable RoomId after, int limit) {
    return later(() -> disk.rooms(namespace, after, limit));
  }

  @Override
  public CompletableFuture<List<Mark>> marks(String prefix, @Nullable Mark after, int limit) {
    return later(() -> disk.marks(prefix, after, limit));
  }

  @Override
  public CompletableFuture<List<MarkCount>> countMarks(String prefix) {
    return later(() -> disk.countMarks(prefix));
  }

  /// Answers on a thread of its own, at a time of the execution's choice.
  private <T> CompletableFuture<T> later(Supplier<T> answer) {
    CompletableFuture<T> future = new CompletableFuture<>();
    synchronized (disk) {
      if (closed) {
        future.completeExceptionally(new IllegalStateException("the store is closed"));
        return future;
      }
    }
    execution.start(
        "memory reader",
        () -> {
          T found;
          synchronized (disk) {
            if (crashed) {
              return;
            }
            if (unreadable != null) {
              future.completeExceptionally(new IllegalStateException(unreadable));
              return;
            }
            found = answer.get();
          }
          future.complete(found);
        });
    return future;
  }

  @Override
  public Optional<String> trouble() {
    synchronized (disk) {
      return Optional.ofNullable(trouble);
    }
  }

  /// Ends as a crash of the process would: what waits is lost, and nothing is ever answered again.
  public void crash() {
    synchronized (disk) {
      waiting.clear();
      crashed = true;
    }
  }

  /// Commits what waits, on the caller's thread.
  @Override
  public void close() {
    while (writeOne()) {
      // one by one, in order
    }
    synchronized (disk) {
      closed = true;
    }
  }
}
