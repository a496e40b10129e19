package dev.dormouse.saga.queue.node;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Facility;
import dev.dormouse.room.spi.FacilityRoom;

/// Queues in one incarnation of a room: brings each note and each alarm to whom it is for.
final class QueuePart implements Facility.Part {
  private final FacilityRoom room;
  private final Relay relay;
  private final Handle handle;
  private final Intray intray;

  QueuePart(FacilityRoom room, QueueNode node) {
    this.room = room;
    relay = new Relay(room, node);
    handle = new Handle(room, node, relay);
    intray = new Intray(room, node.execution());
  }

  /// What a room's code gets; rooms that are groups use more of it.
  static final class Handle extends Outbox {
    private final FacilityRoom room;

    Handle(FacilityRoom room, QueueNode node, Relay relay) {
      super(room, node, relay);
      this.room = room;
    }

    /// Sends a note once the turn is durable.
    void note(RoomId to, Note note) {
      byte[] bytes = note.bytes();
      room.whenDurable(() -> {
        var _ = room.post(to, bytes);
      });
    }

    void whenDurable(Runnable then) {
      room.whenDurable(then);
    }

    dev.dormouse.room.Codec codec() {
      return room.codec();
    }
  }

  @Override
  public Object handle() {
    return handle;
  }

  @Override
  public void onStart() {
    relay.start();
  }

  @Override
  public void onAlarm(String name) {
    relay.ring();
  }

  @Override
  public void onMessage(RoomId from, byte[] message) throws Exception {
    switch (Note.read(message)) {
      case Note.Relay _ -> relay.noted();
      case Note.Published(String queue, long upTo) -> relay.published(queue, upTo);
      case Note.NotPublished(String queue) -> relay.notPublished(queue);
      case Note.Watch _ -> relay.watched();
      case Note.Deliver deliver -> intray.take(from, deliver);
      case Note.Answered answered -> {
        if (room.room() instanceof GroupRoom group) {
          group.answered(from, answered);
        }
      }
    }
  }

  @Override
  public void onFailed(RoomId from, byte[] message, Throwable failure) {
    switch (Note.read(message)) {
      case Note.Deliver deliver -> intray.failed(from, deliver, failure);
      // The guard's alarm, or a lease that runs out, comes back to them.
      case Note.Relay _, Note.Published _, Note.NotPublished _, Note.Watch _, Note.Answered _ -> {}
    }
  }
}
