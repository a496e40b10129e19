package dev.dormouse.storage.sql;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.CommitFailure.Reason;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.storage.Fault;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Makes one write set part of its room's file: checks its numbers, tells the index what it must
/// know before, writes, commits, and hands it to the line that syncs.
final class Commit extends FileJob {
  private static final String NOTHING = "nothing was stored: ";

  private final WriteSet set;
  private final CompletableFuture<Position> answer = new CompletableFuture<>();

  /// Who told the index; null until somebody has. Whoever comes after has taken it back, since the
  /// file did not say so yet.
  private @Nullable IndexKeeper told;

  Commit(SqlRoom room, WriteSet set) {
    super(room, true);
    this.set = set;
  }

  CompletableFuture<Position> answer() {
    return answer;
  }

  private void refuse(Reason reason, Outcome outcome, String why, @Nullable Throwable cause) {
    OpenRoom open = room.open();
    if (open != null) {
      open.rollBackTurn();
    }
    answer.completeExceptionally(
        new CommitFailure(reason, outcome, "room " + set.room() + ": " + why, cause));
  }

  @Override
  void fail(Throwable why) {
    Reason reason =
        switch (why) {
          case CommitFailure failure -> failure.reason();
          case Refusal.StorageFull _ -> Reason.FULL;
          default -> Reason.IO;
        };
    if (told != null) {
      // What the index holds is not known any more.
      room.doubt();
    }
    refuse(reason, Outcome.NOT_APPLIED, NOTHING + why, why);
  }

  @Override
  @Nullable CompletionStage<?> work() {
    CommitGate gate = room.files().gate();
    CompletionStage<?> shut = gate.enter();
    if (shut != null) {
      return shut;
    }
    try {
      return commit();
    } finally {
      gate.leave();
    }
  }

  private @Nullable CompletionStage<?> commit() {
    OpenRoom open = room.opened();
    IndexKeeper index = room.keeper();
    if (!mayCome(open, room.numbers())) {
      return null;
    }
    if (told != index) {
      room.files().execution().failpoint(SqlFailpoints.BEFORE_INDEX);
      told = index;
      CompletionStage<?> known = index.before(set);
      if (known != null) {
        return known;
      }
    }
    try {
      room.files().execution().failpoint(SqlFailpoints.INDEXED);
      room.beforeChange();
      open.write(set, room.restartDue());
      room.files().execution().failpoint(SqlFailpoints.BEFORE_COMMIT);
      open.commit();
      room.committed(set, answer);
    } catch (Exception | Error e) {
      failed(open, e);
    }
    return null;
  }

  private boolean mayCome(OpenRoom open, RoomFile.Numbers stored) {
    long epoch = room.files().index().epoch();
    String trouble = room.files().disk().trouble().orElse(null);
    if (set.epoch() != epoch) {
      refuse(
          Reason.EPOCH,
          Outcome.NOT_APPLIED,
          "a write set was refused: it was written under epoch %d and the data's is %d"
              .formatted(set.epoch(), epoch),
          null);
    } else if (set.sequence() != stored.sequence() + 1) {
      refuse(
          Reason.SEQUENCE,
          Outcome.NOT_APPLIED,
          "a write set was refused: its sequence is %d where %d must follow"
              .formatted(set.sequence(), stored.sequence() + 1),
          null);
    } else if (!open.canCommit(set.sqlTurn())) {
      refuse(
          Reason.REJECTED,
          Outcome.NOT_APPLIED,
          NOTHING + "what its turn did in SQL was undone, and the turn went on",
          null);
    } else if (trouble != null) {
      refuse(Reason.FULL, Outcome.NOT_APPLIED, NOTHING + trouble, null);
    } else {
      return true;
    }
    return false;
  }

  /// SQLite undoes a transaction whose commit fails. If the file still says what it said, that is
  /// certain; otherwise nobody knows.
  private void failed(OpenRoom open, Throwable failure) {
    open.rollBackAfter();
    // The index may promise too much now.
    room.doubt();
    boolean same;
    try {
      same = open.file().numbers().sequence() == set.sequence() - 1;
    } catch (SQLException e) {
      failure.addSuppressed(e);
      same = false;
    }
    if (!same) {
      room.unknown();
      refuse(
          Reason.IO,
          Outcome.UNKNOWN,
          "the commit failed and may or may not survive: " + failure,
          failure);
      return;
    }
    Fault fault = Fault.of(failure);
    Reason reason =
        fault == Fault.FULL && !room.files().disk().isFull() ? Reason.REJECTED : fault.reason();
    refuse(reason, Outcome.NOT_APPLIED, NOTHING + failure, failure);
  }
}
