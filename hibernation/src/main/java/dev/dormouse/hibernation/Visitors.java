package dev.dormouse.hibernation;

import dev.dormouse.hibernation.Dormitory.Sleeper;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.RoomId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A look at the connections of one room for an operator, which changes nothing about them: those
/// that are packed stay so. A page at a time, and the addresses of those alone that are on it: each
/// is a call of the system.
final class Visitors {
  /// How often it begins again when the room's connections are packed at that moment.
  private static final int TRIES = 3;

  private final SocketTable table;
  private final Audiences audiences;

  /// All that are not packed, by their keys.
  private final Map<Long, OpenConnection> connections;

  Visitors(SocketTable table, Audiences audiences, Map<Long, OpenConnection> connections) {
    this.table = table;
    this.audiences = audiences;
    this.connections = connections;
  }

  /// At most `most` of those with keys behind `after`, in the order of their keys. Passes over all
  /// connections that are not packed, without a lock, unless the room's are packed.
  Visit.Page of(RoomId room, long after, int most) {
    Selection<Sleeper> packed = new Selection<>(after, most);
    List<Visit> seen = new ArrayList<>();
    for (int i = 0; i < TRIES; i++) {
      Audience audience =
          audiences.look(
              room,
              sleepers -> {
                sleepers.forEach(sleeper -> packed.offer(sleeper.key(), sleeper));
                packed.each(sleeper -> seen.add(look(sleeper)));
              });
      if (audience == null) {
        break;
      }
      Selection<OpenConnection> awake = new Selection<>(after, most);
      for (OpenConnection each : connections.values()) {
        if (each.audience == audience) {
          awake.offer(each.key, each);
        }
      }
      if (i == TRIES - 1 || audiences.look(room, _ -> {}) == audience) {
        awake.each(connection -> seen.add(look(connection)));
        return awake.page(seen);
      }
    }
    return packed.page(seen);
  }

  /// The first so many of what is offered, by their keys.
  private static final class Selection<T> {
    private final TreeMap<Long, T> first = new TreeMap<>();
    private final long after;
    private final int most;
    private int all;
    private int behind;

    Selection(long after, int most) {
      this.after = after;
      this.most = most;
    }

    void offer(long key, T each) {
      all++;
      if (key > after) {
        behind++;
        first.put(key, each);
        if (first.size() > most) {
          first.pollLastEntry();
        }
      }
    }

    void each(Consumer<T> action) {
      first.values().forEach(action);
    }

    Visit.Page page(List<Visit> visits) {
      return new Visit.Page(List.copyOf(visits), all, behind > first.size());
    }
  }

  private Visit look(Sleeper sleeper) {
    return new Visit(
        sleeper.key(),
        sleeper.tags(),
        Integer.toUnsignedLong(sleeper.openedAt()),
        true,
        sleeper.reader(),
        false,
        table.wires().peer(sleeper.number()));
  }

  private static Visit look(OpenConnection connection) {
    return new Visit(
        connection.key,
        connection.tags,
        Integer.toUnsignedLong(connection.openedAt),
        connection.socket.isParked(),
        connection.reader,
        connection.shut,
        connection.socket.peer());
  }

  /// Closes one; its room hears of it as of any end.
  ///
  /// @return false if the room has no such connection, or it is over already
  boolean close(RoomId room, long key, CloseStatus status) {
    // So that it is not packed meanwhile.
    Audience audience = audiences.enter(room);
    if (audience == null) {
      return false;
    }
    try {
      OpenConnection there = connections.get(key);
      if (there == null || there.shut || !there.room.equals(room)) {
        return false;
      }
      there.socket.close(there, status);
      return true;
    } finally {
      audience.exit();
    }
  }
}
