package dev.dormouse.server.cli;

import dev.dormouse.room.spi.Execution;
import dev.dormouse.storage.SqliteRoomStore;
import dev.dormouse.storage.StoreSettings;
import dev.dormouse.storage.StoredFormat;
import dev.dormouse.storage.sql.SqlRoomStore;
import dev.dormouse.storage.sql.SqlSettings;
import java.io.IOException;
import java.util.Set;

/// A data folder at rest, opened as a server would open it: it is locked meanwhile, and what a
/// killed process left is settled. But a folder of an earlier version stays as it is: who only
/// looks, or makes a backup to have a way back, must not take that way.
final class Folder {
  private Folder() {}

  /// @throws IOException if it cannot be used, or an earlier version wrote it; says what to do
  static SqliteRoomStore open(Whereabouts.AtRest at, Execution execution) throws IOException {
    if (at.format().older()) {
      throw new IOException(
          "the data folder %s has format %d, and this version brings it to format %d, which earlier ones cannot open: "
                  .formatted(at.data(), at.format().format(), StoredFormat.CURRENT)
              + "use the version that wrote it, or let a server of this version start on it first");
    }
    return SqliteRoomStore.open(
        at.data(), StoreSettings.defaults().withFiles(at.format().files()), execution);
  }

  /// The files of rooms with SQL over the store of all others, which is closed with them. Which
  /// namespaces have SQL nobody says here: their files can be copied, and not read.
  static SqlRoomStore withSql(Whereabouts.AtRest at, SqliteRoomStore others, Execution execution)
      throws IOException {
    try {
      return SqlRoomStore.open(others, at.data(), Set.of(), SqlSettings.defaults(), execution);
    } catch (IOException | RuntimeException | Error e) {
      others.close();
      throw e;
    }
  }
}
