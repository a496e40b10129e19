package dev.dormouse.saga.queue.node;

import dev.dormouse.saga.queue.MemoryQueueLog;
import dev.dormouse.saga.queue.QueueLog;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;

/// Logs in memory, over disks that outlive them.
final class MemoryLogs implements Logs {
  private final Map<String, MemoryQueueLog.Disk> disks = new TreeMap<>();
  private InstantSource clock = InstantSource.system();

  /// The time of the entries.
  void clock(InstantSource clock) {
    this.clock = clock;
  }

  MemoryQueueLog.Disk disk(String queue) {
    return disks.computeIfAbsent(queue, _ -> new MemoryQueueLog.Disk());
  }

  @Override
  public QueueLog open(String queue) {
    return new MemoryQueueLog(disk(queue), clock, 2 * 1024 * 1024);
  }

  @Override
  public boolean exists(String queue) {
    return disks.containsKey(queue);
  }
}
