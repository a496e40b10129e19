package dev.dormouse.storage.sql;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.storage.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether the disk takes anything. SQLite says the same of a full disk and of a database that may
/// grow no more: this tells them apart, and looks again until a full disk has space.
final class Disk {
  private static final Logger LOG = LoggerFactory.getLogger(Disk.class);
  private static final Duration PROBE_EVERY = Duration.ofSeconds(1);

  private final Places places;
  private final Execution execution;
  private final Executor pool;

  /// Why nothing can be written; null while it can. Written under this object's lock.
  private volatile @Nullable String trouble;

  Disk(Places places, Execution execution, Executor pool) {
    this.places = places;
    this.execution = execution;
    this.pool = pool;
  }

  Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  /// Whether the disk is full. If that is not known yet it is looked at; from then on it is looked
  /// after.
  boolean isFull() {
    if (trouble != null) {
      return true;
    }
    try {
      write();
      return false;
    } catch (FileSystemException e) {
      // Nothing could be opened to be written to, perhaps for want of descriptors.
      LOG.warn("whether the disk of {} is full cannot be tried", places.folder(), e);
      return !places.hasSpace() && full(e);
    } catch (IOException | UncheckedIOException e) {
      return full(e);
    }
  }

  private void write() throws IOException {
    execution.failpoint(SqlFailpoints.PROBE);
    places.probe();
  }

  private synchronized boolean full(Exception reason) {
    if (trouble == null) {
      trouble =
          "the disk of %s takes nothing (%s); rooms with SQL can be read; free space on it: it is tried again every %d s"
              .formatted(places.folder(), reason.getMessage(), PROBE_EVERY.toSeconds());
      LOG.error("{}", trouble);
      again();
    }
    return true;
  }

  private void again() {
    execution.schedule(PROBE_EVERY, () -> pool.execute(this::probe));
  }

  private void probe() {
    try {
      write();
      synchronized (this) {
        trouble = null;
      }
      LOG.info("{} can be written again", places.folder());
    } catch (IOException | UncheckedIOException _) {
      again();
    }
  }

  private static Refusal.StorageFull full(RoomId room, String turn) {
    Refusal.StorageFull full = Refusal.StorageFull.of(room);
    return turn.isEmpty() ? full : new Refusal.StorageFull(full.getMessage() + turn);
  }

  /// What somebody is told whose file could not be had: that the disk is full, if it is that.
  Throwable reason(RoomId room, Throwable failure) {
    boolean mayBe =
        failure instanceof IOException
            || failure instanceof UncheckedIOException
            || (failure instanceof SQLException && Fault.of(failure) == Fault.FULL);
    if (!mayBe || !isFull()) {
      return failure;
    }
    Refusal refusal = full(room, "");
    refusal.addSuppressed(failure);
    return refusal;
  }

  /// What a room is told that found no space.
  ///
  /// @param undone whether its turn is over with that
  Refusal refusal(RoomId room, long roomBytes, boolean undone, Throwable cause) {
    String turn =
        undone ? "; all that the turn did in SQL is undone, and it can do no more there" : "";
    Refusal refusal = isFull() ? full(room, turn) : tooLarge(room, roomBytes, turn);
    refusal.addSuppressed(cause);
    return refusal;
  }

  /// What a room is told whose database may grow no more.
  static Refusal tooLarge(RoomId room, long roomBytes, String turn) {
    return new Refusal.TooLarge(
        "the database of %s would be larger than %,d bytes%s".formatted(room, roomBytes, turn));
  }
}
