package dev.dormouse.saga.queue.node;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.StartCause;
import dev.dormouse.saga.queue.GroupStatus;
import dev.dormouse.saga.queue.GroupTurn;
import dev.dormouse.saga.queue.KnownMessage;
import dev.dormouse.saga.queue.Lease;
import dev.dormouse.saga.queue.MessageState;
import dev.dormouse.saga.queue.QueueLog;
import dev.dormouse.saga.queue.Settled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// A consumer group: leases, attempts and dead letters are its rows, what is due its alarm. It
/// sleeps while there is nothing to do, and its [Driver] calls it when there may be.
final class GroupRoom implements Room, GroupCalls {
  /// How much a call of [#work] does before it lets others in.
  private static final int ROUNDS = 16;

  /// When to come again while a call of [#work] that nobody waits for any more still runs.
  private static final long BUSY_MILLIS = 100;

  private static final int READ_ON = 500;

  private final RoomContext context;
  private final QueueNode node;

  /// Null if the group is not declared any more: its rows wait for when it is again.
  private @Nullable Ledger ledger;

  private @Nullable Dispatch dispatch;
  private @Nullable Postman postman;
  private boolean working;

  GroupRoom(RoomContext context, QueueNode node) {
    this.context = context;
    this.node = node;
  }

  @Override
  public void onStart(StartCause cause) {
    String name = context.id().name().orElse("/");
    int slash = name.indexOf('/');
    OpenQueue queue = node.queues().get(name.substring(0, Math.max(0, slash)));
    OpenGroup open = queue == null ? null : queue.groups().get(name.substring(slash + 1));
    if (queue == null || open == null) {
      return;
    }
    Ledger found = new Ledger(context, node, queue, open);
    ledger = found;
    postman = new Postman(found);
    dispatch =
        open.declaration()
            .delivery()
            .map(to -> new Dispatch(found, open.declaration(), to))
            .orElse(null);
    QueueLog log = found.log();
    found.changing(turn -> {
      if (turn.isNew()) {
        turn.begin(open.declaration().fromNow() ? log.end() : log.first());
      }
      turn.reconcile(log.first(), log.end());
    });
  }

  private Ledger ledger() {
    if (ledger == null) {
      throw new Refusal.NotFound(context.id() + " is a group that is not declared");
    }
    return ledger;
  }

  @Override
  public void onAlarm(Alarm alarm) {
    if (ledger != null) {
      ledger.changing(GroupTurn::wake);
      ledger.wakePullers();
      ledger.open().poke();
    }
  }

  void answered(RoomId room, Note.Answered answered) {
    if (dispatch != null) {
      dispatch.answered(room, answered);
    }
  }

  // ---- for the driver

  @Override
  public long work() {
    if (working) {
      return BUSY_MILLIS;
    }
    working = true;
    try {
      ledger().changing(GroupTurn::wake);
      long wait = 0;
      for (int round = 0; round < ROUNDS && wait == 0; round++) {
        wait = sooner(postman == null ? Driver.NOTHING_TO_DO : postman.run(), handOut());
      }
      return wait;
    } finally {
      working = false;
    }
  }

  private long handOut() {
    return dispatch == null ? Driver.NOTHING_TO_DO : dispatch.run();
  }

  private static long sooner(long one, long other) {
    if (one == Driver.NOTHING_TO_DO) {
      return other;
    }
    return other == Driver.NOTHING_TO_DO ? one : Math.min(one, other);
  }

  // ---- for who pulls

  @Override
  public List<Lease> lease(int limit, long visibilityMillis) {
    Ledger ledger = ledger();
    Duration visibility = Duration.ofMillis(visibilityMillis);
    List<Lease> leases = new ArrayList<>();
    do {
      int wanted = limit - leases.size();
      leases.addAll(ledger.change(turn -> turn.lease(wanted, visibility)));
    } while (leases.size() < limit && !ledger.status().paused() && ledger.readOn(READ_ON));
    return leases;
  }

  @Override
  public List<String> ack(List<String> leases) {
    return settle(leases, GroupTurn::ack);
  }

  @Override
  public List<String> retry(List<String> leases, long delayMillis, String error) {
    return settle(
        leases, (turn, lease) -> turn.retry(lease, Duration.ofMillis(delayMillis), error));
  }

  @Override
  public List<String> extend(List<String> leases, long visibilityMillis) {
    return settle(leases, (turn, lease) -> turn.extend(lease, Duration.ofMillis(visibilityMillis)));
  }

  private List<String> settle(List<String> leases, BiFunction<GroupTurn, String, Settled> answer) {
    List<String> became =
        ledger()
            .change(turn -> leases.stream().map(each -> answer.apply(turn, each).name()).toList());
    afterChange();
    return became;
  }

  /// There may be more to hand out, or a dead letter.
  private void afterChange() {
    ledger().wakePullers();
    ledger().open().poke();
  }

  @Override
  public void giveUp(List<Long> positions, String error) {
    ledger().changing(turn -> positions.forEach(position -> turn.giveUp(position, error)));
    afterChange();
  }

  // ---- retention

  @Override
  public boolean readOn() {
    boolean more = ledger().readOn(READ_ON);
    afterChange();
    return more;
  }

  @Override
  public boolean giveUpBefore(long position, String error) {
    List<KnownMessage> old =
        ledger().look(turn -> turn.peek(null, 0, READ_ON)).stream()
            .filter(each -> each.position() < position)
            .toList();
    ledger().changing(turn -> old.forEach(each -> turn.giveUp(each.position(), error)));
    boolean unread = ledger().look(GroupTurn::position) < position && ledger().readOn(READ_ON);
    afterChange();
    return unread || !old.isEmpty();
  }

  // ---- operators

  @Override
  public GroupStatus status() {
    return ledger().status();
  }

  @Override
  public List<KnownMessage> peek(@Nullable String state, long from, int limit) {
    MessageState only = state == null ? null : MessageState.valueOf(state);
    return ledger().look(turn -> turn.peek(only, from, limit));
  }

  @Override
  public boolean redrive(long position) {
    boolean found = ledger().change(turn -> turn.redrive(position));
    afterChange();
    return found;
  }

  @Override
  public int redriveAll(int limit) {
    int count = ledger().change(turn -> turn.redriveAll(limit));
    afterChange();
    return count;
  }

  @Override
  public void pause(boolean paused) {
    ledger().changing(paused ? GroupTurn::pause : GroupTurn::resume);
    afterChange();
  }

  @Override
  public long purge() {
    long end = ledger().log().end();
    long dropped =
        ledger()
            .change(turn -> {
              GroupStatus before = turn.status();
              turn.purge(end);
              return Math.max(0, end - before.position())
                  + before.ready()
                  + before.delayed()
                  + before.leased();
            });
    afterChange();
    return dropped;
  }
}
