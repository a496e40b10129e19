package dev.dormouse.room.runtime;

import dev.dormouse.room.Admission;
import dev.dormouse.room.Alarm;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.runtime.Activation.Asker;
import dev.dormouse.room.runtime.RoomHost.Body;
import dev.dormouse.room.runtime.RoomHost.Ended;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.Sockets.Intake;
import dev.dormouse.room.spi.WriteSet;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Brings each kind of event to its handler, and each handler's end to whoever asked.
///
/// Methods that are named for something that happened run under the room's lock; [#handle] runs
/// without it, on the thread that has the baton.
final class Dispatch {
  /// How often an alarm's handler is tried before the alarm is parked (A1).
  static final int ALARM_ATTEMPTS = 7;

  private final RoomHost host;

  Dispatch(RoomHost host) {
    this.host = host;
  }

  // ---- arriving, under the lock

  /// Queues an event of the socket side, or answers at once that it cannot be taken.
  Intake take(Event event) {
    return switch (event) {
      case Event.Connect(long exchange, _) -> {
        RoomException no = host.notNow();
        if (no == null && host.roster.size() >= host.namespace.limits().connections()) {
          no =
              new Refusal.Overloaded(
                  "%s has its %,d connections"
                      .formatted(host.id, host.namespace.limits().connections()));
        }
        yield takeOrDecline(event, exchange, no);
      }
      case Event.Requested(long exchange, _) -> takeOrDecline(event, exchange, host.notNow());
      // A stop is a polite crash: rooms hear nothing more of their connections (H5).
      case Event.Received _, Event.Opened _, Event.Failed _, Event.Closed _ ->
          host.node.isStopping() ? Intake.PAUSE : host.enqueue(new Item.Outside(event));
    };
  }

  private Intake takeOrDecline(Event event, long exchange, @Nullable RoomException no) {
    if (no != null) {
      host.output.addUngated(new Effect.Decline(exchange, no));
      return Intake.OPEN;
    }
    return host.enqueue(new Item.Outside(event));
  }

  /// Answers a waiting item with `error` if somebody waits for its answer; says whether it did.
  boolean decline(Item item, RoomException error) {
    return switch (item) {
      case Item.Outside(Event.Connect(long exchange, _)) ->
          declined(new Asker.Exchange(exchange), error);
      case Item.Outside(Event.Requested(long exchange, _)) ->
          declined(new Asker.Exchange(exchange), error);
      case Item.Call call -> declined(new Asker.Calling(call.caller()), error);
      case Item.Outside _, Item.AlarmDue _, Item.Deferred _ -> false;
    };
  }

  private boolean declined(Asker asker, RoomException error) {
    host.say(turn -> asker.decline(turn, error));
    return true;
  }

  // ---- handling, with the baton

  /// Handles one item to its end.
  void handle(Item item, InputGate.Baton baton, boolean inline) {
    if (isMoot(item)) {
      return;
    }
    if (item instanceof Item.Outside(Event.Opened opened)) {
      join(opened);
    }
    host.node.execution().failpoint("room.takes");
    Incarnation incarnation;
    synchronized (host) {
      if (!host.isReady()) {
        // Its chain broke since the event was taken from the queue.
        host.putBack(item);
        return;
      }
      incarnation = host.incarnation();
    }
    if (incarnation == null) {
      Incarnation fresh = start(baton, inline);
      synchronized (host) {
        incarnation = fresh != null && fresh.end == null ? fresh : null;
        if (incarnation == null) {
          RoomException no = host.isResting() ? host.notNow() : null;
          if (no == null || !decline(item, no)) {
            host.putBack(item);
          }
          return;
        }
      }
    }
    Room room = incarnation.room;
    if (room == null) {
      throw new IllegalStateException("an incarnation of " + host.id + " without a room");
    }
    if (dispatch(item, incarnation, room, baton, inline) instanceof Ended.Never) {
      synchronized (host) {
        host.putBack(item);
      }
    }
  }

  /// Whether the item has nothing to say any more: work of an incarnation that is over, a message
  /// of a connection that is gone, an alarm that was moved.
  private boolean isMoot(Item item) {
    synchronized (host) {
      return switch (item) {
        case Item.Deferred deferred -> deferred.incarnation().end != null;
        case Item.AlarmDue(String name) -> {
          boolean moot = due(name) == null;
          if (moot) {
            // Not under this lock: the clock may hand out alarms of other rooms in turn.
            boolean known = host.viewOrNull() != null;
            host.say(turn -> turn.left.add(_ -> settle(name, known)));
          }
          yield moot;
        }
        case Item.Outside(Event.Received(long key, _)) -> isGone(key);
        case Item.Outside(Event.Failed(long key, _)) -> host.roster.get(key) == null;
        case Item.Outside(Event.Closed(long key, _)) -> host.roster.get(key) == null;
        case Item.Outside _, Item.Call _ -> false;
      };
    }
  }

  /// A message that was on its way when the room closed its connection is not delivered.
  private boolean isGone(long key) {
    Roster.Member member = host.roster.get(key);
    return member == null || member.closing;
  }

  private @Nullable AlarmRow due(String name) {
    RoomView view = host.viewOrNull();
    AlarmRow row = view != null ? view.alarms().get(name) : null;
    return row != null
            && row.state() == Alarm.State.SET
            && row.next() <= host.node.execution().instant().toEpochMilli()
        ? row
        : null;
  }

  /// The connection is open whatever the room makes of it, so this is no part of a handler's turn.
  private void join(Event.Opened opened) {
    synchronized (host) {
      if (host.roster.get(opened.connection()) == null) {
        host.roster.join(new Roster.Member(opened.connection(), opened.admission()));
        host.say(turn ->
            turn.effects.add(new Effect.Join(opened.connection(), opened.admission().tags())));
      }
    }
  }

  private void leave(long key) {
    synchronized (host) {
      host.roster.leave(key);
      host.say(turn -> turn.effects.add(new Effect.Leave(key)));
    }
  }

  /// Null if the room cannot take events any more.
  private @Nullable Incarnation start(InputGate.Baton baton, boolean inline) {
    Incarnation fresh;
    StartCause cause;
    Activation activation;
    synchronized (host) {
      if (!host.isReady()) {
        return null;
      }
      fresh = host.newIncarnation();
      cause =
          fresh.number > 1
              ? StartCause.RESET
              : host.view().isEmpty() ? StartCause.CREATED : StartCause.RESTARTED;
      activation =
          new Activation(host, fresh, baton, new Asker.Nobody(), CallChain.NONE, null, inline);
      activation.starting = true;
      host.enterCritical(activation);
    }
    host.perform(
        activation,
        () -> {
          Room room = host.namespace.factory().apply(fresh);
          fresh.room = room;
          room.onStart(cause);
        },
        () -> host.node.observer().roomStarted(host.id, cause));
    return fresh;
  }

  private Ended dispatch(
      Item item, Incarnation incarnation, Room room, InputGate.Baton baton, boolean inline) {
    return switch (item) {
      case Item.Call(CallChain chain, Item.Invocation invocation, Item.Caller caller) -> {
        Activation activation =
            new Activation(
                host, incarnation, baton, new Asker.Calling(caller), chain, null, inline);
        yield host.perform(
            activation,
            () -> {
              Object result = invocation.on(room);
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
      case Item.AlarmDue(String name) -> alarm(name, incarnation, room, baton, inline);
      case Item.Deferred(_, var work, boolean afterReply) -> {
        Activation activation =
            new Activation(
                host, incarnation, baton, new Asker.Nobody(), CallChain.NONE, null, inline);
        var limit =
            afterReply
                ? host.node
                    .execution()
                    .schedule(host.namespace.limits().afterReply(), () -> host.expire(activation))
                : null;
        Ended ended = host.perform(activation, work::run, () -> {});
        if (limit != null) {
          limit.cancel();
        }
        yield ended;
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
      case Event.Failed(long key, Throwable failure) ->
          spoken(
              incarnation,
              baton,
              inline,
              room,
              key,
              connection -> room.onError(connection, failure));
      case Event.Closed(long key, CloseStatus status) -> {
        TurnConnection connection = connection(incarnation, key);
        synchronized (host) {
          Roster.Member member = host.roster.get(key);
          if (member != null) {
            member.closing = true;
          }
        }
        Ended ended =
            run(
                incarnation,
                baton,
                inline,
                new Asker.Leaving(key),
                () -> room.onClose(connection, status));
        if (!(ended instanceof Ended.Never)) {
          leave(key);
        }
        yield ended;
      }
    };
  }

  private Ended run(
      Incarnation incarnation, InputGate.Baton baton, boolean inline, Asker asker, Body body) {
    return host.perform(
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
    TurnConnection connection = connection(incarnation, key);
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

  private TurnConnection connection(Incarnation incarnation, long key) {
    synchronized (host) {
      Roster.Member member = host.roster.get(key);
      if (member == null) {
        throw new IllegalStateException("connection " + key + " of " + host.id + " is unknown");
      }
      return new TurnConnection(incarnation, member);
    }
  }

  // ---- alarms

  private Ended alarm(
      String name, Incarnation incarnation, Room room, InputGate.Baton baton, boolean inline) {
    AlarmRow row;
    synchronized (host) {
      row = due(name);
    }
    if (row == null) {
      notDue(name);
      return new Ended.Well();
    }
    Activation activation =
        new Activation(
            host, incarnation, baton, new Asker.Clock(name), CallChain.NONE, row, inline);
    Alarm shown = TurnAlarms.shown(row.retry(row.next(), row.attempt() + 1));
    return host.perform(
        activation,
        () -> room.onAlarm(shown),
        () -> {
          Turn turn = incarnation.turn();
          Layer layer = turn.layers.getFirst();
          if (isStill(row) && !layer.clear && !layer.alarms.containsKey(name)) {
            turn.bookkeeping.add(new WriteSet.DeleteAlarm(name));
          }
          turn.left.add(reset -> settle(name, reset == null));
        });
  }

  /// Whether nobody has set the alarm's name again since it fired: by identity of the row.
  private boolean isStill(AlarmRow firing) {
    RoomView view = host.viewOrNull();
    return view != null && TurnAlarms.isSame(view.alarms().get(firing.name()), firing);
  }

  /// The alarm was moved or deleted, or a failed commit has just taken the state away, in which
  /// case it may well be due and is asked for again.
  private void notDue(String alarm) {
    settle(alarm, host.viewOrNull() != null);
  }

  private void settle(String alarm, boolean stored) {
    if (stored) {
      host.node.alarmClock().settled(host.id, alarm);
    } else {
      host.node.alarmClock().failed(host.id, alarm);
    }
  }

  /// A handler that was answered with a refusal: its connection is told, its alarm tried again.
  void refused(Activation activation, Refusal refusal, Turn answer) {
    if (activation.asker instanceof Asker.FromConnection(long key)) {
      answer.effects.add(new Effect.Tell(key, refusal));
    }
    alarmFailed(activation, answer);
  }

  /// If an alarm's handler did not end well: writes when it is tried again, or that it is parked.
  void alarmFailed(Activation activation, Turn answer) {
    AlarmRow firing = activation.firing;
    if (firing == null) {
      return;
    }
    String name = firing.name();
    if (isStill(firing)) {
      int attempt = firing.attempt() + 1;
      boolean parked = attempt >= ALARM_ATTEMPTS;
      if (parked) {
        host.node.observer().alarmParked(host.id, name);
      }
      host.bookkeep(
          new WriteSet.PutAlarm(
              parked ? firing.parked(attempt) : firing.retry(retryAt(name, attempt), attempt)));
    }
    boolean known = host.viewOrNull() != null;
    answer.left.add(reset -> settle(name, known && reset == null));
  }

  /// 2, 4 .. 64 s from now, and up to a quarter more, spread by the room and the name so that
  /// alarms that failed together do not come back together.
  private long retryAt(String name, int attempt) {
    long base = Duration.ofSeconds(1L << attempt).toMillis();
    long spread = Math.floorMod(31L * host.id.hashCode() + name.hashCode() + attempt, base / 4);
    return host.node.execution().instant().toEpochMilli() + base + spread;
  }

  /// Notes that a connection's message made the room fail; too often, and it is closed (T6).
  void blame(Activation activation) {
    if (activation.asker instanceof Asker.FromConnection(long key)) {
      Roster.Member member = host.roster.get(key);
      if (member != null
          && !member.closing
          && member.failed(
              host.node.execution().nanoTime(), Rebuilds.LIMIT, Rebuilds.WINDOW.toNanos())) {
        member.closing = true;
        host.say(turn ->
            turn.effects.add(new Effect.Close(key, CloseStatus.of(CloseCode.TOO_MANY_FAILURES))));
      }
    }
  }
}
