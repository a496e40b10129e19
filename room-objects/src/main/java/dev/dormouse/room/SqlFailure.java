package dev.dormouse.room;

import org.jspecify.annotations.Nullable;

/// A statement was not run, or failed; what it changed was undone.
///
/// It is an exception like any other: a handler that lets it out ends the incarnation (T4). Who
/// runs statements that others wrote catches it.
public final class SqlFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// What went wrong.
  public enum Kind {
    /// The statement is of a kind that rooms may not use; it was not run.
    NOT_ALLOWED,
    /// SQLite does not understand it, or a name in it is not there, or it could not be run.
    WRONG,
    /// A constraint of a table forbids it.
    CONSTRAINT,
    /// It took more steps or more time than a statement may.
    OVER_LIMIT,
    /// SQLite had to undo all that the turn did in SQL; the turn can only fail from here on.
    TURN_UNDONE
  }

  private final Kind kind;

  public SqlFailure(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
