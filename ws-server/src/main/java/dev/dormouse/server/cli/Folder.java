package dev.dormouse.server.cli;

import dev.dormouse.room.spi.Execution;
import dev.dormouse.storage.SqliteRoomStore;
import dev.dormouse.storage.StoreSettings;
import java.io.IOException;

/// A data folder at rest, opened as a server would open it: it is locked meanwhile, and what a
/// killed process left is settled.
final class Folder {
  private Folder() {}

  static SqliteRoomStore open(Whereabouts.AtRest at, Execution execution) throws IOException {
    return SqliteRoomStore.open(
        at.data(), StoreSettings.defaults().withFiles(at.format().files()), execution);
  }
}
