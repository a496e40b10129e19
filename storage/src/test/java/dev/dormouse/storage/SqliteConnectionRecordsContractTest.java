package dev.dormouse.storage;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.ConnectionRecords;
import dev.dormouse.testkit.ConnectionRecordsContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// The contract of all connection records, on SQLite.
class SqliteConnectionRecordsContractTest extends ConnectionRecordsContract {
  @TempDir Path folder;

  @Override
  protected ConnectionRecords open() throws DataFolderException {
    return SqliteConnectionRecords.open(folder, new SystemExecution());
  }
}
