package dev.dormouse.rooms.collab;

import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Connection;
import dev.dormouse.room.Message;
import dev.dormouse.room.RoomContext;
import dev.dormouse.rooms.yjs.Awareness;
import dev.dormouse.rooms.yjs.AwarenessUpdate;
import dev.dormouse.rooms.yjs.YLimits;
import dev.dormouse.rooms.yjs.YMessage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Who is in the document right now: relayed and remembered, never stored, and sent past the output
/// gate (O5), since a cursor need not wait for a disk.
///
/// A *beat* feeds every connection while any is open: `y-websocket` drops a connection on which it
/// has heard nothing for 30 seconds.
///
/// Fields are guarded by the room's turn.
final class Presence {
  /// Below the 25 seconds that leave an editor's 30 a margin.
  static final Duration BEAT = Duration.ofSeconds(20);

  private final RoomContext context;
  private final Awareness<Long> awareness;
  private RoomContext.@Nullable Timer beat;

  Presence(RoomContext context, YLimits limits) {
    this.context = context;
    this.awareness = new Awareness<>(limits);
  }

  /// Tells a newcomer who is there, once its joining has left the room: what overtook that would
  /// find no connection yet.
  void arrives(Connection connection) {
    long key = connection.key();
    context.afterReply(() -> {
      context.connections().find(key).ifPresent(this::tell);
      return null;
    });
    if (beat == null) {
      beat = context.after(BEAT, this::beat);
    }
  }

  /// Says who is there, if anybody is.
  void tell(Connection connection) {
    AwarenessUpdate states = awareness.states();
    if (!states.isEmpty()) {
      connection.sendUngated(message(states));
    }
  }

  /// Takes news from an editor; too much of it closes its connection.
  void heard(Connection connection, AwarenessUpdate update) {
    Awareness.Applied applied = awareness.apply(update, connection.key(), now());
    relay(applied.accepted(), connection.key());
    if (applied.refused() > 0) {
      connection.close(
          new CloseStatus(CloseCode.TOO_BIG.code(), "more awareness states than a document holds"));
    }
  }

  void leaves(Connection connection) {
    relay(awareness.leave(connection.key(), now()), connection.key());
    RoomContext.Timer running = beat;
    if (running != null && context.connections().stream().allMatch(connection::equals)) {
      running.cancel();
      beat = null;
    }
  }

  private @Nullable Void beat() {
    AwarenessUpdate expired = awareness.expire(now());
    Message food = expired.isEmpty() ? Message.of(YMessage.keepAlive()) : message(expired);
    context.connections().stream().forEach(connection -> connection.sendUngated(food));
    beat = context.after(BEAT, this::beat);
    return null;
  }

  private void relay(AwarenessUpdate news, long except) {
    if (!news.isEmpty()) {
      Message message = message(news);
      context.connections().stream()
          .filter(connection -> connection.key() != except)
          .forEach(connection -> connection.sendUngated(message));
    }
  }

  private long now() {
    return context.clock().millis();
  }

  private static Message message(AwarenessUpdate update) {
    return Message.of(new YMessage.AwarenessMessage(update).encode());
  }
}
