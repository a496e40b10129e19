package dev.dormouse.room.runtime;

import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.spi.ConnectionRecord;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.Event;
import java.util.Collection;
import java.util.List;

/// Makes connections known to the roster again of which a room that slept has only a record: each
/// when something concerns it (C4).
///
/// Has no state of its own; the roster is guarded by the room's lock, which is not held while a
/// record is read.
final class Recall {
  private final RoomHost host;

  Recall(RoomHost host) {
    this.host = host;
  }

  /// Whether a record of the connection that the event concerns has yet to be read. Under the lock.
  boolean mustRead(Item item) {
    long key = connectionOf(item);
    return key != 0 && host.roster.mustRead(key);
  }

  private static long connectionOf(Item item) {
    return switch (item) {
      case Item.Outside(Event event) ->
          switch (event) {
            case Event.Received(long key, _) -> key;
            case Event.Failed(long key, _) -> key;
            case Event.Closed(long key, _) -> key;
            case Event.Left(long key) -> key;
            case Event.Connect _, Event.Opened _, Event.Requested _ -> 0;
          };
      case Item.Call _, Item.AlarmDue _, Item.Delivered _, Item.Deferred _, Item.Stir _ -> 0;
    };
  }

  /// Makes the connection known that the event concerns. If its record cannot be read, the
  /// connection is lost: it is closed, so that its client comes back, and the event is to be
  /// dropped. For the thread that has the baton, which waits meanwhile.
  ///
  /// @return whether the event can be handled
  boolean readFor(Item item) {
    long key = connectionOf(item);
    if (key == 0) {
      return true;
    }
    try {
      read(host.farewells.keys(key, item));
      return true;
    } catch (RoomReset unreadable) {
      host.node
          .observer()
          .runtimeFailed("reading connection " + key + " of " + host.id, unreadable);
      synchronized (host) {
        if (item instanceof Item.Outside(Event.Received _)) {
          Effect close = new Effect.Close(key, CloseStatus.of(CloseCode.SERVER_ERROR));
          host.say(turn -> turn.effects.add(close));
        } else if (!(item instanceof Item.Outside(Event.Failed _))) {
          host.roster.leaveUnread(key);
          host.say(turn -> turn.effects.add(new Effect.Leave(key)));
        }
      }
      return false;
    }
  }

  /// Reads the records of those connections among `keys` that may have one which was not read yet.
  /// For the thread that has the baton, which waits meanwhile.
  ///
  /// @throws RoomReset if they cannot be read
  void read(Collection<Long> keys) {
    List<Long> unread;
    synchronized (host) {
      unread = keys.stream().filter(host.roster::mustRead).toList();
    }
    if (!unread.isEmpty()) {
      List<ConnectionRecord> records =
          host.waits()
              .on(
                  host.node.records().read(host.id, unread),
                  "reading the connections of " + host.id);
      synchronized (host) {
        host.roster.read(records);
      }
    }
  }
}
