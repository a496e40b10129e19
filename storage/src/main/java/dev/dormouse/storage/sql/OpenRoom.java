package dev.dormouse.storage.sql;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.SqlFailure;
import dev.dormouse.room.SqlFailure.Kind;
import dev.dormouse.room.spi.WriteSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// A room whose file is open, and the turn that is under way in it: one SQLite transaction, in
/// which each open transaction of the room's code is a savepoint.
///
/// Each turn has a transaction to itself, not a savepoint in one that several share: SQLite ends
/// the whole transaction when it interrupts a statement or finds no space, and a statement that is
/// not trusted must not take other turns with it. What turns share is the sync.
///
/// Of the room's strand.
final class OpenRoom {
  /// What the store itself may write beyond the limit of the room's code, in pages: so that alarms
  /// can be moved and rows deleted when the room is full.
  private static final long RESERVE = 1_024;

  private static final int PAGE = 4_096;

  private final RoomId room;
  private final RoomFile file;
  private final Statements statements;
  private final SqlSettings settings;
  private final Disk disk;

  /// Whose transaction is open, or was undone; null if none. Others see whether there is one.
  private volatile @Nullable FileTurn turn;

  /// How many layers of it are open: the transaction and its savepoints; 0 if none.
  private int depth;

  /// Whether SQLite has undone the turn's transaction.
  private boolean undone;

  /// What SQLite was told last of how large the file may become; 0 before.
  private long mostPages;

  /// Work on the room's statements.
  interface Work<T> {
    T on(Statements statements) throws SQLException;
  }

  OpenRoom(RoomId room, RoomFile file, RoomFiles files) throws SQLException {
    this.room = room;
    this.file = file;
    settings = files.settings();
    disk = files.disk();
    statements =
        new Statements(file.connection(), settings, files.execution()::nanoTime, files.observer());
  }

  RoomFile file() {
    return file;
  }

  Statements statements() {
    return statements;
  }

  boolean hasTurn() {
    return turn != null;
  }

  // ---- the room's code

  /// Runs a statement of a turn.
  ///
  /// @throws SqlFailure if that is the statement's fault
  /// @throws dev.dormouse.room.Refusal if there is no space
  /// @throws SQLException if it is the file's
  <T> T statement(FileTurn by, int layer, Work<T> work) throws SQLException {
    enter(by, layer);
    long most = settings.roomBytes() / PAGE;
    long pages = pages();
    if (pages + RESERVE > most && !statements.hasCursors()) {
      return nearLimit(Math.max(pages, most), work);
    }
    limitPages(most);
    return run(work);
  }

  /// A statement that may find no space. SQLite would undo the whole turn with it, so it gets some
  /// more than there is, and if it has used that, it alone is undone and refused. Not while cursors
  /// are open: there can be no savepoint then.
  private <T> T nearLimit(long most, Work<T> work) throws SQLException {
    file.run("SAVEPOINT statement");
    limitPages(most + RESERVE);
    boolean fits = false;
    try {
      T result = run(work);
      fits = pages() <= most;
      if (!fits) {
        throw Disk.tooLarge(room, settings.roomBytes(), "");
      }
      return result;
    } finally {
      if (!fits && !undone) {
        statements.closeCursors();
        file.run("ROLLBACK TO statement");
      }
      if (!undone && !statements.hasCursors()) {
        file.run("RELEASE statement");
      }
    }
  }

  /// Reads on in a cursor of a turn.
  <T> T cursor(FileTurn by, Work<T> work) throws SQLException {
    if (turn != by || undone) {
      throw new SqlFailure(Kind.WRONG, "the cursor closed with its turn", null);
    }
    return run(work);
  }

  private <T> T run(Work<T> work) throws SQLException {
    try {
      return work.on(statements);
    } catch (SQLException e) {
      int code = e.getErrorCode() & 0xff;
      // NOMEM, INTERRUPT, IOERR, CORRUPT, FULL: those at which SQLite may end a transaction.
      if (code == 7 || code == 9 || code == 10 || code == 11 || code == 13) {
        undone = !isInTransaction();
      }
      if (undone) {
        statements.closeCursors();
        depth = 0;
      }
      if (code == 13) {
        throw disk.refusal(room, settings.roomBytes(), undone, e);
      }
      SqlFailure failure = statements.failure(e, undone);
      if (failure != null) {
        throw failure;
      }
      throw e;
    }
  }

  private boolean isInTransaction() {
    try {
      RoomFile.execute(file.connection(), "BEGIN");
      RoomFile.execute(file.connection(), "ROLLBACK");
      return false;
    } catch (SQLException _) {
      return true;
    }
  }

  private void enter(FileTurn by, int layer) throws SQLException {
    if (by.isOver()) {
      throw new SqlFailure(Kind.TURN_UNDONE, "the turn is over", null);
    }
    if (turn != by) {
      if (!by.begins()) {
        throw new SqlFailure(Kind.TURN_UNDONE, "the file was closed under the turn", null);
      }
      rollBackTurn();
      file.run("BEGIN IMMEDIATE");
      turn = by;
      depth = 1;
      statements.budget().begin(by.number());
    }
    if (undone) {
      throw new SqlFailure(Kind.TURN_UNDONE, "all that the turn did in SQL was undone", null);
    }
    while (depth < layer) {
      file.run("SAVEPOINT layer" + (depth + 1));
      depth++;
    }
  }

  void release(FileTurn by, int layer) throws SQLException {
    while (turn == by && !undone && depth > layer) {
      file.run("RELEASE layer" + depth);
      depth--;
    }
  }

  void rollBack(FileTurn by, int layer) throws SQLException {
    if (turn == by && !undone && depth > layer) {
      statements.closeCursors();
      file.run("ROLLBACK TO layer" + (layer + 1));
      file.run("RELEASE layer" + (layer + 1));
      depth = layer;
    }
  }

  /// Drops all that the room's code has made.
  void clear(FileTurn by, int layer) throws SQLException {
    enter(by, layer);
    statements.closeAll();
    limitPages(settings.roomBytes() / PAGE + RESERVE);
    file.dropAll();
  }

  long size(FileTurn by) throws SQLException {
    // The turn is one with SQL from here on, so there is one to commit.
    enter(by, 1);
    return pages() * PAGE;
  }

  /// The turn leaves nothing.
  void leave(FileTurn by) {
    if (turn == by) {
      rollBackTurn();
    }
  }

  /// Whatever turn is under way never happened.
  void rollBackTurn() {
    statements.closeCursors();
    if (turn != null && !undone && depth > 0) {
      try {
        file.run("ROLLBACK");
      } catch (SQLException _) {
        // SQLite has ended it by itself.
        file.forgetPrepared();
      }
    }
    turn = null;
    depth = 0;
    undone = false;
  }

  // ---- the store

  /// Whether the turn of this number can be made durable: it is under way, and whole.
  boolean canCommit(long number) {
    return number == 0 || (turn != null && turn.number() == number && !undone);
  }

  /// Writes what the set has beside the turn's statements, into the turn's transaction.
  ///
  /// @param restart when alarms that waited for a start became overdue; negative if none did
  void write(WriteSet set, long restart) throws SQLException {
    if (set.sqlTurn() == 0) {
      rollBackTurn();
      file.run("BEGIN IMMEDIATE");
      depth = 1;
    }
    statements.closeCursors();
    limitPages(settings.roomBytes() / PAGE + RESERVE);
    if (restart >= 0) {
      file.alarms().restart(restart);
    }
    file.apply(set);
  }

  /// Commits; the sync is others' work.
  void commit() throws SQLException {
    file.run("COMMIT");
    turn = null;
    depth = 0;
    undone = false;
  }

  /// Undoes what a failed write or commit has left.
  void rollBackAfter() {
    statements.closeAll();
    file.forgetPrepared();
    try {
      RoomFile.execute(file.connection(), "ROLLBACK");
    } catch (SQLException _) {
      // SQLite has ended it by itself.
    }
    turn = null;
    depth = 0;
    undone = false;
  }

  private long pages() throws SQLException {
    return file.number("PRAGMA page_count");
  }

  private void limitPages(long pages) throws SQLException {
    if (pages != mostPages) {
      mostPages = pages;
      RoomFile.execute(file.connection(), "PRAGMA max_page_count = " + pages);
    }
  }

  void close() throws SQLException {
    rollBackTurn();
    statements.closeAll();
    file.close();
  }
}
