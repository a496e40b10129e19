package dev.dormouse.room.runtime;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.spi.ConnectionRecords.Slept;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.RoomObserver.WokenBy;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// How a room came into memory: for what, whether it had slept before, and how often it was started
/// since. Guarded by the room's lock.
final class Waking {
  private final RoomHost host;

  /// In milliseconds since 1970 UTC, for people.
  private final long at;

  private @Nullable WokenBy by;

  /// When the first event came, on the execution's nano clock.
  private long since;

  /// What was noted when it fell asleep last; empty until that was read.
  private Optional<Slept> slept = Optional.empty();

  private boolean read;

  private boolean done;
  private boolean started;

  Waking(RoomHost host) {
    this.host = host;
    at = host.node.execution().instant().toEpochMilli();
  }

  long at() {
    return at;
  }

  /// Something comes; the first is what it wakes for.
  void arrives(Item item) {
    if (by == null) {
      by = reason(item);
      since = host.node.execution().nanoTime();
    }
  }

  static WokenBy reason(Item item) {
    return switch (item) {
      case Item.Outside(Event event) ->
          switch (event) {
            case Event.Connect _ -> WokenBy.UPGRADE;
            case Event.Opened _ -> WokenBy.OPENING;
            case Event.Received _ -> WokenBy.MESSAGE;
            case Event.Failed _, Event.Closed _, Event.Left _ -> WokenBy.CLOSE;
            case Event.Requested _ -> WokenBy.REQUEST;
          };
      case Item.Call _, Item.Delivered _ -> WokenBy.CALL;
      case Item.AlarmDue _ -> WokenBy.ALARM;
      case Item.Deferred _ -> WokenBy.TIMER;
      case Item.Stir _ -> WokenBy.OPERATOR;
    };
  }

  /// Reads what was noted when the room fell asleep, once.
  CompletableFuture<?> slept() {
    return read
        ? CompletableFuture.completedFuture(null)
        : host.node.records().slept(host.id).thenAccept(this::read);
  }

  private void read(Optional<Slept> noted) {
    synchronized (host) {
      slept = noted;
      read = true;
    }
  }

  /// The room's state was read too: it knows its connections from here on.
  void loaded() {
    if (!done) {
      done = true;
      slept.ifPresent(noted -> {
        host.roster.wakes(noted);
        String name = noted.name();
        if (name != null) {
          host.addressedAs(RoomId.of(host.id.namespace(), host.id.bytes(), name));
        }
      });
    }
  }

  /// Whether the room knows how many connections it has.
  boolean isDone() {
    return done;
  }

  /// Why the next incarnation begins.
  StartCause cause() {
    if (started) {
      return StartCause.RESET;
    }
    if (slept.isPresent()) {
      return StartCause.WOKEN;
    }
    return host.view().isEmpty() ? StartCause.CREATED : StartCause.RESTARTED;
  }

  /// An incarnation begins, for `item`.
  ///
  /// @return since when that has been waited for, on the execution's nano clock
  long begins(Item item) {
    boolean first = !started;
    started = true;
    if (!first || by == null) {
      by = reason(item);
      since = host.node.execution().nanoTime();
    }
    return since;
  }

  /// What the incarnation that begins is for.
  WokenBy by() {
    return by == null ? WokenBy.TIMER : by;
  }
}
