package dev.dormouse.storage;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.testkit.RoomStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/// The contract of every store, on SQLite: as it is by default, with several shard files, and with
/// batches of one set.
class SqliteRoomStoreContractTest {

  abstract static class OnSqlite extends RoomStoreContract {
    @TempDir Path folder;

    abstract StoreSettings settings();

    @Override
    protected RoomStore open() throws DataFolderException {
      return SqliteRoomStore.open(folder.resolve("data"), settings(), new SystemExecution());
    }

    @Override
    protected long now() {
      return System.currentTimeMillis();
    }
  }

  @Nested
  class With_one_shard_file extends OnSqlite {
    @Override
    StoreSettings settings() {
      return StoreSettings.defaults();
    }
  }

  @Nested
  class With_three_shard_files extends OnSqlite {
    @Override
    StoreSettings settings() {
      return StoreSettings.defaults().withFiles(3);
    }
  }

  @Nested
  class With_tiny_batches_and_a_short_memory extends OnSqlite {
    @Override
    StoreSettings settings() {
      return StoreSettings.defaults().withBatch(2, 100).withMemory(64 * 1024, 1);
    }
  }
}
