package dev.dormouse.room.runtime;

import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.runtime.Activation.Asker;
import dev.dormouse.room.runtime.Handlers.Body;
import dev.dormouse.room.runtime.Handlers.Ended;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.RoomObserver;
import org.jspecify.annotations.Nullable;

/// Brings each kind of event to its handler, and each handler's end to whoever asked.
///
/// Has no state of its own. Methods that are named for something that happened run under the room's
/// lock; [#handle] runs without it, on the thread that has the baton.
final class Dispatch {
  private final RoomHost host;

  Dispatch(RoomHost host) {
    this.host = host;
  }

  /// Handles one item to its end.
  void handle(Item item, InputGate.Baton baton, boolean inline) {
    if (!host.recall.readFor(item) || isMoot(item)) {
      return;
    }
    if (item instanceof Item.Outside(Event.Opened opened)) {
      join(opened);
    }
    host.node.execution().failpoint("room.takes");
    Incarnation incarnation;
    synchronized (host) {
      if (!host.readiness.isReady()) {
        // Its chain broke since the event was taken from the queue.
        host.gate.putBack(item);
        return;
      }
      incarnation = host.incarnations.present();
    }
    if (incarnation == null) {
      incarnation = start(item, baton, inline);
      if (incarnation == null) {
        return;
      }
    }
    Room room = incarnation.present();
    Ended ended =
        item instanceof Item.Outside(Event event) && Farewells.isOne(event)
            ? host.farewells.say(event, incarnation, room, baton, inline)
            : dispatch(item, incarnation, room, baton, inline);
    if (ended instanceof Ended.Never) {
      synchronized (host) {
        host.gate.putBack(item);
      }
    }
  }

  /// Whether the item has nothing to say any more: work of an incarnation that is over, a message
  /// of a connection that is gone, an alarm that was moved.
  private boolean isMoot(Item item) {
    synchronized (host) {
      return switch (item) {
        case Item.Deferred deferred -> deferred.incarnation().end != null;
        case Item.AlarmDue(String name) -> host.alarms.isMoot(name);
        case Item.Outside(Event.Received(long key, _)) -> isGone(key);
        case Item.Outside(Event.Failed(long key, _)) -> host.roster.get(key) == null;
        case Item.Outside(Event.Closed(long key, _)) -> host.roster.get(key) == null;
        case Item.Outside(Event.Left(long key)) -> host.roster.get(key) == null;
        case Item.Outside _, Item.Call _, Item.Delivered _, Item.Stir _ -> false;
      };
    }
  }

  /// A message that was on its way when the room closed its connection is not delivered.
  private boolean isGone(long key) {
    Roster.Member member = host.roster.get(key);
    return member == null || member.isClosing();
  }

  /// The connection is open whatever the room makes of it, so this is no part of a handler's turn.
  private void join(Event.Opened opened) {
    synchronized (host) {
      if (host.roster.get(opened.connection()) == null) {
        Effect.AutoRespond standing = host.roster.size() == 0 ? host.roster.autoResponse : null;
        host.roster.join(new Roster.Member(opened.connection(), opened.admission()));
        host.say(turn -> {
          if (standing != null) {
            turn.effects.add(standing);
          }
          turn.effects.add(new Effect.Join(opened.connection(), opened.admission().tags()));
        });
      }
    }
  }

  /// Starts the incarnation that is to handle `item`. Null if that came to nothing; the item then
  /// waits at the gate again.
  private @Nullable Incarnation start(Item item, InputGate.Baton baton, boolean inline) {
    Incarnation fresh;
    StartCause cause;
    RoomObserver.WokenBy by;
    long since;
    Activation activation;
    synchronized (host) {
      if (!host.readiness.isReady()) {
        again(item);
        return null;
      }
      fresh = host.incarnations.begin();
      cause = host.waking.cause();
      since = host.waking.begins(item);
      by = host.waking.by();
      host.weight.starts(host.view());
      activation =
          new Activation(host, fresh, baton, new Asker.Nobody(), CallChain.NONE, null, inline);
      activation.starting = true;
      activation.startsFor = item;
      activation.enterCritical();
    }
    host.handlers.perform(
        activation,
        () -> {
          Room room = host.namespace.factory().apply(fresh);
          fresh.room = room;
          fresh.parts.start();
          room.onStart(cause);
        },
        () ->
            host.node
                .observer()
                .roomStarted(host.id, cause, by, host.node.execution().nanoTime() - since));
    synchronized (host) {
      if (fresh.end == null) {
        host.weight.started();
        return fresh;
      }
      if (activation.startsFor != null) {
        again(item);
      }
      return null;
    }
  }

  /// An item waits for the next incarnation, unless it can be told at once that there is none.
  /// Under the lock.
  private void again(Item item) {
    RoomException no = host.readiness.isResting() ? host.arrivals.notNow() : null;
    if (no == null || !host.arrivals.decline(item, no)) {
      host.gate.putBack(item);
    }
  }

  private Ended dispatch(
      Item item, Incarnation incarnation, Room room, InputGate.Baton baton, boolean inline) {
    return switch (item) {
      case Item.Call(CallChain chain, Item.Invocation invocation, Item.Caller caller) -> {
        Activation activation =
            new Activation(
                host, incarnation, baton, new Asker.Calling(caller), chain, null, inline);
        yield host.handlers.perform(
            activation,
            () -> {
              Object result = invocation.on(incarnation);
              incarnation
                  .turn()
                  .left
                  .add(reset -> {
                    if (reset == null) {
                      caller.answer(result);
                    } else {
                      caller.fail(reset);
                    }
                  });
            },
            () -> {});
      }
      case Item.AlarmDue(String name) -> host.alarms.handle(name, incarnation, room, baton, inline);
      case Item.Delivered delivered -> Parts.deliver(host, delivered, incarnation, baton, inline);
      case Item.Deferred(_, var work, boolean afterReply) -> {
        Activation activation =
            new Activation(
                host, incarnation, baton, new Asker.Nobody(), CallChain.NONE, null, inline);
        var limit =
            afterReply
                ? host.node
                    .execution()
                    .schedule(
                        host.namespace.limits().afterReply(),
                        () -> host.timeLimits.expire(activation))
                : null;
        Ended ended = host.handlers.perform(activation, work::run, () -> {});
        if (limit != null) {
          limit.cancel();
        }
        yield ended;
      }
      case Item.Stir(Runnable awake) -> {
        awake.run();
        yield new Ended.Well();
      }
      case Item.Outside(Event event) -> outside(event, incarnation, room, baton, inline);
    };
  }

  private Ended outside(
      Event event, Incarnation incarnation, Room room, InputGate.Baton baton, boolean inline) {
    return switch (event) {
      case Event.Connect(long exchange, var upgrade) ->
          run(
              incarnation,
              baton,
              inline,
              new Asker.Exchange(exchange),
              () -> {
                Admission admission = room.onConnect(upgrade);
                incarnation.turn().effects.add(new Effect.Admit(exchange, admission));
              });
      case Event.Requested(long exchange, var call) ->
          run(
              incarnation,
              baton,
              inline,
              new Asker.Exchange(exchange),
              () -> {
                HttpReply reply = room.onRequest(call);
                incarnation.turn().effects.add(new Effect.Reply(exchange, reply));
              });
      case Event.Opened(long key, _) ->
          spoken(incarnation, baton, inline, room, key, connection -> room.onOpen(connection));
      case Event.Received(long key, var message) ->
          spoken(
              incarnation,
              baton,
              inline,
              room,
              key,
              connection -> room.onMessage(connection, message));
      case Event.Failed _, Event.Closed _, Event.Left _ ->
          throw new IllegalStateException("a farewell is said by others: " + event);
    };
  }

  private Ended run(
      Incarnation incarnation, InputGate.Baton baton, boolean inline, Asker asker, Body body) {
    return host.handlers.perform(
        new Activation(host, incarnation, baton, asker, CallChain.NONE, null, inline),
        body,
        () -> {});
  }

  /// A handler that gets a connection.
  private interface Speech {
    void about(TurnConnection connection) throws Exception;
  }

  /// Runs a handler for what a client did; a refusal is then told to the room, as a turn of its
  /// own.
  private Ended spoken(
      Incarnation incarnation,
      InputGate.Baton baton,
      boolean inline,
      Room room,
      long key,
      Speech speech) {
    TurnConnection connection = TurnConnection.of(incarnation, key);
    Ended ended =
        run(
            incarnation,
            baton,
            inline,
            new Asker.FromConnection(key),
            () -> speech.about(connection));
    if (ended instanceof Ended.Refused(Refusal refusal)) {
      var _ =
          run(
              incarnation,
              baton,
              inline,
              new Asker.Nobody(),
              () -> room.onRefused(connection, refusal));
    }
    return ended;
  }

  // ---- what became of a handler, under the lock

  /// A handler that was answered with a refusal: its connection is told, its alarm tried again.
  void refused(Activation activation, Refusal refusal, Turn answer) {
    if (activation.asker instanceof Asker.FromConnection(long key)) {
      answer.effects.add(new Effect.Tell(key, refusal));
    }
    host.alarms.failed(activation, answer);
  }

  /// Notes that a connection's message made the room fail; too often, and it is closed (T6).
  void blame(Activation activation) {
    if (activation.asker instanceof Asker.FromConnection(long key)) {
      Roster.Member member = host.roster.get(key);
      if (member != null
          && !member.isClosing()
          && member.failed(
              host.node.execution().nanoTime(), Rebuilds.LIMIT, Rebuilds.WINDOW.toNanos())) {
        host.roster.closing(member, true);
        host.say(turn ->
            turn.effects.add(new Effect.Close(key, CloseStatus.of(CloseCode.TOO_MANY_FAILURES))));
      }
    }
  }
}
