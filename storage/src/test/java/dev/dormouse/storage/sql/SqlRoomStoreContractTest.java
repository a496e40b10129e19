package dev.dormouse.storage.sql;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.storage.SqliteRoomStore;
import dev.dormouse.storage.StoreSettings;
import dev.dormouse.testkit.RoomStoreContract;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/// The contract of every store, on rooms that have a file each: with room for all files, with one
/// file open at a time, and for rooms of both kinds beside each other.
class SqlRoomStoreContractTest {

  abstract static class OnFiles extends RoomStoreContract {
    @TempDir Path folder;

    abstract Set<String> namespaces();

    SqlSettings settings() {
      return SqlSettings.defaults();
    }

    @Override
    protected RoomStore open() throws Exception {
      Path data = folder.resolve("data");
      SystemExecution execution = new SystemExecution();
      return SqlRoomStore.open(
          SqliteRoomStore.open(data, StoreSettings.defaults(), execution),
          data,
          namespaces(),
          settings(),
          execution);
    }

    @Override
    protected long now() {
      return System.currentTimeMillis();
    }
  }

  @Nested
  class With_all_files_open extends OnFiles {
    @Override
    Set<String> namespaces() {
      return Set.of("chat", "docs");
    }
  }

  @Nested
  class With_one_file_open extends OnFiles {
    @Override
    Set<String> namespaces() {
      return Set.of("chat", "docs");
    }

    @Override
    SqlSettings settings() {
      return SqlSettings.defaults().withOpenFiles(1).withWhole(3, 100);
    }
  }

  @Nested
  class Beside_rooms_without_SQL extends OnFiles {
    @Override
    Set<String> namespaces() {
      return Set.of("docs");
    }
  }
}
