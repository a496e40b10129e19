package dev.dormouse.testkit;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.RoomStore;

/// The store in memory keeps what every store promises.
class MemoryRoomStoreTest extends RoomStoreContract {
  private final Execution execution = new SystemExecution();
  private final MemoryDisk disk = new MemoryDisk();

  @Override
  protected RoomStore open() {
    return new MemoryRoomStore(execution, disk);
  }

  @Override
  protected long now() {
    return execution.instant().toEpochMilli();
  }
}
