package dev.dormouse.testkit;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.ConnectionRecords;

/// The records in memory keep what all of them promise.
class MemoryConnectionRecordsContractTest extends ConnectionRecordsContract {
  @Override
  protected ConnectionRecords open() {
    return new MemoryConnectionRecords(new SystemExecution());
  }
}
