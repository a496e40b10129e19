package dev.dormouse.saga.log;

import java.util.List;

/// The named places at which a test can halt the process, throw or delay, through
/// [dev.dormouse.room.spi.Execution#failpoint]; in the order in which a log passes them.
///
/// A throw at [#BEFORE_APPEND] refuses the batch; from [#IN_APPEND] to [#AFTER_SYNC] nobody knows
/// what became of it.
public final class LogFailpoints {
  /// The log is open; nothing is appended yet.
  public static final String OPENED = "log.opened";

  /// A new file exists; its name is not durable and nothing is in it.
  public static final String FILE_MADE = "log.file-made";

  /// Batches were taken from the queue; nothing is written.
  public static final String BEFORE_APPEND = "log.before-append";

  /// In the middle of an entry: its bytes are in the file, but it is not complete. Passed once an
  /// entry.
  public static final String IN_APPEND = "log.in-append";

  /// All entries are complete; the sync comes next.
  public static final String BEFORE_SYNC = "log.before-sync";

  /// The sync has returned; nobody has been told.
  public static final String AFTER_SYNC = "log.after-sync";

  /// An old file has lost its place among the others, and its contents are about to be deleted.
  public static final String IN_DELETE = "log.in-delete";

  private LogFailpoints() {}

  /// All of them, for tests that kill the process at each.
  public static List<String> all() {
    return List.of(OPENED, FILE_MADE, BEFORE_APPEND, IN_APPEND, BEFORE_SYNC, AFTER_SYNC, IN_DELETE);
  }
}
