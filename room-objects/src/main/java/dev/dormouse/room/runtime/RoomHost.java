package dev.dormouse.room.runtime;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Work;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.Execution.Signal;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.Sockets.Intake;
import dev.dormouse.room.spi.WriteSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One room: its gates, its view of the storage, and the incarnation that lives at present.
///
/// A thread that has the input gate's baton runs handlers, one event after the other ([#drain]). A
/// handler that waits hands the baton on and comes back for it ([#await]). The end of a turn
/// submits its write set and queues its output in one step ([#endTurn]); what the store says later
/// lets the output go ([#settled]) or breaks the chain ([#breakChain]).
///
/// All mutable fields are guarded by this object's lock, which is never held while waiting, while
/// user code runs, or while effects are applied.
final class RoomHost implements Outlet.Held {
  /// How many events of a non-blocking namespace are handled before their output is let go.
  private static final int GATHER = 64;

  final RoomNode node;

  /// With the room's name, from when it is known (I1); equal to itself with and without.
  volatile RoomId id;

  final Namespace namespace;
  final Roster roster = new Roster();
  final OutputGate output;

  private final AtomicBoolean inOutlet = new AtomicBoolean();

  private final InputGate gate = new InputGate();
  private final Rebuilds rebuilds = new Rebuilds();
  private final Dispatch dispatch = new Dispatch(this);

  /// Every handler that has begun and not ended, suspended ones included.
  private final Set<Activation> active = new LinkedHashSet<>();

  private Phase phase = Phase.UNLOADED;
  private volatile @Nullable RoomView view;
  private @Nullable Incarnation incarnation;
  private long incarnations;
  private volatile @Nullable Activation holder;

  /// Which chain of write sets is being built: one more for each that broke (O2).
  private long chain;

  private int inFlight;
  private boolean socketsPaused;
  private Execution.@Nullable Timer limitTimer;

  /// Whether the room can take events.
  private enum Phase {
    /// Nothing is known of its state; the next event loads it.
    UNLOADED,
    /// Its state is being read.
    LOADING,
    /// Events may enter.
    READY,
    /// Its chain broke: the last write sets are awaited, then the state is read anew.
    SETTLING,
    /// It failed too often; events wait until its rest is over (T6).
    RESTING
  }

  RoomHost(RoomNode node, RoomId id, Namespace namespace) {
    this.node = node;
    this.id = id;
    this.namespace = namespace;
    this.output = new OutputGate(this, id, node.sockets(), node.observer());
  }

  /// Somebody addressed the room so, perhaps by a name that it did not know until now.
  void addressedAs(RoomId by) {
    if (id.name().isEmpty() && by.name().isPresent()) {
      id = by;
    }
  }

  // ---- events in

  /// Takes an event from the socket side.
  Intake post(dev.dormouse.room.spi.Event event) {
    Intake intake;
    synchronized (this) {
      intake = dispatch.take(event);
      wake();
    }
    output.release();
    return intake;
  }

  /// Takes a call, or refuses it at once.
  void call(Item.Call call) {
    RoomException refusal;
    synchronized (this) {
      refusal = busy();
      if (refusal == null) {
        gate.arrive(call);
        wake();
      }
    }
    if (refusal != null) {
      call.caller().fail(refusal);
    }
  }

  synchronized void arrive(Item item) {
    gate.arrive(item);
    wake();
  }

  /// Why a new request cannot be taken at present, or null if it can (O6, T6, H5).
  @Nullable RoomException notNow() {
    return node.isStopping() ? goingAway() : busy();
  }

  RoomException goingAway() {
    return new RoomException.GoingAway("the server is stopping; " + id + " takes no new work");
  }

  private @Nullable RoomException busy() {
    if (phase == Phase.RESTING) {
      return new RoomReset(
          RoomReset.Reason.BACKING_OFF,
          Outcome.NOT_APPLIED,
          id + " failed too often and rests; try again in some seconds",
          null);
    }
    if (isBehind(1)) {
      return new Refusal.Overloaded(id + " is behind with its work; try again later");
    }
    return null;
  }

  private boolean isBehind(int share) {
    return (gate.queued() + active.size()) * share >= namespace.limits().queuedEvents()
        || output.heldBytes() * share >= namespace.limits().heldBytes();
  }

  /// Puts an event in the queue and says whether its sender should go on (O6).
  Intake enqueue(Item item) {
    gate.arrive(item);
    if (isBehind(1)) {
      socketsPaused = true;
      return Intake.PAUSE;
    }
    return Intake.OPEN;
  }

  private void resumeSockets() {
    synchronized (this) {
      if (!socketsPaused || isBehind(2)) {
        return;
      }
      socketsPaused = false;
    }
    node.sockets().resume(id);
  }

  // ---- taking turns

  /// If the gate is open and somebody waits: lets the next one in.
  private void wake() {
    if (!gate.isOpen() || !gate.hasWaiting()) {
      return;
    }
    switch (phase) {
      case UNLOADED -> load();
      case READY -> {
        Activation back = gate.readmit();
        if (back != null) {
          admit(back);
          return;
        }
        InputGate.Baton baton = new InputGate.Baton();
        gate.take(baton);
        RoomView now = view;
        if (!namespace.nonBlocking()
            || now == null
            || !now.isWhole()
            || !node.gather(() -> drain(baton, true))) {
          node.execution().start("room " + id, () -> drain(baton, false));
        }
      }
      case LOADING, SETTLING, RESTING -> {}
    }
  }

  private static void admit(Activation back) {
    Signal enter = back.enter;
    if (enter == null) {
      throw new IllegalStateException("a handler waits for the gate without a signal");
    }
    enter.complete();
  }

  /// Handles one event after the other for as long as this thread has the baton.
  private void drain(InputGate.Baton baton, boolean inline) {
    for (int handled = 1; ; handled++) {
      Item item = null;
      synchronized (this) {
        if (gate.isHeldBy(baton)) {
          switch (gate.next(phase == Phase.READY)) {
            case InputGate.Next.Handle(Item next) -> {
              item = next;
              armLimit();
            }
            case InputGate.Next.Resume(Activation next) -> admit(next);
            case InputGate.Next.Rest() -> {}
          }
        }
      }
      if (item == null) {
        break;
      }
      dispatch.handle(item, baton, inline);
      node.observer().eventDone(id);
      if (!namespace.nonBlocking() || handled % GATHER == 0) {
        output.release();
      }
    }
    output.release();
    resumeSockets();
  }

  @Override
  public AtomicBoolean inOutlet() {
    return inOutlet;
  }

  @Override
  public void release() {
    output.release();
    resumeSockets();
  }

  /// Runs `body` as one handler, from its first turn to its last. Never throws.
  ///
  /// @param finish run after the body, still in its last turn
  Ended perform(Activation activation, Body body, Runnable finish) {
    node.execution().failpoint("room.begins");
    synchronized (this) {
      if (activation.incarnation.end != null) {
        return new Ended.Never();
      }
      active.add(activation);
      begin(activation);
    }
    Ended ended;
    try {
      ScopedValue.where(Activation.CURRENT, activation)
          .call(() -> {
            body.run();
            return null;
          });
      node.execution().failpoint("room.turn-ends");
      synchronized (this) {
        if (!activation.dead) {
          finish.run();
          // Its answer is part of the turn's output now: should the write fail at once, that is
          // what tells whoever asked.
          active.remove(activation);
          endTurn(activation);
        }
      }
      ended = new Ended.Well();
    } catch (Throwable t) {
      ended = failed(activation, t);
    }
    synchronized (this) {
      active.remove(activation);
      activation.turn = null;
      if (holder == activation) {
        holder = null;
      }
      return activation.dead ? new Ended.Reset() : ended;
    }
  }

  /// A handler's code.
  interface Body {
    void run() throws Exception;
  }

  /// How a handler's run ended.
  sealed interface Ended {
    record Well() implements Ended {}

    record Refused(Refusal refusal) implements Ended {}

    /// The incarnation is over, and whoever asked was told.
    record Reset() implements Ended {}

    /// The incarnation was over before it began, and nobody was told: its event waits for the next.
    record Never() implements Ended {}
  }

  private void begin(Activation activation) {
    activation.turn = new Turn(node.execution().nanoTime());
    holder = activation;
  }

  /// Submits what the turn wrote and queues what it says, in one step.
  private void endTurn(Activation activation) {
    Turn turn = activation.turn;
    RoomView now = view;
    if (turn == null || now == null) {
      throw new IllegalStateException("a turn of " + id + " ends that never began");
    }
    activation.turn = null;
    WriteSet set = turn.writeSet(id, node.store().epoch(), now);
    if (set != null) {
      now.apply(set);
      activation.firstWrite = Math.min(activation.firstWrite, set.sequence());
    }
    queue(turn, activation.stands);
    turn.ungated.forEach(output::addUngated);
    turn.atEnd.forEach(Runnable::run);
    if (set != null) {
      // Last: a store may say at once that it failed.
      commit(set);
    }
  }

  private void queue(Turn turn, boolean afterEarlier) {
    if (!turn.effects.isEmpty() || !turn.left.isEmpty() || !turn.undo.isEmpty()) {
      RoomView now = view;
      output.add(
          new OutputGate.Batch(
              now != null ? now.sequence() : output.durable(),
              afterEarlier,
              turn.effects,
              turn.undo,
              turn.left));
    }
  }

  /// Queues output of the runtime's own, in turn order.
  void say(java.util.function.Consumer<Turn> what) {
    Turn turn = new Turn(0);
    what.accept(turn);
    queue(turn, false);
  }

  /// The handler threw: its turn never happened (T3); a refusal is answered and the instance stays
  /// (T4), anything else ends the incarnation.
  private Ended failed(Activation activation, Throwable thrown) {
    synchronized (this) {
      Turn turn = activation.turn;
      if (activation.dead) {
        return new Ended.Reset();
      }
      boolean starting = activation.incarnation.room == null || activation.starting;
      if (thrown instanceof Refusal refusal && turn != null && !starting) {
        turn.undo();
        activation.turn = null;
        Turn answer = new Turn(0);
        activation.asker.decline(answer, refusal);
        dispatch.refused(activation, refusal, answer);
        queue(answer, activation.stands);
        return new Ended.Refused(refusal);
      }
      node.observer().handlerFailed(id, thrown);
      dispatch.blame(activation);
      endIncarnation(
          RoomReset.Reason.HANDLER_THREW, "a handler of %s threw %s".formatted(id, thrown), thrown);
      rest(rebuilds.failed(node.execution().nanoTime(), starting));
      return new Ended.Reset();
    }
  }

  // ---- waiting

  /// Ends the turn, waits until what the room wrote is durable, runs `action` outside the gate, and
  /// begins a new turn (T2, O1).
  <T extends @Nullable Object, X extends Exception> T await(
      Activation activation, String what, Work<T, X> action) throws X {
    Turn turn = activation.turn;
    if (turn != null && turn.inTransaction()) {
      throw new IllegalStateException(
          what
              + " inside a transaction of "
              + id
              + ": a transaction cannot wait; use critical to keep other events out");
    }
    if (namespace.nonBlocking()) {
      throw new IllegalStateException(
          what + " in " + id + ": its namespace is declared non-blocking, so it cannot wait");
    }
    suspend(activation);
    T result;
    try {
      result = action.run();
    } catch (Throwable failed) {
      try {
        resume(activation);
      } catch (RoomReset reset) {
        reset.addSuppressed(failed);
        throw reset;
      }
      throw failed;
    }
    resume(activation);
    return result;
  }

  private void suspend(Activation activation) {
    Signal durable = node.execution().signal();
    node.execution().failpoint("room.suspends");
    synchronized (this) {
      Turn turn = activation.turn;
      if (activation.dead || turn == null) {
        throw over(activation);
      }
      turn.left.add(_ -> durable.complete());
      activation.outgoing = activation.chainForCalls();
      endTurn(activation);
      if (activation.criticalDepth == 0) {
        holder = null;
        gate.open();
        wake();
      }
    }
    output.release();
    waitFor(durable, activation);
    synchronized (this) {
      // What the turn did cannot be taken back any more, nor what the handler does while it waits.
      activation.stands = true;
    }
  }

  private void resume(Activation activation) {
    node.execution().failpoint("room.resumes");
    Signal enter = node.execution().signal();
    boolean entered;
    synchronized (this) {
      if (activation.dead) {
        throw over(activation);
      }
      activation.enter = enter;
      entered = activation.criticalDepth > 0 || gate.returns(activation, phase == Phase.READY);
      if (entered) {
        armLimit();
        begin(activation);
      }
    }
    if (!entered) {
      waitFor(enter, activation);
      synchronized (this) {
        if (activation.dead) {
          throw over(activation);
        }
        armLimit();
        begin(activation);
      }
    }
  }

  /// Waits for a signal of the runtime's own; only a reset cuts it short.
  private void waitFor(Signal signal, Activation activation) {
    boolean interrupted = false;
    while (true) {
      try {
        signal.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        synchronized (this) {
          if (activation.dead) {
            break;
          }
        }
      }
    }
    synchronized (this) {
      if (activation.dead) {
        throw over(activation);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits for `duration` on behalf of a suspended handler.
  void pause(Duration duration) {
    try {
      node.execution().signal().await(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private RoomReset over(Activation activation) {
    RoomReset end = activation.incarnation.end;
    return end != null
        ? end.again()
        : new RoomReset(
            RoomReset.Reason.ABORTED,
            Outcome.UNKNOWN,
            "the handler's turn of " + id + " is over",
            null);
  }

  synchronized void enterCritical(Activation activation) {
    if (activation.criticalDepth++ == 0) {
      activation.criticalSince = node.execution().nanoTime();
    }
  }

  synchronized void leaveCritical(Activation activation) {
    activation.criticalDepth--;
  }

  /// Ends a transaction well or rolls it back, unless a reset has done away with the turn.
  synchronized void endTransaction(
      Incarnation incarnation, Turn turn, Turn.Mark mark, boolean done) {
    if (incarnation.end != null) {
      return;
    }
    if (done) {
      turn.endTransaction();
    } else {
      turn.rollBack(mark);
    }
  }

  // ---- limits of time

  /// Watches whoever has the gate; at most one timer is set for a room.
  private void armLimit() {
    if (limitTimer == null) {
      limitTimer = node.execution().schedule(namespace.limits().turn(), this::checkLimit);
    }
  }

  private void checkLimit() {
    synchronized (this) {
      limitTimer = null;
      Activation owner = null;
      for (Activation each : active) {
        if (gate.isHeldBy(each.baton)) {
          owner = each;
        }
      }
      if (owner == null) {
        return;
      }
      long now = node.execution().nanoTime();
      long left = Long.MAX_VALUE;
      Turn turn = owner.turn;
      if (turn != null) {
        left = namespace.limits().turn().toNanos() - (now - turn.startedAt);
      }
      if (owner.criticalDepth > 0) {
        left =
            Math.min(
                left, namespace.limits().criticalSection().toNanos() - (now - owner.criticalSince));
      }
      if (left <= 0) {
        overLimit(owner, turn != null ? "a turn" : "a critical section");
      } else if (left != Long.MAX_VALUE) {
        limitTimer = node.execution().schedule(Duration.ofNanos(left), this::checkLimit);
      }
    }
    node.outlet().release(this);
  }

  /// Work after a reply has used up its time (T9).
  void expire(Activation activation) {
    synchronized (this) {
      if (active.contains(activation) && !activation.dead) {
        overLimit(activation, "work after a reply");
      }
    }
    node.outlet().release(this);
  }

  private void overLimit(Activation activation, String what) {
    node.observer().overLimit(id, what);
    endIncarnation(
        RoomReset.Reason.OVER_LIMIT, what + " of " + id + " took longer than its limit", null);
    rest(rebuilds.failed(node.execution().nanoTime(), activation.starting));
    wake();
  }

  // ---- resets

  RoomReset abort(Activation activation, String reason) {
    synchronized (this) {
      if (!activation.dead) {
        endIncarnation(RoomReset.Reason.ABORTED, id + " aborted itself: " + reason, null);
        rest(rebuilds.failed(node.execution().nanoTime(), false));
      }
    }
    throw over(activation);
  }

  /// Ends the present incarnation, if there is one: whoever waits for one of its handlers is told,
  /// suspended handlers are woken with [RoomReset], timers stop (T5).
  private void endIncarnation(RoomReset.Reason reason, String message, @Nullable Throwable cause) {
    endIncarnation(reason, message, cause, Long.MAX_VALUE);
  }

  /// @param brokenAt the first write set that failed; the largest number if none did
  private void endIncarnation(
      RoomReset.Reason reason, String message, @Nullable Throwable cause, long brokenAt) {
    Incarnation ending = incarnation;
    if (ending == null) {
      return;
    }
    incarnation = null;
    ending.end = new RoomReset(reason, Outcome.UNKNOWN, message, cause);
    List.copyOf(ending.timers).forEach(RoomTimer::stop);
    gate.forgetResumed();
    undoTurns();
    for (Activation each : active) {
      each.dead = true;
      each.turn = null;
      Turn answer = new Turn(0);
      each.asker.decline(
          answer, new RoomReset(reason, outcome(each, brokenAt, cause), message, cause));
      dispatch.alarmFailed(each, answer);
      queue(answer, each.stands);
      if (each.thread != Thread.currentThread()) {
        if (gate.isHeldBy(each.baton)) {
          // Its thread may be stuck for good; others must not wait for it.
          holder = null;
          gate.open();
        }
        if (!each.inline) {
          node.execution().interrupt(each.thread);
        }
      }
    }
    active.clear();
  }

  /// What is known of a handler that did not end: what it submitted before sequence `brokenAt`
  /// stands, what it submitted later shares the fate of that write.
  private static Outcome outcome(Activation activation, long brokenAt, @Nullable Throwable cause) {
    if (activation.stands || activation.firstWrite < brokenAt) {
      return Outcome.UNKNOWN;
    }
    return activation.firstWrite < Long.MAX_VALUE && cause instanceof CommitFailure failure
        ? failure.outcome()
        : Outcome.NOT_APPLIED;
  }

  private void undoTurns() {
    for (Activation each : active) {
      Turn turn = each.turn;
      if (turn != null) {
        turn.undo();
      }
    }
  }

  /// Keeps everybody out for a while (T6).
  private void rest(Optional<Duration> duration) {
    if (duration.isEmpty() || (phase != Phase.READY && phase != Phase.LOADING)) {
      return;
    }
    phase = Phase.RESTING;
    RoomException error = notNow();
    if (error != null) {
      gate.remove(item -> dispatch.decline(item, error));
    }
    node.execution()
        .schedule(
            duration.get(),
            () -> {
              synchronized (this) {
                if (phase == Phase.RESTING) {
                  phase = view != null ? Phase.READY : Phase.UNLOADED;
                  wake();
                }
              }
            });
  }

  /// The time to drain is over (H5).
  void stopNow() {
    synchronized (this) {
      endIncarnation(RoomReset.Reason.STOPPING, "the server stops; " + id + " was not done", null);
    }
    output.release();
  }

  // ---- the store

  private void load() {
    phase = Phase.LOADING;
    var _ =
        node.store()
            .load(id)
            .whenComplete((image, error) -> {
              synchronized (this) {
                loaded(image, error);
              }
              node.outlet().release(this);
            });
  }

  private void loaded(@Nullable RoomImage image, @Nullable Throwable error) {
    if (image == null) {
      node.observer()
          .runtimeFailed(
              "loading " + id, error != null ? error : new IllegalStateException("no image"));
      rest(rebuilds.failed(node.execution().nanoTime(), true));
      return;
    }
    String name = image.name();
    if (name != null) {
      addressedAs(RoomId.of(id.namespace(), id.bytes(), name));
    }
    RoomView fresh = new RoomView(id, image, node.store(), new Waits(node.execution()));
    view = fresh;
    output.startAt(image.sequence());
    phase = Phase.READY;
    overdueFirst(fresh);
    wake();
  }

  /// What was due before the room woke happens before whatever woke it (A2).
  private void overdueFirst(RoomView fresh) {
    List<String> waiting = new ArrayList<>();
    gate.remove(item -> item instanceof Item.AlarmDue(String name) && waiting.add(name));
    long now = node.execution().instant().toEpochMilli();
    fresh.alarms().values().stream()
        .filter(row -> row.state() == Alarm.State.SET && row.next() <= now)
        .sorted(Comparator.comparingLong(AlarmRow::next).reversed())
        .filter(row -> waiting.remove(row.name()) || node.alarmClock().claim(id, row.name()))
        .forEach(row -> gate.putBack(new Item.AlarmDue(row.name())));
    // Not under this lock: the clock may hand out alarms of other rooms in turn.
    say(turn -> waiting.forEach(name -> turn.left.add(_ -> node.alarmClock().settled(id, name))));
    // A commit of unknown outcome may have stored an alarm that nobody armed.
    fresh.alarms().values().forEach(node.alarmClock()::isSet);
  }

  private void commit(WriteSet set) {
    inFlight++;
    long mine = chain;
    CompletableFuture<Position> done;
    try {
      done = node.store().commit(set);
    } catch (RuntimeException e) {
      done = CompletableFuture.failedFuture(e);
    }
    var _ = done.whenComplete((_, error) -> settled(mine, set, error));
  }

  /// Writes what the runtime itself decided about an alarm; the version stays (S2).
  void bookkeep(WriteSet.AlarmChange change) {
    RoomView now = view;
    if (now != null) {
      Turn turn = new Turn(0);
      turn.bookkeeping.add(change);
      WriteSet set = turn.writeSet(id, node.store().epoch(), now);
      if (set != null) {
        now.apply(set);
        commit(set);
      }
    }
  }

  private void settled(long ofChain, WriteSet set, @Nullable Throwable error) {
    synchronized (this) {
      inFlight--;
      if (ofChain == chain && error == null) {
        output.durableUpTo(set.sequence());
        RoomView now = view;
        if (now != null) {
          now.durableUpTo(set.sequence());
        }
      } else if (ofChain == chain) {
        breakChain(set.sequence(), failure(error));
      }
      if (phase == Phase.SETTLING && inFlight == 0) {
        phase = Phase.UNLOADED;
        load();
      }
    }
    if (error == null) {
      for (WriteSet.AlarmChange change : set.alarms()) {
        if (change instanceof WriteSet.PutAlarm(AlarmRow row)) {
          node.alarmClock().isSet(row);
        }
      }
    }
    node.outlet().release(this);
  }

  private CommitFailure failure(@Nullable Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    return cause instanceof CommitFailure failure
        ? failure
        : new CommitFailure(
            CommitFailure.Reason.IO,
            Outcome.UNKNOWN,
            "a commit of " + id + " failed: " + cause,
            cause);
  }

  /// A write set failed: all later ones will, the output of every later turn is discarded, and the
  /// room starts again from what is stored (O2).
  private void breakChain(long sequence, CommitFailure failure) {
    node.observer().commitFailed(id, failure);
    chain++;
    String message = "a write of %s failed: %s".formatted(id, failure.getMessage());
    // The youngest changes are taken back first.
    undoTurns();
    output.discardFrom(
        sequence,
        afterEarlier ->
            new RoomReset(
                RoomReset.Reason.COMMIT_FAILED,
                afterEarlier ? Outcome.UNKNOWN : failure.outcome(),
                message,
                failure));
    view = null;
    phase = Phase.SETTLING;
    endIncarnation(RoomReset.Reason.COMMIT_FAILED, message, failure, sequence);
  }

  // ---- what others ask

  @Nullable Activation holder() {
    return holder;
  }

  /// The state as the present turn sees it.
  RoomView view() {
    RoomView now = view;
    if (now == null) {
      throw new RoomReset(
          RoomReset.Reason.COMMIT_FAILED, Outcome.UNKNOWN, "a write of " + id + " failed", null);
    }
    return now;
  }

  /// The state, or null while it is not known.
  @Nullable RoomView viewOrNull() {
    return view;
  }

  /// @throws Refusal.StorageFull while the store cannot be written to
  void requireWritable() {
    Optional<String> trouble = node.store().trouble();
    if (trouble.isPresent()) {
      throw new Refusal.StorageFull(id + " cannot be changed at present: " + trouble.get());
    }
  }

  @Nullable Incarnation incarnation() {
    return incarnation;
  }

  /// Makes the incarnation that is to be started next.
  Incarnation newIncarnation() {
    Incarnation fresh = new Incarnation(this, ++incarnations);
    incarnation = fresh;
    return fresh;
  }

  void putBack(Item item) {
    gate.putBack(item);
  }

  boolean isReady() {
    return phase == Phase.READY;
  }

  boolean isResting() {
    return phase == Phase.RESTING;
  }

  synchronized boolean isAwake() {
    return incarnation != null;
  }

  /// Whether nothing is queued, running, suspended, held or not yet durable.
  synchronized boolean isIdle() {
    return gate.isOpen()
        && !gate.hasWaiting()
        && active.isEmpty()
        && output.isEmpty()
        && inFlight == 0;
  }
}
