package dev.dormouse.storage.sql;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.BackupPart;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.CommitFailure.Reason;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.RoomSize;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.SqlTurn;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.storage.DataFolderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The rooms of a node: those of namespaces with SQL have a file each, all others are another
/// store's, which is also the index in which the first are found ([IndexKeeper]).
///
/// SQLite's calls hold the thread that makes them: they are made on platform threads of a small
/// pool, one at a time for a room ([Strand]).
public final class SqlRoomStore implements RoomStore {
  private final RoomStore others;
  private final Set<String> namespaces;
  private final RoomFiles files;

  private SqlRoomStore(RoomStore others, Set<String> namespaces, RoomFiles files) {
    this.others = others;
    this.namespaces = Set.copyOf(namespaces);
    this.files = files;
  }

  /// [#open] without anybody who hears of it.
  public static SqlRoomStore open(
      RoomStore others,
      Path dataFolder,
      Set<String> namespaces,
      SqlSettings settings,
      Execution execution)
      throws DataFolderException {
    return open(others, dataFolder, namespaces, settings, execution, SqlObserver.NONE);
  }

  /// Opens the files of rooms below `dataFolder`, over a store that is open and is closed with this
  /// one.
  ///
  /// @param namespaces those whose rooms have SQL
  /// @throws DataFolderException if the folder cannot be used, or a namespace was stored the other
  ///   way before; the other store stays open then
  public static SqlRoomStore open(
      RoomStore others,
      Path dataFolder,
      Set<String> namespaces,
      SqlSettings settings,
      Execution execution,
      SqlObserver observer)
      throws DataFolderException {
    Places places = places(dataFolder);
    FileThreads threads = FileThreads.of(settings);
    try {
      SqlRoomStore store =
          new SqlRoomStore(
              others,
              namespaces,
              new RoomFiles(others, settings, execution, places, threads, observer));
      for (String namespace : namespaces) {
        Start.checkKind(others, namespace);
      }
      Start.mendMarks(store);
      return store;
    } catch (DataFolderException | RuntimeException | Error e) {
      threads.shutdown();
      throw e;
    }
  }

  /// The same on threads of `execution`: for tests that decide who runs when.
  public static SqlRoomStore simulated(
      RoomStore others, Path dataFolder, Set<String> namespaces, Execution execution)
      throws DataFolderException {
    return simulated(others, dataFolder, namespaces, SqlSettings.defaults(), execution);
  }

  static SqlRoomStore simulated(
      RoomStore others,
      Path dataFolder,
      Set<String> namespaces,
      SqlSettings settings,
      Execution execution)
      throws DataFolderException {
    return new SqlRoomStore(
        others,
        namespaces,
        new RoomFiles(
            others,
            settings,
            execution,
            places(dataFolder),
            FileThreads.simulated(execution),
            SqlObserver.NONE));
  }

  private static Places places(Path dataFolder) throws DataFolderException {
    Path folder = dataFolder.toAbsolutePath().normalize().resolve(Places.FOLDER);
    try {
      return Places.in(folder);
    } catch (IOException | SQLException e) {
      throw DataFolderException.unopened(folder, e);
    }
  }

  /// Whether there are files of rooms of a namespace.
  public boolean hasFilesOf(String namespace) {
    return Files.isDirectory(files.places().folder().resolve(namespace));
  }

  /// Whether a data folder, open or not, has files of rooms of a namespace.
  public static boolean hasFilesOf(Path dataFolder, String namespace) {
    return Files.isDirectory(dataFolder.resolve(Places.FOLDER).resolve(namespace));
  }

  /// The files of rooms with SQL, for a backup; to be held before that of the other store. Also
  /// those of namespaces that are not declared.
  public BackupPart backup() {
    return new SqlBackup(files);
  }

  /// How many files are open.
  public int openFiles() {
    return files.open().size();
  }

  /// How many rooms wait until they may open theirs.
  public int waitingForFiles() {
    return files.open().waiting();
  }

  /// How many rooms have a file open, or something to do with it.
  int known() {
    return files.known();
  }

  /// Where a room's write sets go: into a file of its own, in the order of that room alone, or to
  /// the other store. This is the one place that tells.
  boolean hasOwnFile(RoomId room) {
    return namespaces.contains(room.namespace());
  }

  @Override
  public long epoch() {
    return others.epoch();
  }

  @Override
  public Set<String> sqlNamespaces() {
    return namespaces;
  }

  @Override
  public SqlTurn sqlTurn(RoomId room) {
    if (!hasOwnFile(room)) {
      throw new UnsupportedOperationException("this store has no SQL for " + room);
    }
    return files.turn(room);
  }

  @Override
  public CompletableFuture<Position> commit(WriteSet set) {
    if (!hasOwnFile(set.room())) {
      return others.commit(set);
    }
    if (files.isClosed()) {
      return CompletableFuture.failedFuture(
          new CommitFailure(
              Reason.IO,
              Outcome.NOT_APPLIED,
              "room " + set.room() + ": the store is closed",
              null));
    }
    List<CompletableFuture<Position>> answer = new ArrayList<>(1);
    files.put(
        set.room(),
        room -> {
          Commit commit = new Commit(room, set);
          answer.add(commit.answer());
          return commit;
        });
    return answer.getFirst();
  }

  @Override
  public CompletableFuture<RoomImage> load(RoomId room) {
    return hasOwnFile(room) ? files.ask(room, false, (at, _) -> at.image()) : others.load(room);
  }

  @Override
  public CompletableFuture<Optional<byte[]>> read(RoomId room, String key) {
    return hasOwnFile(room)
        ? files.ask(
            room,
            false,
            (_, open) -> open == null ? Optional.empty() : open.file().entries().read(key))
        : others.read(room, key);
  }

  @Override
  public CompletableFuture<List<Storage.Entry>> list(RoomId room, KeyRange range, long maxBytes) {
    return hasOwnFile(room)
        ? files.ask(
            room,
            false,
            (_, open) -> open == null ? List.of() : open.file().entries().list(range, maxBytes))
        : others.list(room, range, maxBytes);
  }

  @Override
  public CompletableFuture<RoomSize> sizeWithout(RoomId room, Collection<String> keys) {
    return hasOwnFile(room)
        ? files.ask(
            room,
            false,
            (_, open) -> open == null ? RoomSize.NOTHING : open.file().entries().sizeWithout(keys))
        : others.sizeWithout(room, keys);
  }

  @Override
  public boolean isTogether(RoomId one, RoomId other) {
    return (hasOwnFile(one) || hasOwnFile(other))
        ? one.equals(other)
        : others.isTogether(one, other);
  }

  @Override
  public CompletableFuture<DueAlarms> dueAlarms(long now, int limit) {
    return others.dueAlarms(now, limit);
  }

  @Override
  public CompletableFuture<List<RoomId>> rooms(
      String namespace, @Nullable RoomId after, int limit) {
    return others.rooms(namespace, after, limit);
  }

  @Override
  public CompletableFuture<List<Mark>> marks(String prefix, @Nullable Mark after, int limit) {
    return others.marks(prefix, after, limit);
  }

  @Override
  public CompletableFuture<List<MarkCount>> countMarks(String prefix) {
    return others.countMarks(prefix);
  }

  @Override
  public Optional<String> trouble() {
    return others.trouble().or(files.disk()::trouble);
  }

  /// Lets go of all files at once, as if the process had died; for tests that run it [#simulated].
  public void die() {
    files.die();
  }

  @Override
  public void close() {
    files.close();
    others.close();
  }
}
