package dev.dormouse.saga.queue.node;

import dev.dormouse.room.RoomContext;
import dev.dormouse.saga.Queues;
import dev.dormouse.saga.queue.ConsumerGroup;
import dev.dormouse.saga.queue.GroupChanges;
import dev.dormouse.saga.queue.GroupStatus;
import dev.dormouse.saga.queue.GroupTurn;
import dev.dormouse.saga.queue.LogEntry;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.saga.queue.LogPage;
import dev.dormouse.saga.queue.Moved;
import dev.dormouse.saga.queue.QueueLog;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;

/// A group's account in its room, and the log that it reads: what all parts of a group's room work
/// on. One incarnation's; used in its turns.
final class Ledger {
  private static final long FOR_EVER = Long.MAX_VALUE;

  private final RoomContext context;
  private final QueueNode node;
  private final OpenQueue queue;
  private final OpenGroup open;
  private final ConsumerGroup group;
  private final GroupStorage rows;
  private final Pages pages = new Pages();

  Ledger(RoomContext context, QueueNode node, OpenQueue queue, OpenGroup open) {
    this.context = context;
    this.node = node;
    this.queue = queue;
    this.open = open;
    this.group = new ConsumerGroup(open.settings(), node.lineage());
    this.rows = new GroupStorage(context.storage(), context.alarms());
  }

  RoomContext context() {
    return context;
  }

  QueueNode node() {
    return node;
  }

  OpenGroup open() {
    return open;
  }

  Pages pages() {
    return pages;
  }

  QueuePart.Handle handle() {
    return (QueuePart.Handle) context.facility(Queues.class);
  }

  /// An open log; that of a group that has a room is opened with the process.
  QueueLog log() {
    try {
      return queue.log();
    } catch (LogException e) {
      throw new IllegalStateException(String.valueOf(e.getMessage()), e);
    }
  }

  /// Looks without changing anything.
  <T> T look(Function<GroupTurn, T> at) {
    return at.apply(turn());
  }

  GroupStatus status() {
    return look(GroupTurn::status);
  }

  private GroupTurn turn() {
    return group.turn(rows, context.clock().millis(), node.random());
  }

  /// Changes the account as part of the turn at hand.
  <T> T change(Function<GroupTurn, T> by) {
    GroupTurn turn = turn();
    T result = by.apply(turn);
    GroupChanges changes = turn.finish();
    rows.store(changes);
    GroupStatus status = turn.status();
    Moved moved = turn.moved();
    long next = changes.nextAlarm().orElse(FOR_EVER);
    handle().whenDurable(() -> open.report(status, moved, next));
    return result;
  }

  void changing(Consumer<GroupTurn> by) {
    change(turn -> {
      by.accept(turn);
      return turn;
    });
  }

  /// What there is to be handed out may have changed: whoever pulls looks again once it is durable.
  void wakePullers() {
    handle().whenDurable(open::changed);
  }

  // ---- the log; each ends the turn

  /// Takes in up to `limit` more messages, if there is room for them and they are there.
  ///
  /// @return whether the group has read on
  boolean readOn(int limit) {
    long from = look(GroupTurn::position);
    int room = Math.min(limit, look(GroupTurn::room));
    if (room == 0 || from >= log().end()) {
      return false;
    }
    LogPage read = readOutside(from, room);
    LogPage page = open.declaration().ordered() ? read : unordered(read);
    return change(turn -> {
      // Another turn may have read on meanwhile.
      if (turn.position() != from || page.next() == from) {
        return turn.position() != from;
      }
      turn.take(page);
      page.entries().forEach(pages::put);
      return true;
    });
  }

  private static LogPage unordered(LogPage page) {
    return new LogPage(
        page.from(),
        page.entries().stream()
            .map(entry ->
                new LogEntry(entry.position(), entry.appendedAt(), entry.message().inOrderOf("")))
            .toList(),
        page.next(),
        page.damaged());
  }

  /// Sees to it that these are in [#pages], as far as the log can give them.
  void fetch(Collection<Long> positions) {
    List<Long> missing =
        positions.stream().filter(each -> pages.get(each) == null).sorted().toList();
    while (!missing.isEmpty()) {
      long from = missing.getFirst();
      int limit = (int) Math.min(1_000, missing.getLast() - from + 1);
      LogPage page = readOutside(from, limit);
      List<Long> wanted = missing;
      page.entries().stream()
          .filter(entry -> wanted.contains(entry.position()))
          .forEach(pages::put);
      long next = Math.max(page.next(), from + 1);
      missing = missing.stream().filter(each -> each >= next).toList();
    }
  }

  private LogPage readOutside(long from, int limit) {
    QueueLog log = log();
    return context.await(() -> read(log, from, limit));
  }

  /// Blocks until the log has answered.
  ///
  /// @throws IllegalStateException if it cannot
  static LogPage read(QueueLog log, long from, int limit) {
    try {
      return log.read(from, limit).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading a log", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a log cannot be read: " + e.getCause(), e);
    }
  }
}
