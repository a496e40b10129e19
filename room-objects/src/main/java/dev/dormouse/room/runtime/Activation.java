package dev.dormouse.room.runtime;

import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.Execution.Signal;
import org.jspecify.annotations.Nullable;

/// One run of one handler, from its event to its end, over one or more turns.
///
/// Mutable fields are written under the room's lock. The handler's own thread may read them
/// without.
final class Activation {
  /// The handler that the present thread belongs to: its own thread, or one that works for it in
  /// [dev.dormouse.room.RoomContext#all].
  static final ScopedValue<Activation> CURRENT = ScopedValue.newInstance();

  final RoomHost host;
  final Incarnation incarnation;
  final Thread thread = Thread.currentThread();
  final InputGate.Baton baton;
  final Asker asker;
  final CallChain chain;

  /// Whether it runs on a thread that must not wait.
  final boolean inline;

  /// The alarm that fires, for as long as nobody has set its name again.
  final @Nullable AlarmRow firing;

  /// The turn that it holds; null while it waits.
  @Nullable Turn turn;

  int criticalDepth;
  long criticalSince;

  /// The sequence of the first write set that it submitted; the largest number if there is none.
  long firstWrite = Long.MAX_VALUE;

  /// Whether an earlier turn of this handler stands, whatever becomes of the present one.
  boolean stands;

  /// Its incarnation is over: whoever asked has been answered, and nothing that it does counts.
  boolean dead;

  /// The connection whose end it is told of: gone, and still listed; 0 for none.
  long leaving;

  /// Whether it builds and starts the incarnation.
  boolean starting;

  /// What its incarnation is started for and gets next; null for other handlers, and once that
  /// waits at the gate again because the start came to nothing.
  @Nullable Item startsFor;

  /// What its calls carry while it waits.
  CallChain outgoing;

  /// Wakes it when the baton is its own again.
  @Nullable Signal enter;

  Activation(
      RoomHost host,
      Incarnation incarnation,
      InputGate.Baton baton,
      Asker asker,
      CallChain chain,
      @Nullable AlarmRow firing,
      boolean inline) {
    this.host = host;
    this.incarnation = incarnation;
    this.baton = baton;
    this.asker = asker;
    this.chain = chain;
    this.outgoing = chain;
    this.firing = firing;
    this.inline = inline;
  }

  /// What calls made now would carry: this room is held if it lets nobody in meanwhile.
  CallChain chainForCalls() {
    return criticalDepth > 0 ? chain.holding(host.id) : chain;
  }

  void enterCritical() {
    synchronized (host) {
      if (criticalDepth++ == 0) {
        criticalSince = host.node.execution().nanoTime();
      }
    }
  }

  void leaveCritical() {
    synchronized (host) {
      criticalDepth--;
    }
  }

  /// What its thread is told that goes on although its turn is over.
  RoomReset over() {
    RoomReset end = incarnation.end;
    return end != null
        ? end.again()
        : new RoomReset(
            RoomReset.Reason.ABORTED,
            Outcome.UNKNOWN,
            "the handler's turn of " + host.id + " is over",
            null);
  }

  /// Who waits for a handler's end.
  sealed interface Asker {
    /// Nobody: messages, timers, starts.
    record Nobody() implements Asker {}

    /// A connection whose message or opening is handled.
    record FromConnection(long key) implements Asker {}

    /// An exchange of the socket side.
    record Exchange(long number) implements Asker {}

    /// A caller inside the process.
    record Calling(Item.Caller caller) implements Asker {}

    /// The alarm clock.
    record Clock(String alarm) implements Asker {}

    /// Puts the answer `error` into `turn`, to leave in its order.
    default void decline(Turn turn, RoomException error) {
      switch (this) {
        case Nobody _, FromConnection _, Clock _ -> {}
        case Exchange(long number) -> turn.effects.add(new Effect.Decline(number, error));
        case Calling(Item.Caller caller) ->
            turn.left.add(reset -> caller.fail(reset != null ? reset : error));
      }
    }
  }
}
