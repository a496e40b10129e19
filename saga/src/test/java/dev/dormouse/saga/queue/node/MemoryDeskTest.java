package dev.dormouse.saga.queue.node;

import java.time.InstantSource;

class MemoryDeskTest extends DeskContract {
  private final MemoryLogs logs = new MemoryLogs();

  @Override
  protected Logs logs(InstantSource clock) {
    logs.clock(clock);
    return logs;
  }
}
