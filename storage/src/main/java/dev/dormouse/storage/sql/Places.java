package dev.dormouse.storage.sql;

import dev.dormouse.room.RoomId;
import dev.dormouse.storage.OwnerOnly;
import dev.dormouse.storage.Sqlite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Where the files of rooms lie: below `sql/` in the data folder, a folder for each namespace,
/// below it one for the first byte of the id, and named by the id's digits, so that any room has a
/// safe name.
final class Places {
  /// Where they lie in the data folder.
  static final String FOLDER = "sql";

  /// No namespace has such a name.
  private static final String ASIDE = "+aside";

  private static final String SUFFIX = ".db";
  private static final char BETWEEN = '+';

  private final Path folder;

  /// An empty database with our tables: a room's file begins as a copy of it.
  private final byte[] blank;

  private Places(Path folder, byte[] blank) {
    this.folder = folder;
    this.blank = blank;
  }

  /// @param folder is made if it is not there
  static Places in(Path folder) throws IOException, SQLException {
    OwnerOnly.makeFolder(folder);
    Path draft = folder.resolve("blank.db");
    deleteAll(draft);
    OwnerOnly.makeFile(draft);
    try (Connection connection = Sqlite.connect(draft)) {
      // Of the whole process: what does not fit into memory lies in the data folder too.
      RoomFile.execute(
          connection,
          "PRAGMA temp_store_directory = '%s'".formatted(folder.toString().replace("'", "''")));
      RoomFile.execute(connection, "PRAGMA synchronous = OFF");
      RoomFile.execute(connection, "PRAGMA page_size = 4096");
      RoomFile.execute(connection, "PRAGMA auto_vacuum = NONE");
      RoomFile.execute(connection, "PRAGMA journal_mode = WAL");
      for (String table : RoomFile.TABLES) {
        RoomFile.execute(connection, table);
      }
    }
    byte[] blank = Files.readAllBytes(draft);
    deleteAll(draft);
    return new Places(folder, blank);
  }

  Path folder() {
    return folder;
  }

  Path of(RoomId room) {
    String hex = room.hex();
    return folder.resolve(room.namespace()).resolve(hex.substring(0, 2)).resolve(hex + SUFFIX);
  }

  /// The path of a room's file below the data folder, with slashes.
  String name(RoomId room) {
    String hex = room.hex();
    return "%s/%s/%s/%s%s".formatted(FOLDER, room.namespace(), hex.substring(0, 2), hex, SUFFIX);
  }

  /// Whose file it is; empty if it is no room's.
  static Optional<RoomId> room(String namespace, Path file) {
    String name = String.valueOf(file.getFileName());
    if (name.length() != 2 * RoomId.BYTES + SUFFIX.length() || !name.endsWith(SUFFIX)) {
      return Optional.empty();
    }
    byte[] bytes = HexFormat.of().parseHex(name, 0, 2 * RoomId.BYTES);
    return Optional.of(RoomId.of(namespace, bytes, null));
  }

  /// Where files are put aside while a backup is made.
  Path aside() {
    return folder.resolve(ASIDE);
  }

  /// The name of a room's file there.
  static String nameAside(RoomId room) {
    return room.namespace() + BETWEEN + room.hex() + SUFFIX;
  }

  /// Whose file it is that was put aside; empty if it is a log.
  static Optional<RoomId> roomAside(Path file) {
    String name = String.valueOf(file.getFileName());
    int between = name.indexOf(BETWEEN);
    return between < 0
        ? Optional.empty()
        : room(name.substring(0, between), file.resolveSibling(name.substring(between + 1)));
  }

  /// Whether a folder holds something else than a namespace's rooms.
  static boolean isOurs(String name) {
    return name.equals(ASIDE);
  }

  /// What a folder holds now; empty if it is gone.
  static List<Path> inside(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    } catch (NoSuchFileException _) {
      return List.of();
    }
  }

  boolean exists(RoomId room) {
    return Files.exists(of(room));
  }

  /// Makes a room's file, whole and durable, in place of one that may be there.
  void make(RoomId room) {
    Path file = of(room);
    try {
      makeFolder(folderOf(file));
      deleteAll(file);
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      try (FileChannel channel =
          FileChannel.open(
              fresh,
              Set.of(
                  StandardOpenOption.CREATE,
                  StandardOpenOption.TRUNCATE_EXISTING,
                  StandardOpenOption.WRITE),
              OwnerOnly.file())) {
        ByteBuffer bytes = ByteBuffer.wrap(blank);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      sync(folderOf(file));
    } catch (IOException e) {
      throw new UncheckedIOException("the file of " + room + " cannot be made: " + e, e);
    }
  }

  private Path folderOf(Path file) {
    Path parent = file.getParent();
    return parent == null ? folder : parent;
  }

  private void makeFolder(Path wanted) throws IOException {
    if (!Files.isDirectory(wanted)) {
      OwnerOnly.makeFolder(folderOf(wanted));
      OwnerOnly.makeFolder(wanted);
      for (Path each = wanted.getParent();
          each != null && each.startsWith(folder);
          each = each.getParent()) {
        sync(each);
      }
    }
  }

  /// Removes a room's file. Not durable by itself: one that comes back is not looked at.
  void remove(RoomId room) throws IOException {
    deleteAll(of(room));
  }

  private static void deleteAll(Path file) throws IOException {
    for (String end : new String[] {"-wal", "-shm", "-journal", ".new", ""}) {
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + end));
    }
  }

  /// Whether the file system says that it has space for us.
  boolean hasSpace() {
    try {
      return Files.getFileStore(folder).getUsableSpace() >= PROBE;
    } catch (IOException _) {
      return true;
    }
  }

  /// Shows whether the disk takes anything.
  ///
  /// @throws java.nio.file.FileSystemException if there is nothing to write to
  void probe() throws IOException {
    Path probe = folder.resolve("probe");
    try (FileChannel channel =
        FileChannel.open(probe, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(PROBE);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /// What a probe writes, in bytes: enough that its success means something.
  private static final int PROBE = 256 * 1024;

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
