package dev.dormouse.saga.queue;

class MemoryQueueLogTest extends QueueLogContract {
  private final MemoryQueueLog.Disk disk = new MemoryQueueLog.Disk();

  @Override
  protected QueueLog open(int messageBytes) {
    return new MemoryQueueLog(disk, this::now, messageBytes);
  }

  @Override
  protected void loseFrom(long position) {
    disk.loseFrom(position);
  }
}
