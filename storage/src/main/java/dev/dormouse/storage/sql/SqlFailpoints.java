package dev.dormouse.storage.sql;

import java.util.List;

/// The named places of rooms with SQL at which a test can halt the process, throw or delay, in the
/// order in which a commit passes them.
///
/// What a throw means: before [#BEFORE_COMMIT] the set is not applied; at [#BEFORE_SYNC] and
/// [#AFTER_SYNC] nobody knows.
public final class SqlFailpoints {
  /// A room's file was made; nothing says so yet.
  public static final String FILE_MADE = "sql.file-made";

  /// What the index must know before the file is on its way to it.
  public static final String BEFORE_INDEX = "sql.before-index";

  /// The index knows; the file does not.
  public static final String INDEXED = "sql.indexed";

  /// Keys and alarms are written; the commit comes next.
  public static final String BEFORE_COMMIT = "sql.before-commit";

  /// The file has the commit, in this computer's memory.
  public static final String BEFORE_SYNC = "sql.before-sync";

  /// The sync has returned; the index may still say what was.
  public static final String AFTER_SYNC = "sql.after-sync";

  /// All is durable; nobody has been told.
  public static final String BEFORE_ANSWER = "sql.before-answer";

  /// The index says that the room is gone; its file is still there.
  public static final String BEFORE_REMOVAL = "sql.before-removal";

  /// Somebody looks whether the disk takes anything; a throw says that it is full. No commit passes
  /// here.
  public static final String PROBE = "sql.probe";

  /// A thread has left a room's file and says next that it is free, if it is; the room's next job
  /// may be at work on another. No commit passes here.
  public static final String RESTS = "sql.rests";

  private SqlFailpoints() {}

  /// All that a commit passes, for tests that kill the process at each.
  public static List<String> all() {
    return List.of(
        FILE_MADE,
        BEFORE_INDEX,
        INDEXED,
        BEFORE_COMMIT,
        BEFORE_SYNC,
        AFTER_SYNC,
        BEFORE_ANSWER,
        BEFORE_REMOVAL);
  }
}
