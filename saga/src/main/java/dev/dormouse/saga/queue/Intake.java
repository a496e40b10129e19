package dev.dormouse.saga.queue;

import java.util.List;

/// From the log into the group: reading on, and finding out that the log is not what it was.
/// Belongs to one turn.
final class Intake {
  private final GroupSettings settings;
  private final SeenKeys seen;
  private final Draft draft;
  private final GroupHeader header;
  private final MessageTable table;
  private final long now;

  Intake(
      GroupSettings settings,
      SeenKeys seen,
      Draft draft,
      GroupHeader header,
      MessageTable table,
      long now) {
    this.settings = settings;
    this.seen = seen;
    this.draft = draft;
    this.header = header;
    this.table = table;
    this.now = now;
  }

  int room() {
    return (int) Math.max(0, settings.window() - header.unresolved());
  }

  int take(LogPage page) {
    if (page.from() < header.position) {
      throw new IllegalArgumentException(
          "the group has read to " + header.position + ", the page begins at " + page.from());
    }
    header.lost += page.from() - header.position;
    header.position = page.from();
    int taken = 0;
    for (LogEntry entry : page.entries()) {
      if (room() == 0) {
        return taken;
      }
      // What lies between two entries did not pass its check.
      header.lost += entry.position() - header.position;
      header.position = entry.position() + 1;
      if (seen.add(entry.message().key(), entry.position(), draft, header)) {
        taken++;
        insert(entry);
      } else {
        header.duplicates++;
      }
    }
    header.lost += page.next() - header.position;
    header.position = page.next();
    return taken;
  }

  private void insert(LogEntry entry) {
    QueueMessage message = entry.message();
    String line = message.orderingKey().isEmpty() ? "" : Hash128.of(message.orderingKey()).hex();
    long since = Math.max(entry.appendedAt(), message.notBefore());
    MessageRow row = MessageRow.ready(message.key(), line, since);
    header.taken++;
    if (Retiring.tooOld(row, settings, now)) {
      row = row.dead(Retiring.TOO_OLD);
    } else if (message.notBefore() > now) {
      row = row.delayed(message.notBefore(), "");
    }
    table.change(entry.position(), null, row);
  }

  boolean reconcile(long first, long end) {
    for (long position : table.positions(GroupKeys.DEAD, 0, Retiring.AT_ONCE)) {
      if (position >= first) {
        break;
      }
      // What a person could drive again is no longer in the log; its dead letter is.
      if (draft.get(GroupKeys.at(GroupKeys.LETTERS, position)) == null) {
        table.change(position, table.dead(position), null);
      }
    }
    if (header.position <= end) {
      return false;
    }
    dropFrom(end, GroupKeys.MESSAGES);
    dropFrom(end, GroupKeys.DEAD);
    seen.forgetFrom(end, draft, header);
    header.position = end;
    header.purgedTo = Math.min(header.purgedTo, end);
    header.logEpoch++;
    return true;
  }

  private void dropFrom(long end, String prefix) {
    List<Long> beyond = table.positions(prefix, end, Integer.MAX_VALUE);
    for (long position : beyond) {
      MessageRow row =
          prefix.equals(GroupKeys.DEAD) ? table.dead(position) : table.unresolved(position);
      table.change(position, row, null);
    }
  }
}
