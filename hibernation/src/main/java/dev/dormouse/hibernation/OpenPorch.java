package dev.dormouse.hibernation;

import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Doorman.Porch;
import dev.dormouse.room.spi.Doorman.Verdict;
import dev.dormouse.room.spi.Ruling;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The place of one doorman at one room: who stands there, and the porch that the doorman keeps
/// while somebody does (C6).
///
/// The doorman is asked, and what it says is queued at the sockets, under this object's lock. So
/// its calls never overlap, everyone hears relays in the order in which the porch came to them, and
/// a relay reaches exactly those who had joined and not left at that point.
///
/// Nothing is posted to a room and no socket is closed under the lock: either may apply a room's
/// effects on this thread, which may want another porch's lock. Rooms' effects, reading threads,
/// the wheel and ended sockets come here; none of them holds another lock of ours.
final class OpenPorch implements Wheel.Entry {
  private static final Logger LOG = LoggerFactory.getLogger(OpenPorch.class);

  private final RoomId room;
  private final Doormen.Declared declared;
  private final Wheel wheel;
  private final SocketCounters counters;

  /// In no order; each knows its place. Guarded by this.
  private final List<OpenConnection> present = new ArrayList<>(1);

  /// Opened for the first who comes, dropped with the last who goes. Guarded by this.
  private @Nullable Porch porch;

  /// What the porch last said that it holds. Guarded by this.
  private int bytes;

  /// Whether this is in the wheel. Guarded by this.
  private boolean ticking;

  /// Whether a tick has failed already, so that it is not logged every second. Guarded by this.
  private boolean tickFailed;

  OpenPorch(RoomId room, Doormen.Declared declared, Wheel wheel, SocketCounters counters) {
    this.room = room;
    this.declared = declared;
    this.wheel = wheel;
    this.counters = counters;
  }

  // ---- the connections

  /// A connection comes, before anything that it says.
  void joins(OpenConnection connection) {
    CloseStatus close;
    synchronized (this) {
      if (connection.shut) {
        // Its socket went while it was being attached, and will not be told of again.
        return;
      }
      close = enters(connection);
    }
    if (close != null) {
      connection.socket.close(connection, close);
    }
  }

  private @Nullable CloseStatus enters(OpenConnection connection) {
    if (porch == null) {
      try {
        porch = declared.doorman().open(declared.porchBytes());
        counters.porches.increment();
      } catch (RuntimeException | Error e) {
        failed(e, "a doorman could not open its porch");
        return CloseStatus.of(CloseCode.SERVER_ERROR);
      }
    }
    connection.place = present.size();
    present.add(connection);
    counters.onPorches.increment();
    Doormen.Feeding feeding = declared.feeding();
    if (feeding != null) {
      connection.sentAt = wheel.add(connection, feeding.after());
    }
    if (!ticking) {
      ticking = true;
      wheel.add(this, 1);
    }
    Ruling ruling = ask(porch, it -> it.joins(connection.key, wheel.millis()));
    say(ruling, connection);
    return ruling.close();
  }

  /// A connection said something.
  ///
  /// @return whether the room gets it
  boolean hears(OpenConnection connection, Message message) {
    Ruling ruling;
    synchronized (this) {
      Porch it = porch;
      if (connection.place < 0 || it == null) {
        // It was closed while this was being read.
        return false;
      }
      ruling =
          ask(
              it,
              asked ->
                  connection.reader
                      ? asked.hearsReader(connection.key, message, wheel.millis())
                      : asked.hears(connection.key, message, wheel.millis()));
      say(ruling, connection);
    }
    (ruling.passes() ? counters.passed : counters.taken).increment();
    CloseStatus close = ruling.close();
    if (close != null) {
      connection.socket.close(connection, close);
    }
    return ruling.passes();
  }

  /// A connection is gone or about to be closed; nothing is relayed to it from here on. Only the
  /// first call counts.
  synchronized void leaves(OpenConnection connection) {
    int place = connection.place;
    Porch it = porch;
    if (place < 0 || it == null) {
      return;
    }
    connection.place = -1;
    OpenConnection last = present.removeLast();
    if (last != connection) {
      present.set(place, last);
      last.place = place;
    }
    counters.onPorches.decrement();
    say(ask(it, asked -> asked.leaves(connection.key, wheel.millis())), null);
    if (present.isEmpty()) {
      porch = null;
      counters.porches.decrement();
      holds(0);
    }
  }

  // ---- time

  @Override
  public synchronized int look(int now) {
    Porch it = porch;
    if (it == null) {
      ticking = false;
      return OVER;
    }
    try {
      say(Ruling.of(it.ticks(wheel.millis())), null);
      holds(it.bytes());
    } catch (RuntimeException | Error e) {
      if (!tickFailed) {
        tickFailed = true;
        failed(e, "a doorman failed as time passed; if it does so again, that is not logged");
      }
    }
    return now + 1;
  }

  /// The present tick of the wheel.
  int tick() {
    return wheel.now();
  }

  /// Feeds a connection if nothing was sent to it for long enough.
  ///
  /// @return the tick at which to look at it again
  int feed(OpenConnection connection, int now) {
    Doormen.Feeding feeding = declared.feeding();
    if (feeding == null) {
      return OVER;
    }
    int due = connection.sentAt + feeding.after();
    if (now < due) {
      return due;
    }
    connection.send(feeding.food(), false);
    counters.fed.increment();
    return now + feeding.after();
  }

  // ---- under the lock

  /// Whatever the doorman does wrong ends the connection at hand and nothing else.
  private Ruling ask(Porch porch, Function<Porch, List<Verdict>> question) {
    try {
      Ruling ruling = Ruling.of(question.apply(porch));
      holds(porch.bytes());
      return bytes > declared.porchBytes()
          ? ruling.thenClosing(CloseStatus.of(CloseCode.TOO_BIG))
          : ruling;
    } catch (RuntimeException | Error e) {
      failed(e, "a doorman failed; the connection it had at hand is closed");
      return Ruling.closing(CloseStatus.of(CloseCode.SERVER_ERROR));
    }
  }

  private void failed(Throwable failure, String what) {
    LOG.atError().addKeyValue("room", room).setCause(failure).log(what);
  }

  private void holds(int now) {
    if (now != bytes) {
      counters.porchBytes.add(now - bytes);
      bytes = now;
    }
  }

  /// Carries out what is said.
  ///
  /// @param hand the connection at hand, or null if there is none
  private void say(Ruling ruling, @Nullable OpenConnection hand) {
    if (hand != null) {
      for (int i = 0; i < ruling.answers().size(); i++) {
        hand.send(ruling.answers().get(i), i < ruling.answers().size() - 1);
        counters.answered.increment();
      }
    }
    List<Message> relays = ruling.relays();
    if (relays.isEmpty()) {
      return;
    }
    counters.relayed.add(relays.size());
    for (OpenConnection other : present) {
      if (other != hand && !other.shut) {
        for (int i = 0; i < relays.size(); i++) {
          if (other.send(relays.get(i), i < relays.size() - 1)) {
            counters.deliveries.increment();
          }
        }
      }
    }
  }
}
