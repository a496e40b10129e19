package dev.dormouse.storage;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.BackupPart;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.RoomSize;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.WriteSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Rooms' state in a data folder of SQLite files.
///
/// Each of the 256 logical shards belongs to one of a few shard files; each file has a writer
/// thread that commits in groups, and a reader thread. Both are platform threads, since SQLite's
/// calls hold the thread that makes them; only clock, timers and failpoints come from the
/// [Execution].
///
/// Close it to stop cleanly; a process that just ends loses nothing that was acknowledged.
public final class SqliteRoomStore implements RoomStore {
  private final DataFolder folder;
  private final List<Shard> shards;
  private final long epoch;

  /// One shard file at work.
  private record Shard(ShardWriter writer, ShardReader reader) {}

  private SqliteRoomStore(DataFolder folder, List<Shard> shards, long epoch) {
    this.folder = folder;
    this.shards = shards;
    this.epoch = epoch;
  }

  /// Opens a data folder, and makes it if it is not there. Blocks for a few syncs.
  ///
  /// @throws DataFolderException if the folder is in use, cannot be written, or holds files that
  ///   are damaged, newer or not ours; they are left as they are
  public static SqliteRoomStore open(Path dataFolder, StoreSettings settings, Execution execution)
      throws DataFolderException {
    return open(dataFolder, settings, execution, StoreObserver.NONE);
  }

  /// The same, with somebody who is told of every batch.
  public static SqliteRoomStore open(
      Path dataFolder, StoreSettings settings, Execution execution, StoreObserver observer)
      throws DataFolderException {
    DataFolder folder = DataFolder.open(dataFolder, settings.files(), execution);
    List<WriteConnection> connections = new ArrayList<>();
    try {
      return open(folder, settings, execution, observer, connections);
    } catch (DataFolderException | RuntimeException | Error e) {
      closeAfter(e, folder, connections);
      throw e;
    } catch (IOException | SQLException e) {
      closeAfter(e, folder, connections);
      throw DataFolderException.unopened(folder.folder(), e);
    }
  }

  private static SqliteRoomStore open(
      DataFolder folder,
      StoreSettings settings,
      Execution execution,
      StoreObserver observer,
      List<WriteConnection> connections)
      throws IOException, SQLException {
    List<ShardFile> files = new ArrayList<>();
    long epoch = 0;
    for (Path path : folder.shards()) {
      ShardFile file = new ShardFile(path, files.size(), settings.files(), settings.cacheBytes());
      file.prepare(!folder.complete());
      files.add(file);
      WriteConnection connection = WriteConnection.open(file, settings.knownRooms());
      connections.add(connection);
      epoch = Math.max(epoch, connection.epoch());
    }
    execution.failpoint(StoreFailpoints.FILES_OPEN);
    folder.seal();
    epoch++;
    for (WriteConnection connection : connections) {
      connection.takeOver(epoch, execution.millis());
      execution.failpoint(StoreFailpoints.EPOCH_RAISED);
    }
    List<Shard> shards = new ArrayList<>();
    for (ShardFile file : files) {
      ShardReader reader = new ShardReader(file, settings, execution);
      shards.add(
          new Shard(
              new ShardWriter(
                  file,
                  settings,
                  execution,
                  observer,
                  connections.get(file.index()),
                  reader,
                  epoch),
              reader));
    }
    execution.failpoint(StoreFailpoints.OPENED);
    for (Shard shard : shards) {
      shard.reader().start();
      shard.writer().start();
    }
    return new SqliteRoomStore(folder, List.copyOf(shards), epoch);
  }

  private static void closeAfter(
      Throwable failure, DataFolder folder, List<WriteConnection> connections) {
    try (folder) {
      for (WriteConnection connection : connections) {
        connection.close();
      }
    } catch (IOException | SQLException second) {
      failure.addSuppressed(second);
    }
  }

  /// The secret key that ids of named rooms are made with (I1): 32 bytes, made with the folder.
  public byte[] idKey() {
    return folder.idKey();
  }

  /// Distinguishes what this folder hands out from what its original did after the backup that it
  /// was restored from; empty if it never was. See [RestoredFolder].
  public String lineage() {
    return folder.lineage();
  }

  /// What is stored, for a backup.
  public BackupPart backup() {
    return new ShardBackup(folder, shards.stream().map(Shard::writer).toList());
  }

  @Override
  public long epoch() {
    return epoch;
  }

  @Override
  public CompletableFuture<Position> commit(WriteSet set) {
    return shard(set.room()).writer().commit(set);
  }

  @Override
  public CompletableFuture<RoomImage> load(RoomId room) {
    return shard(room).reader().ask(file -> file.load(room));
  }

  @Override
  public CompletableFuture<Optional<byte[]>> read(RoomId room, String key) {
    return shard(room).reader().ask(file -> file.read(room, key));
  }

  @Override
  public CompletableFuture<List<Storage.Entry>> list(RoomId room, KeyRange range, long maxBytes) {
    return shard(room).reader().ask(file -> file.list(room, range, maxBytes));
  }

  @Override
  public CompletableFuture<RoomSize> sizeWithout(RoomId room, Collection<String> keys) {
    List<String> without = List.copyOf(keys);
    return shard(room).reader().ask(file -> file.sizeWithout(room, without));
  }

  @Override
  public CompletableFuture<DueAlarms> dueAlarms(long now, int limit) {
    return all(shard -> shard.reader().ask(file -> file.dueAlarms(now, limit)))
        .thenApply(pages -> pages.size() == 1 ? pages.getFirst() : Pages.earliest(pages, limit));
  }

  /// The names of all namespaces of which rooms were ever stored, in order. Looks at every room.
  public CompletableFuture<List<String>> namespaces() {
    return all(shard -> shard.reader().ask(ReadConnection::namespaces))
        .thenApply(pages -> pages.stream().flatMap(List::stream).distinct().sorted().toList());
  }

  @Override
  public CompletableFuture<List<RoomId>> rooms(
      String namespace, @Nullable RoomId after, int limit) {
    return all(shard -> rooms(shard.reader(), namespace, after, limit))
        .thenApply(pages -> Pages.inOrder(pages, limit));
  }

  /// Slice by slice, so that loads get their turn between two.
  private static CompletableFuture<List<RoomId>> rooms(
      ShardReader reader, String namespace, @Nullable RoomId after, int limit) {
    return reader
        .ask(file -> file.rooms(namespace, after, limit))
        .thenCompose(slice ->
            slice.last() == null
                ? CompletableFuture.completedFuture(slice.rooms())
                : rooms(reader, namespace, slice.last(), limit - slice.rooms().size())
                    .thenApply(
                        more -> Stream.concat(slice.rooms().stream(), more.stream()).toList()));
  }

  @Override
  public CompletableFuture<List<Mark>> marks(String prefix, @Nullable Mark after, int limit) {
    return all(shard -> shard.reader().ask(file -> file.marks(prefix, after, limit)))
        .thenApply(pages -> Pages.marks(pages, limit));
  }

  @Override
  public CompletableFuture<List<MarkCount>> countMarks(String prefix) {
    return all(shard -> shard.reader().ask(file -> file.countMarks(prefix)))
        .thenApply(Pages::counts);
  }

  private <T> CompletableFuture<List<T>> all(Function<Shard, CompletableFuture<T>> question) {
    List<CompletableFuture<T>> answers = shards.stream().map(question).toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .thenApply(_ -> answers.stream().map(CompletableFuture::join).toList());
  }

  @Override
  public Optional<String> trouble() {
    return shards.stream().flatMap(shard -> shard.writer().trouble().stream()).findFirst();
  }

  /// Lets the files grow to this many pages at most; for tests of a full disk.
  CompletableFuture<Void> limitPages(long pages) {
    return all(shard -> shard.writer().limitPages(pages)).thenAccept(_ -> {});
  }

  @Override
  public boolean isTogether(RoomId one, RoomId other) {
    return one.shard() % shards.size() == other.shard() % shards.size();
  }

  private Shard shard(RoomId room) {
    return shards.get(room.shard() % shards.size());
  }

  @Override
  public void close() {
    for (Shard shard : shards) {
      shard.writer().close();
    }
    try {
      folder.close();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the lock of the data folder " + folder.folder() + " could not be released", e);
    }
  }
}
