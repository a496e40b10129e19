package dev.dormouse.room.runtime;

import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.runtime.Activation.Asker;
import dev.dormouse.room.runtime.Handlers.Ended;
import dev.dormouse.room.spi.Facility;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The facilities' parts in one incarnation of a room, and what is for them.
final class Parts {
  private final Incarnation incarnation;
  private final List<Joined> parts;

  private record Joined(Facility facility, Facility.Part part) {}

  Parts(Incarnation incarnation) {
    this.incarnation = incarnation;
    List<Facility> facilities = incarnation.host.node.facilities();
    parts = new ArrayList<>(facilities.size());
    for (Facility facility : facilities) {
      var rows = new FacilityRows(incarnation, facility.name());
      parts.add(new Joined(facility, facility.join(rows)));
    }
  }

  /// See [dev.dormouse.room.RoomContext#facility].
  <T> T handle(Class<T> type) {
    for (Joined each : parts) {
      if (each.facility.type() == type) {
        return type.cast(each.part.handle());
      }
    }
    throw new IllegalStateException(
        "this node has no facility of type " + type.getName() + " for " + incarnation.host.id);
  }

  /// The incarnation begins, in its first turn.
  void start() {
    parts.forEach(each -> each.part.onStart());
  }

  /// An alarm of a reserved name is due.
  void ring(String full) throws Exception {
    for (Joined each : parts) {
      String prefix = Reserved.prefix(each.facility.name());
      if (full.startsWith(prefix)) {
        each.part.onAlarm(full.substring(prefix.length()));
        return;
      }
    }
    throw new IllegalStateException(
        "an alarm of %s is for a facility that this node does not have: %s"
            .formatted(incarnation.host.id, full.substring(1)));
  }

  /// Handles a message. If that throws, the part is told in a turn of its own, which waits at the
  /// gate before all others; but for what another attempt of the sender's may mend.
  static Ended deliver(
      RoomHost host,
      Item.Delivered item,
      Incarnation incarnation,
      InputGate.Baton baton,
      boolean inline) {
    @Nullable Throwable[] thrown = new @Nullable Throwable[1];
    Ended ended =
        host.handlers.perform(
            new Activation(
                host, incarnation, baton, new Asker.Nobody(), CallChain.NONE, null, inline),
            () -> {
              try {
                incarnation.parts.take(item);
              } catch (Throwable t) {
                // What ended the incarnation says more than what its thread saw of that.
                RoomReset end = incarnation.end;
                thrown[0] = end != null ? end : t;
                throw t;
              }
            },
            () -> {});
    Throwable failure = thrown[0];
    if (failure != null && item.failure() == null && !comesAgain(failure)) {
      synchronized (host) {
        host.gate.putBack(
            new Item.Delivered(
                item.facility(), item.from(), item.message(), failure, item.after()));
        host.draining.wake();
      }
    }
    return ended;
  }

  private void take(Item.Delivered item) throws Exception {
    switch (incarnation.host.node.early().state(item.after())) {
      case DURABLE -> {}
      case UNDER_WAY -> incarnation.turn().after.add(item.after());
      case FAILED -> {
        // Nobody ever wrote it.
        return;
      }
    }
    for (Joined each : parts) {
      if (each.facility.name().equals(item.facility())) {
        Throwable failure = item.failure();
        if (failure == null) {
          each.part.onMessage(item.from(), item.message());
        } else {
          each.part.onFailed(item.from(), item.message(), failure);
        }
      }
    }
  }

  /// Whether it was not the message's fault.
  private static boolean comesAgain(Throwable failure) {
    return failure instanceof RoomReset reset
        ? switch (reset.reason()) {
          case COMMIT_FAILED, STOPPING, ASLEEP, BACKING_OFF -> true;
          case HANDLER_THREW, ABORTED, OVER_LIMIT -> false;
        }
        : failure instanceof RoomException known && known.retryable();
  }
}
