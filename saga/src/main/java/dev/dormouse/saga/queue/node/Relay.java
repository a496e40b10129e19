package dev.dormouse.saga.queue.node;

import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.saga.queue.QueueMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a room's outbox into the queues' logs, each queue's rows in order.
///
/// For each queue one append is under way at a time, so that one which fails is not overtaken by
/// what was sent after it. What is appended was durable before; what is deleted is durable in the
/// log. As long as there are rows an alarm guards them: whatever is lost on the way, or with a
/// process, is appended again when it rings, or when the room starts. It rings by the clock, and
/// one that is set back keeps it from ringing: what has failed in this process is also looked after
/// by time that only goes on. Appends of many rooms share their syncs, in the log.
final class Relay {
  static final String GUARD = "relay";
  private static final Logger log = LoggerFactory.getLogger(Relay.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /// By how many doublings the patience grows at most: to about a minute.
  private static final int MOST_DOUBLINGS = 5;

  private static final long LONGEST_PATIENCE = PATIENCE.toMillis() << MOST_DOUBLINGS;

  /// How many rows are appended at once.
  private static final int AT_ONCE = 128;

  private final FacilityRoom room;
  private final QueueNode node;

  /// Whether a note of [#soon] is on its way.
  private final AtomicBoolean noted = new AtomicBoolean();

  /// Whether a timer of [#watch] is set.
  private final AtomicBoolean watching = new AtomicBoolean();

  /// Queues that an append is under way for. Guarded by the room's turns; a turn that changes it
  /// does nothing afterwards that can throw.
  private final Set<String> underWay = new HashSet<>();

  /// How often in a row the guard rang and found rows. Guarded by the room's turns.
  private int rings;

  Relay(FacilityRoom room, QueueNode node) {
    this.room = room;
    this.node = node;
  }

  /// The turn at hand has written rows: looks after them once it is durable.
  void soon() {
    if (isGuardFar()) {
      guard();
    }
    room.whenDurable(() -> {
      if (!noted.getAndSet(true) && !room.post(room.id(), new Note.Relay().bytes())) {
        noted.set(false);
      }
    });
  }

  private void guard() {
    room.setAlarm(GUARD, room.clock().millis() + patience());
  }

  private long patience() {
    return PATIENCE.toMillis() << Math.min(rings, MOST_DOUBLINGS);
  }

  /// Whether the guard is not set, or for a time of a clock that was set back since.
  private boolean isGuardFar() {
    return room.alarm(GUARD).orElse(Long.MAX_VALUE) > room.clock().millis() + LONGEST_PATIENCE;
  }

  /// Looks after the guard when it should have rung.
  private void watch() {
    if (!watching.getAndSet(true)) {
      var _ =
          node.execution()
              .schedule(
                  Duration.ofMillis(patience()),
                  () -> {
                    watching.set(false);
                    var _ = room.post(room.id(), new Note.Watch().bytes());
                  });
    }
  }

  /// The note of [#watch] has come.
  void watched() {
    if (isEmpty()) {
      return;
    }
    if (isGuardFar()) {
      ring();
    }
    watch();
  }

  /// The room's incarnation begins: its last one may have died before it could append.
  void start() {
    if (room.hasAlarm(GUARD)) {
      append();
    }
  }

  /// The guard rings.
  void ring() {
    if (isEmpty()) {
      return;
    }
    rings++;
    guard();
    append();
  }

  /// The note of [#soon] has come.
  void noted() {
    noted.set(false);
    append();
  }

  void published(String queue, long upTo) {
    for (Storage.Entry row : room.list(Outbox.rows(queue), AT_ONCE)) {
      if (Outbox.number(row.key()) > upTo) {
        break;
      }
      room.delete(row.key());
    }
    Sent sent = room.get(Outbox.SENT + queue).map(Sent::read).orElse(Sent.NOTHING);
    if (sent.published() < upTo) {
      room.put(Outbox.SENT + queue, new Sent(sent.sent(), upTo).bytes());
    }
    if (isEmpty()) {
      room.deleteAlarm(GUARD);
    }
    rings = 0;
    underWay.remove(queue);
    append();
  }

  /// The guard tries again.
  void notPublished(String queue) {
    underWay.remove(queue);
    watch();
  }

  private boolean isEmpty() {
    return room.list(Outbox.OUT, 1).isEmpty();
  }

  /// Begins an append for each queue that has rows and none under way.
  private void append() {
    for (Storage.Entry each : room.list(Outbox.SENT, Integer.MAX_VALUE)) {
      String queue = each.key().substring(Outbox.SENT.length());
      if (Sent.read(each.value()).waiting() > 0 && !underWay.contains(queue)) {
        List<Storage.Entry> rows = room.list(Outbox.rows(queue), AT_ONCE);
        if (!rows.isEmpty()) {
          underWay.add(queue);
          room.outside(() -> append(queue, rows));
        }
      }
    }
  }

  /// On a thread of its own, once the rows are durable.
  private void append(String queue, List<Storage.Entry> rows) {
    long last = Outbox.number(rows.getLast().key());
    Note note =
        isAppended(queue, rows) ? new Note.Published(queue, last) : new Note.NotPublished(queue);
    var _ = room.post(room.id(), note.bytes());
  }

  private boolean isAppended(String queue, List<Storage.Entry> rows) {
    try {
      List<QueueMessage> messages = new ArrayList<>(rows.size());
      for (Storage.Entry row : rows) {
        messages.add(MessageBytes.read(row.value()));
      }
      node.append(queue, messages);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | LogException | RuntimeException e) {
      log.warn(
          "{} messages of {} wait to be appended to queue '{}'", rows.size(), room.id(), queue, e);
      return false;
    }
  }
}
