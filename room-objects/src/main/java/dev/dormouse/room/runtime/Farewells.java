package dev.dormouse.room.runtime;

import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.runtime.Handlers.Ended;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.Event;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells a room which connections are gone: all that wait for it in a row, up to a thousand, in one
/// turn, so that a room which loses all its clients at once commits once (C5).
///
/// Each end is handled once: if a handler throws, its own is over, and those that shared the turn
/// wait again. A handler that waits ends the turn, and with it the row.
final class Farewells {
  /// How many share a turn at most.
  static final int TOGETHER = 1_000;

  private final RoomHost host;

  Farewells(RoomHost host) {
    this.host = host;
  }

  /// Whether the event tells of a connection's end.
  static boolean isOne(Event event) {
    return switch (event) {
      case Event.Failed _, Event.Closed _, Event.Left _ -> true;
      case Event.Connect _, Event.Opened _, Event.Received _, Event.Requested _ -> false;
    };
  }

  /// The connections whose records will be needed together with `key`'s for `item`.
  List<Long> keys(long key, Item item) {
    List<Long> keys = new ArrayList<>();
    keys.add(key);
    if (item instanceof Item.Outside(Event event) && isOne(event)) {
      synchronized (host) {
        host.gate
            .waiting()
            .takeWhile(Farewells::isOne)
            .limit(TOGETHER)
            .forEach(waiting -> {
              long other = keyOf(waiting);
              if (other != keys.getLast()) {
                keys.add(other);
              }
            });
      }
    }
    return keys;
  }

  private static boolean isOne(Item item) {
    return item instanceof Item.Outside(Event event) && isOne(event);
  }

  private static long keyOf(Item item) {
    return switch (item) {
      case Item.Outside(Event.Failed(long key, _)) -> key;
      case Item.Outside(Event.Closed(long key, _)) -> key;
      case Item.Outside(Event.Left(long key)) -> key;
      default -> throw new IllegalStateException("no farewell: " + item);
    };
  }

  /// Handles `first`, which was taken from the gate, and those that wait right behind it.
  Ended say(
      Event first, Incarnation incarnation, Room room, InputGate.Baton baton, boolean inline) {
    Row row = new Row(first);
    Activation activation =
        new Activation(
            host, incarnation, baton, new Activation.Asker.Nobody(), CallChain.NONE, null, inline);
    Ended ended = host.handlers.perform(activation, () -> row.run(activation, room), () -> {});
    if (!(ended instanceof Ended.Never)) {
      synchronized (host) {
        row.settle();
      }
    }
    return ended;
  }

  /// Farewells on their way through one turn.
  private final class Row {
    /// Those taken from the gate, in order.
    private final List<Event> taken = new ArrayList<>();

    /// How many of them have been handled or are being handled.
    private int begun;

    /// The turn they share; null before it began.
    private @Nullable Turn turn;

    Row(Event first) {
      taken.add(first);
    }

    void run(Activation activation, Room room) throws Exception {
      Turn shared = activation.turn;
      turn = shared;
      if (shared == null) {
        // A reset came first.
        return;
      }
      do {
        one(taken.get(begun++), activation, shared, room);
      } while (!shared.hasEnded() && next());
    }

    /// A refusal takes back its own part of the turn; nobody is there to be told.
    private void one(Event event, Activation activation, Turn shared, Room room) throws Exception {
      Turn.Mark mark;
      synchronized (host) {
        mark = shared.beginSavepoint();
      }
      try {
        tell(event, activation, room);
      } catch (Refusal refusal) {
        synchronized (host) {
          if (activation.turn != shared) {
            throw refusal;
          }
          shared.rollBackSavepoint(mark);
        }
        return;
      } finally {
        activation.leaving = 0;
      }
      synchronized (host) {
        shared.endSavepoint();
      }
    }

    private void tell(Event event, Activation activation, Room room) throws Exception {
      switch (event) {
        case Event.Failed(long key, Throwable failure) -> {
          if (knows(key)) {
            room.onError(TurnConnection.of(activation.incarnation, key), failure);
          }
        }
        case Event.Closed(long key, CloseStatus status) -> {
          if (knows(key)) {
            TurnConnection connection = TurnConnection.of(activation.incarnation, key);
            synchronized (host) {
              host.roster.closing(key);
              activation.leaving = key;
            }
            room.onClose(connection, status);
          }
        }
        case Event.Left _ -> {}
        case Event.Connect _, Event.Opened _, Event.Received _, Event.Requested _ ->
            throw new IllegalStateException("no farewell: " + event);
      }
    }

    private boolean knows(long key) {
      synchronized (host) {
        return host.roster.get(key) != null;
      }
    }

    private boolean next() {
      synchronized (host) {
        Item next = host.gate.peek();
        if (taken.size() >= TOGETHER
            || next == null
            || !isOne(next)
            || host.roster.mustRead(keyOf(next))) {
          return false;
        }
        if (next instanceof Item.Outside(Event event)) {
          taken.add(event);
          host.gate.poll();
        }
        return true;
      }
    }

    /// What stands is over. Of an undone turn only the one that was being handled is, so that no
    /// farewell is said for ever.
    void settle() {
      boolean stands = turn != null && turn.hasEnded();
      for (int i = taken.size() - 1; i >= 0; i--) {
        boolean over = i == begun - 1 || (i < begun && stands);
        if (!over) {
          host.gate.putBack(new Item.Outside(taken.get(i)));
          taken.remove(i);
        }
      }
      List<Long> gone =
          taken.stream()
              .filter(event -> !(event instanceof Event.Failed))
              .map(event -> keyOf(new Item.Outside(event)))
              .toList();
      gone.forEach(host.roster::leave);
      host.say(said -> gone.forEach(key -> said.effects.add(new Effect.Leave(key))));
    }
  }
}
