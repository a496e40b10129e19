package dev.dormouse.storage;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.ConnectionRecord;
import dev.dormouse.room.spi.ConnectionRecords;
import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Connection records in the file `scratch.db` of a data folder: nothing is synced, the file is
/// made anew at each opening and deleted at the end (C3).
///
/// One platform thread, `dormouse-scratch`, makes all calls of SQLite and completes all futures.
public final class SqliteConnectionRecords implements ConnectionRecords {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteConnectionRecords.class);

  private final ScratchFile file;
  private final ScratchThread thread;

  private SqliteConnectionRecords(ScratchFile file, ScratchThread thread) {
    this.file = file;
    this.thread = thread;
  }

  /// Makes the scratch file, empty, whatever a process before has left. Blocks for no sync.
  ///
  /// @param dataFolder of a [SqliteRoomStore] that this process has open: its lock guards the
  ///   scratch file too
  /// @throws DataFolderException if the file cannot be made there
  public static SqliteConnectionRecords open(Path dataFolder, Execution execution)
      throws DataFolderException {
    return open(dataFolder, execution, StoreObserver.NONE);
  }

  /// The same, with somebody who is told of every transaction.
  public static SqliteConnectionRecords open(
      Path dataFolder, Execution execution, StoreObserver observer) throws DataFolderException {
    ScratchFile file =
        new ScratchFile(dataFolder.toAbsolutePath().normalize().resolve(ScratchFile.NAME));
    ScratchConnection connection;
    try {
      file.make();
      connection = ScratchConnection.open(file);
    } catch (IOException | SQLException e) {
      throw new DataFolderException(
          "the scratch file "
              + file.path()
              + " cannot be made anew ("
              + e
              + "): check its owner, its permissions and the space on its disk; the file itself"
              + " holds nothing of worth and may be deleted",
          e);
    }
    ScratchThread thread = new ScratchThread(file, execution, observer, connection);
    thread.start();
    return new SqliteConnectionRecords(file, thread);
  }

  @Override
  public CompletableFuture<@Nullable Void> save(
      RoomId room, List<ConnectionRecord> changed, Collection<Long> gone) {
    List<ConnectionRecord> toWrite = List.copyOf(changed);
    List<Long> toDelete = List.copyOf(gone);
    return write(
        room, toWrite.size() + toDelete.size(), scratch -> scratch.save(room, toWrite, toDelete));
  }

  @Override
  public CompletableFuture<@Nullable Void> sleeps(RoomId room, Slept slept) {
    return write(room, 1, scratch -> scratch.sleeps(room, slept));
  }

  @Override
  public CompletableFuture<Optional<Slept>> slept(RoomId room) {
    return read(room, 1, scratch -> scratch.slept(room));
  }

  @Override
  public CompletableFuture<@Nullable Void> ended(RoomId room, long key) {
    return write(room, 1, scratch -> scratch.ended(room, key));
  }

  @Override
  public CompletableFuture<@Nullable Void> forget(RoomId room) {
    return write(room, 1, scratch -> scratch.forget(room));
  }

  @Override
  public CompletableFuture<List<ConnectionRecord>> read(RoomId room, Collection<Long> keys) {
    List<Long> toRead = List.copyOf(keys);
    return read(room, toRead.size(), scratch -> scratch.read(room, toRead));
  }

  @Override
  public CompletableFuture<List<ConnectionRecord>> page(
      RoomId room, @Nullable String tag, long after, int limit) {
    // SQLite takes a negative limit for none.
    int most = Math.max(0, limit);
    return read(room, Math.min(most, CHUNK), scratch -> scratch.page(room, tag, after, most));
  }

  private interface Write {
    void run(ScratchConnection scratch) throws SQLException;
  }

  private CompletableFuture<@Nullable Void> write(RoomId room, int records, Write work) {
    return thread.ask(
        room,
        "written",
        records,
        scratch -> {
          work.run(scratch);
          return null;
        });
  }

  private <T> CompletableFuture<T> read(RoomId room, int records, ScratchThread.Work<T> work) {
    return thread.ask(room, "read", records, work);
  }

  /// Lets the file grow to this many pages at most; for tests of a full disk.
  CompletableFuture<@Nullable Void> limitPages(RoomId asking, long pages) {
    return thread.limitPages(asking, pages);
  }

  /// Does what was asked before, then deletes the file.
  @Override
  public void close() {
    thread.close();
    try {
      file.delete();
    } catch (IOException e) {
      LOG.warn("the scratch file {} could not be deleted; the next start will", file.path(), e);
    }
  }
}
