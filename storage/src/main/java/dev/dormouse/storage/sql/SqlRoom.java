package dev.dormouse.storage.sql;

import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.CommitFailure.Reason;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.RoomSize;
import dev.dormouse.room.spi.WriteSet;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A room that has something to do with its file: its strand, and how the file is opened, closed,
/// and opened anew after a failure.
///
/// Fields without another word are the strand's.
final class SqlRoom {
  private static final Logger LOG = LoggerFactory.getLogger(SqlRoom.class);

  final RoomId id;
  final Strand strand;
  private final RoomFiles files;
  private final SyncLine syncs;

  private @Nullable IndexKeeper keeper;

  /// Read by others only to see whether a turn is under way, and to interrupt it.
  private volatile @Nullable OpenRoom open;

  private RoomFile.Numbers numbers = RoomFile.Numbers.NONE;
  private boolean permitted;

  /// The file may hold a set that was never acknowledged.
  private boolean needsScar;

  /// What the index said, until it is looked at. Written before the strand goes on.
  private @Nullable RoomImage indexed;

  /// What the index is told of a file that was opened, until somebody waits for it.
  private @Nullable CompletionStage<Position> mending;

  /// Whether what is known must be thrown away and read anew. From any thread.
  private volatile boolean doubted;

  SqlRoom(RoomFiles files, RoomId id) {
    this.files = files;
    this.id = id;
    strand = new Strand(files.pool(), this::rests);
    syncs =
        new SyncLine(
            files.syncs(),
            files.execution(),
            files.observer(),
            files::position,
            this::doubt,
            this::syncFailed);
  }

  RoomFiles files() {
    return files;
  }

  @Nullable OpenRoom open() {
    return open;
  }

  OpenRoom opened() {
    OpenRoom there = open;
    if (there == null) {
      throw new IllegalStateException("the file of " + id + " is not open");
    }
    return there;
  }

  IndexKeeper keeper() {
    IndexKeeper there = keeper;
    if (there == null) {
      throw new IllegalStateException("nothing is known of " + id);
    }
    return there;
  }

  RoomFile.Numbers numbers() {
    return numbers;
  }

  /// See [RoomFiles#restartDue].
  long restartDue() {
    return files.restartDue(numbers);
  }

  // ---- opening

  /// Gets the file ready; a stage after which to ask again, null when it is.
  ///
  /// @param create whether a room without a file gets one
  @Nullable CompletionStage<?> prepare(boolean create) throws Exception {
    if (doubted && !syncs.isBroken()) {
      CompletionStage<?> busy = syncs.quiet();
      if (busy != null) {
        return busy;
      }
      close();
      keeper = null;
      doubted = false;
    }
    if (keeper == null) {
      RoomImage image = indexed;
      if (image == null) {
        return files.indexed(id).thenAccept(found -> indexed = found);
      }
      indexed = null;
      keeper = new IndexKeeper(id, files.index(), image);
      numbers = keeper.numbers();
    }
    if (open == null && (create || keeper.hasFile())) {
      if (!permitted) {
        return files.open().enter(this).thenRun(() -> permitted = true);
      }
      try {
        long since = files.execution().nanoTime();
        Opened found = Opened.of(id, files, keeper, needsScar);
        open = found.room();
        numbers = found.numbers();
        mending = found.mending();
        needsScar = false;
        files.observer().opened(files.execution().nanoTime() - since);
      } catch (SQLException | IOException | RuntimeException | Error e) {
        close();
        throw e;
      }
    }
    files.open().used(this);
    CompletionStage<?> mends = mending;
    mending = null;
    return mends == null ? null : mended(mends);
  }

  /// Done when the index says what the file says. If it cannot be told, whoever waits goes on,
  /// since on a full disk rooms can be read; whoever comes next has all read anew.
  private CompletionStage<?> mended(CompletionStage<?> mends) {
    return mends.exceptionally(_ -> {
      strand.put(() -> {
        doubt();
        return null;
      });
      return null;
    });
  }

  // ---- what is stored

  /// The room as a wake reads it.
  RoomImage image() throws SQLException {
    OpenRoom there = open;
    IndexKeeper index = keeper();
    if (there == null) {
      return new RoomImage(
          index.name(),
          numbers.sequence(),
          numbers.version(),
          0,
          RoomSize.NOTHING,
          List.of(),
          new RoomImage.Whole(KeyOrder.newMap()));
    }
    return new RoomImage(
        index.name(),
        numbers.sequence(),
        numbers.version(),
        numbers.schema(),
        there.file().entries().size(),
        index.alarms(),
        there.file().entries().keys(files.settings().wholeKeys(), files.settings().wholeBytes()),
        there.file().hasTables());
  }

  /// A backup that does not have the file yet takes it as it is.
  void beforeChange() {
    RoomCopies copies = files.copies();
    if (copies != null) {
      copies.beforeChange(id, open);
    }
  }

  /// Done when all commits are answered; null if they are. From any thread.
  @Nullable CompletionStage<?> syncing() {
    return syncs.quiet();
  }

  /// The file has the set; it is synced and answered in its turn.
  void committed(WriteSet set, CompletableFuture<Position> answer) throws SQLException {
    OpenRoom there = opened();
    numbers = new RoomFile.Numbers(set.epoch(), set.sequence(), set.version(), set.schema());
    boolean takes =
        set.clear()
            || set.sqlTurn() != 0
            || set.changes().values().stream().anyMatch(java.util.Optional::isEmpty)
            || set.alarms().stream().anyMatch(WriteSet.DeleteAlarm.class::isInstance);
    keeper().committed(set, !takes || !there.file().isEmpty(), numbers);
    syncs.add(new SyncLine.Committed(set, answer, keeper(), there.file().log()));
    if (set.clear() && !keeper().exists()) {
      var _ = answer.thenRun(this::mayClose);
    }
  }

  // ---- failures

  /// What is known may not be so: it is read anew before it is used again.
  void doubt() {
    doubted = true;
  }

  /// Nobody knows whether the last commit will survive.
  void unknown() {
    needsScar = true;
    doubted = true;
  }

  /// A sync failed: the file is closed, opened and synced again before anybody reads it, then all
  /// whose fate is not known are told.
  private void syncFailed(List<SyncLine.Committed> lost, Throwable failure) {
    LOG.error("a sync of {} failed", files.places().of(id), failure);
    files.put(this, () -> settle(lost, failure));
  }

  private @Nullable CompletionStage<?> settle(List<SyncLine.Committed> lost, Throwable failure) {
    needsScar = true;
    close();
    keeper = null;
    doubted = false;
    List<SyncLine.Committed> all = new ArrayList<>(lost);
    all.addAll(syncs.mended());
    CommitFailure unknown =
        new CommitFailure(
            Reason.IO,
            Outcome.UNKNOWN,
            "room " + id + ": the sync failed, what it was for may or may not survive: " + failure,
            failure);
    // The file is opened anew, and mended, by whoever asks for it next.
    all.forEach(each -> each.answer().completeExceptionally(unknown));
    return null;
  }

  // ---- rest

  /// Whether the file could be closed now, as far as others can see.
  boolean isAtRest() {
    return !hasTurn() && strand.isIdle();
  }

  private boolean hasTurn() {
    OpenRoom there = open;
    return there != null && there.hasTurn();
  }

  /// The next job may be at work already: it comes here too.
  private void rests() {
    boolean free = !hasTurn();
    files.execution().failpoint(SqlFailpoints.RESTS);
    if (free) {
      files.open().rests(this);
    }
    if (isOfNothing()) {
      mayClose();
    }
    files.forget(this);
  }

  /// Whether somebody has only looked, and the room has no file but for that: none is to be left.
  private boolean isOfNothing() {
    OpenRoom looked = open;
    IndexKeeper index = keeper;
    return looked != null
        && !looked.hasTurn()
        && index != null
        && !index.hasFile()
        && !index.exists();
  }

  /// Somebody else wants the place of this room's file, or its room is gone.
  void mayClose() {
    files.put(
        this,
        () -> {
          CompletionStage<?> busy = syncs.quiet();
          if (hasTurn() || strand.hasWaiting()) {
            files.open().stays(this);
          } else if (busy != null) {
            var _ = busy.whenComplete((_, _) -> mayClose());
          } else {
            close();
          }
          return null;
        });
  }

  /// Closes the file once all that was committed is answered. From the strand.
  @Nullable CompletionStage<?> closeForGood(Strand.Job job) {
    CompletionStage<?> busy = syncs.quiet();
    if (busy != null) {
      strand.putFirst(job);
      return busy.handle((_, _) -> null);
    }
    close();
    return null;
  }

  boolean isClosed() {
    return open == null && !permitted && !needsScar && !syncs.isBroken();
  }

  private void close() {
    OpenRoom there = open;
    IndexKeeper index = keeper;
    try {
      syncs.close();
      if (there != null) {
        open = null;
        there.close();
      }
      if (there != null
          && index != null
          && !needsScar
          && !doubted
          && !index.exists()
          && !index.hasFile()) {
        files.execution().failpoint(SqlFailpoints.BEFORE_REMOVAL);
        files.places().remove(id);
        // A file that is made anew begins with the room's numbers.
        keeper = null;
      }
    } catch (SQLException | IOException e) {
      LOG.warn("closing the file of {} failed; nothing acknowledged is lost", id, e);
    }
    if (permitted) {
      permitted = false;
      files.open().left(this);
    }
  }

  /// The process is gone, as far as this room can tell.
  void die() {
    doubt();
    close();
  }

  /// Ends what a turn has at work. From any thread.
  void interrupt(FileTurn turn) {
    OpenRoom there = open;
    if (there != null) {
      there.statements().budget().cancel(turn.number());
    }
  }
}
