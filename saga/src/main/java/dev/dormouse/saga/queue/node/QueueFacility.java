package dev.dormouse.saga.queue.node;

import dev.dormouse.room.spi.Facility;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.Queues;

/// Gives every room of a node queues: each may send, and be brought messages.
final class QueueFacility implements Facility {
  private final QueueNode node;

  QueueFacility(QueueNode node) {
    this.node = node;
  }

  @Override
  public String name() {
    return "queue";
  }

  @Override
  public Class<?> type() {
    return Queues.class;
  }

  @Override
  public Part join(FacilityRoom room) {
    return new QueuePart(room, node);
  }
}
