package dev.dormouse.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A data folder that is made of a backup.
///
/// Its original may have gone on after the backup. What it handed out then must not come again with
/// another meaning: epochs go on far above those of the backup, and a *lineage*, a word that is
/// made anew with each restore and kept in the file `restored`, becomes part of new ids that would
/// otherwise be counted.
///
/// The file `restoring` is there until all is in place, so that nobody opens half of a folder.
public final class RestoredFolder {
  /// How many starts the original may have had after the backup.
  static final long EPOCHS = 4096;

  private static final String RESTORING = "restoring";
  private static final String RESTORED = "restored";
  private static final Pattern TEXT = Pattern.compile("dormouse lineage ([0-9a-f]{8})\\n");

  private RestoredFolder() {}

  /// Begins a data folder; the caller then puts the backup's files in their places.
  ///
  /// @throws IOException if the folder is there and has anything in it
  public static void begin(Path folder) throws IOException {
    OwnerOnly.makeFolder(folder);
    try (var inside = Files.list(folder)) {
      if (inside.findAny().isPresent()) {
        throw new DataFolderException(
            folder + " is not empty: a backup is restored into an empty or a new folder only");
      }
    }
    SafeFiles.write(folder, RESTORING, "a backup is being restored into this folder\n");
  }

  /// Makes the folder whole once all files of the backup are in it: raises the epoch, gives it a
  /// lineage, seals it. Afterwards a server can be started on it.
  ///
  /// @param format of the data folder that the backup was made of
  /// @param files how many shard files it has
  public static void complete(Path folder, int format, int files) throws IOException {
    IdKeyFile.read(folder);
    List<Path> shards = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      shards.add(folder.resolve("rooms-" + i + ".db"));
    }
    try {
      long epoch = 0;
      for (Path shard : shards) {
        try (Connection connection = Sqlite.connect(existing(shard))) {
          epoch = Math.max(epoch, ShardFile.number(connection, "SELECT epoch FROM meta"));
        }
      }
      for (Path shard : shards) {
        try (Connection connection = Sqlite.connect(shard)) {
          ShardFile.execute(connection, "PRAGMA synchronous = FULL");
          ShardFile.execute(connection, "UPDATE meta SET epoch = " + (epoch + EPOCHS));
        }
      }
    } catch (SQLException e) {
      throw new IOException("the restored shard files cannot be opened: " + e.getMessage(), e);
    }
    byte[] word = new byte[4];
    new SecureRandom().nextBytes(word);
    SafeFiles.write(folder, RESTORED, "dormouse lineage " + HexFormat.of().formatHex(word) + "\n");
    SafeFiles.write(folder, DataFolder.FORMAT_FILE, DataFolder.formatText(format, files));
    Files.delete(folder.resolve(RESTORING));
    SafeFiles.syncFolder(folder);
  }

  private static Path existing(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new DataFolderException(file + " was not in the backup");
    }
    return file;
  }

  /// @throws DataFolderException if a restore into the folder was cut short
  static void checkComplete(Path folder) throws IOException {
    if (Files.exists(folder.resolve(RESTORING))) {
      throw new DataFolderException(
          "a restore into "
              + folder
              + " was cut short: delete that folder and restore the backup again");
    }
  }

  /// See [SqliteRoomStore#lineage].
  static String lineage(Path folder) throws IOException {
    Path file = folder.resolve(RESTORED);
    if (!Files.exists(file)) {
      return "";
    }
    Matcher text = TEXT.matcher(Files.readString(file, StandardCharsets.US_ASCII));
    if (!text.matches()) {
      throw new DataFolderException(
          file + " is damaged: restore the backup again, or put the file back");
    }
    return text.group(1);
  }
}
