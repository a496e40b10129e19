package dev.dormouse.storage;

import dev.dormouse.room.spi.CommitFailure.Reason;
import java.io.UncheckedIOException;
import java.sql.SQLException;

/// What a failure says about the shard file it happened in.
public enum Fault {
  /// No space: the whole file can be read, not written.
  FULL(Reason.FULL),
  /// The disk, the file or the process is in trouble: nothing is sure until it is opened anew.
  FILE(Reason.IO),
  /// Some pages are damaged: rooms elsewhere in the file are not concerned.
  PAGES(Reason.IO),
  /// The write set itself cannot be stored.
  SET(Reason.REJECTED);

  private final Reason reason;

  Fault(Reason reason) {
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /// @param failure SQLite's result codes: <https://www.sqlite.org/rescode.html>
  public static Fault of(Throwable failure) {
    if (failure instanceof SQLException sql) {
      // Extended codes keep the primary one in the low byte.
      return switch (sql.getErrorCode() & 0xff) {
        case 13 -> FULL;
        case 11 -> PAGES;
        // PERM, BUSY, LOCKED, NOMEM, READONLY, IOERR, CANTOPEN, PROTOCOL, AUTH, NOTADB.
        case 3, 5, 6, 7, 8, 10, 14, 15, 23, 26 -> FILE;
        default -> SET;
      };
    }
    return failure instanceof UncheckedIOException || failure instanceof Error ? FILE : SET;
  }
}
