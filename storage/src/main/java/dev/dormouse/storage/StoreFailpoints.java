package dev.dormouse.storage;

import java.util.List;

/// The named places at which a test can halt the process, throw or delay, through
/// [dev.dormouse.room.spi.Execution#failpoint]; in the order in which a store passes them.
///
/// What a throw means: between [#BEFORE_BEGIN] and [#BEFORE_COMMIT] the batch is not applied, from
/// [#AFTER_COMMIT] to [#BEFORE_ANSWER] nobody knows. An [java.io.UncheckedIOException] stands for a
/// failing disk, any other exception for a fault of the write set that is being written.
public final class StoreFailpoints {
  /// A new data folder is locked; nothing else is in it.
  public static final String FOLDER_LOCKED = "store.folder-locked";

  /// A new data folder has its id key, but no shard files.
  public static final String FOLDER_KEYED = "store.folder-keyed";

  /// All shard files exist; in a new data folder the format file does not.
  public static final String FILES_OPEN = "store.files-open";

  /// Some shard file has the new epoch, others may not. Passed once a file.
  public static final String EPOCH_RAISED = "store.epoch-raised";

  /// The store is open; nothing is committed yet.
  public static final String OPENED = "store.opened";

  /// Write sets were taken from the queue; there is no transaction yet.
  public static final String BEFORE_BEGIN = "store.before-begin";

  /// In the transaction; about to write one room's changes. Passed once a room.
  public static final String BEFORE_ROOM = "store.before-room";

  /// Everything is written; the commit and its sync come next.
  public static final String BEFORE_COMMIT = "store.before-commit";

  /// The sync has returned.
  public static final String AFTER_COMMIT = "store.after-commit";

  /// The batch is durable; nobody has been told.
  public static final String BEFORE_ANSWER = "store.before-answer";

  /// One answer of a batch is out. Passed once a write set, after its answer; a throw is ignored.
  public static final String ANSWERING = "store.answering";

  /// A shard file is about to be closed and opened again after a failed commit.
  public static final String BEFORE_REOPEN = "store.before-reopen";

  /// A batch of loads or listings is about to be read. A throw fails these reads.
  public static final String READER = "store.reader";

  private StoreFailpoints() {}

  /// All of them, for tests that kill the process at each.
  public static List<String> all() {
    return List.of(
        FOLDER_LOCKED,
        FOLDER_KEYED,
        FILES_OPEN,
        EPOCH_RAISED,
        OPENED,
        BEFORE_BEGIN,
        BEFORE_ROOM,
        BEFORE_COMMIT,
        AFTER_COMMIT,
        BEFORE_ANSWER,
        ANSWERING,
        BEFORE_REOPEN,
        READER);
  }
}
