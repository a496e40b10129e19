package dev.dormouse.storage;

import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// What lies where in a data folder, and who may use it.
///
/// | file | holds |
/// |---|---|
/// | `lock` | the owner's process id, locked while it lives |
/// | `format` | the format's number and the number of shard files; written last, so a folder that has it is complete |
/// | `id-key` | see [IdKeyFile] |
/// | `restored`, `restoring` | see [RestoredFolder]; only in a folder that was made of a backup |
/// | `rooms-0.db` .. | shard files, with SQLite's own `-wal` and `-shm` beside each |
/// | `scratch.db` | see [ScratchFile]; gone when the process ends cleanly |
/// | `tmp/` | what the SQLite driver unpacks; emptied at start |
///
/// Nothing outside the folder is written. What is made here is for its owner only ([OwnerOnly]).
final class DataFolder implements AutoCloseable {
  /// The format that this code writes; folders with a larger number are refused, those with a
  /// smaller one are brought to it.
  ///
  /// | format | since |
  /// |---|---|
  /// | 1 | the first |
  /// | 2 | shard files know how much each room has ([ShardFile]); rooms with SQL have files |
  static final int FORMAT = 2;

  private static final int OLDEST = 1;

  static final String FORMAT_FILE = "format";
  private static final String TEMPORARY = "tmp";
  private static final Pattern FORMAT_TEXT =
      Pattern.compile("dormouse data folder, format (\\d{1,9})\\b(?:, shard files (\\d)\\n)?");

  /// The driver unpacks its native library once a process, into the folder that this names.
  private static final String DRIVER_FOLDER = "org.sqlite.tmpdir";

  private final Path folder;
  private final FolderLock lock;
  private final byte[] idKey;
  private final boolean complete;
  private final int files;
  private final String lineage;

  private DataFolder(
      Path folder, FolderLock lock, byte[] idKey, boolean complete, int files, String lineage) {
    this.folder = folder;
    this.lock = lock;
    this.idKey = idKey;
    this.complete = complete;
    this.files = files;
    this.lineage = lineage;
  }

  /// Makes the folder if it is not there, and locks it.
  ///
  /// @throws DataFolderException if it cannot be used
  static DataFolder open(Path folder, int files, Execution execution) throws DataFolderException {
    Path absolute = folder.toAbsolutePath().normalize();
    if (absolute.toString().indexOf('?') >= 0) {
      throw new DataFolderException(
          "the data folder "
              + absolute
              + " has a '?' in its path, which SQLite's driver does not"
              + " take: choose another name");
    }
    try {
      OwnerOnly.makeFolder(absolute);
      FolderLock lock = FolderLock.take(absolute);
      try {
        return opened(absolute, files, execution, lock);
      } catch (IOException | RuntimeException | Error e) {
        closeAfter(e, lock);
        throw e;
      }
    } catch (DataFolderException alreadyClear) {
      throw alreadyClear;
    } catch (IOException e) {
      throw unusable(absolute, e);
    }
  }

  private static void closeAfter(Throwable failure, FolderLock lock) {
    try {
      lock.close();
    } catch (IOException second) {
      failure.addSuppressed(second);
    }
  }

  private static DataFolder opened(Path folder, int files, Execution execution, FolderLock lock)
      throws IOException {
    RestoredFolder.checkComplete(folder);
    boolean complete = checkFormat(folder, files);
    if (!complete) {
      execution.failpoint(StoreFailpoints.FOLDER_LOCKED);
    }
    makeTemporary(folder);
    // A first start that was cut short may have left a key; nobody has used it yet, or every room
    // was made with it.
    byte[] idKey =
        complete || Files.exists(folder.resolve(IdKeyFile.FILE))
            ? IdKeyFile.read(folder)
            : IdKeyFile.create(folder);
    if (!complete) {
      execution.failpoint(StoreFailpoints.FOLDER_KEYED);
    }
    return new DataFolder(folder, lock, idKey, complete, files, RestoredFolder.lineage(folder));
  }

  private static DataFolderException unusable(Path folder, Throwable cause) {
    return new DataFolderException(
        "the data folder "
            + folder
            + " cannot be made or written ("
            + cause
            + "): check its owner, its permissions and the space on its disk,"
            + " or choose another data folder",
        cause);
  }

  /// Says whether the folder has been made complete before.
  private static boolean checkFormat(Path folder, int files) throws IOException {
    Optional<StoredFormat> stored = stored(folder);
    if (stored.isEmpty()) {
      return false;
    }
    Path file = folder.resolve(FORMAT_FILE);
    checkFiles(file, stored.get().files(), files);
    if (stored.get().format() < FORMAT) {
      // Before any file is changed, so that an earlier version stops here and not half-way.
      SafeFiles.write(folder, FORMAT_FILE, formatText(FORMAT, files));
    }
    return true;
  }

  /// What the folder says of itself; empty if it has not been made complete.
  ///
  /// @throws DataFolderException if it is newer than this code, damaged, or not ours
  static Optional<StoredFormat> stored(Path folder) throws IOException {
    Path file = folder.resolve(FORMAT_FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Matcher text = FORMAT_TEXT.matcher(Files.readString(file));
    if (!text.lookingAt()) {
      throw new DataFolderException(
          file
              + " is not a Dormouse format file: is this another program's folder?"
              + " It was left as it is; choose another data folder");
    }
    int format = Integer.parseInt(text.group(1));
    if (format > FORMAT) {
      throw new DataFolderException(
          "the data folder "
              + folder
              + " was written by a newer version (format "
              + format
              + ", this one knows up to "
              + FORMAT
              + "): start that version, or choose another data folder");
    }
    if (format < OLDEST || text.group(2) == null) {
      throw new DataFolderException(file + " names no format that ever was: it is damaged");
    }
    return Optional.of(new StoredFormat(format, Integer.parseInt(text.group(2))));
  }

  /// @param where what says that the folder has `stored` shard files
  /// @throws DataFolderException unless as many are wanted
  static void checkFiles(Path where, int stored, int wanted) throws DataFolderException {
    if (stored != wanted) {
      throw new DataFolderException(
          "the data folder was made with "
              + stored
              + " shard file(s), says "
              + where
              + ", and cannot be opened with "
              + wanted
              + ": set the number of shard files to "
              + stored
              + " again");
    }
  }

  private static void makeTemporary(Path folder) throws IOException {
    Path temporary = folder.resolve(TEMPORARY);
    OwnerOnly.makeFolder(temporary);
    // An operator's choice stands. If it is ours already, the driver may be loaded from there.
    if (System.getProperty(DRIVER_FOLDER) != null) {
      return;
    }
    // A killed process leaves the library that it unpacked.
    try (DirectoryStream<Path> left = Files.newDirectoryStream(temporary, "sqlite-*")) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
    System.setProperty(DRIVER_FOLDER, temporary.toString());
  }

  byte[] idKey() {
    return idKey.clone();
  }

  /// The paths of all shard files, in order.
  List<Path> shards() {
    return IntStream.range(0, files).mapToObj(i -> folder.resolve("rooms-" + i + ".db")).toList();
  }

  Path folder() {
    return folder;
  }

  String lineage() {
    return lineage;
  }

  /// Whether every shard file must already exist.
  boolean complete() {
    return complete;
  }

  /// Writes down that all shard files exist.
  void seal() throws IOException {
    if (!complete) {
      SafeFiles.syncFolder(folder);
      SafeFiles.write(folder, FORMAT_FILE, formatText(FORMAT, files));
    }
  }

  static String formatText(int format, int files) {
    return "dormouse data folder, format " + format + ", shard files " + files + "\n";
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
