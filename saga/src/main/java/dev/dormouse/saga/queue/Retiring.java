package dev.dormouse.saga.queue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Giving up what is too old, forgetting what was purged. Belongs to one turn.
final class Retiring {
  static final String TOO_OLD = "nobody consumed it within the queue's retention";

  /// How many messages one turn looks at.
  static final int AT_ONCE = 1_000;

  /// Retention is looked after so often, or a hundredth of it if that is sooner.
  private static final long OFTEN_MILLIS = 3_600_000;

  private final GroupSettings settings;
  private final GroupHeader header;
  private final MessageTable table;
  private final long now;

  Retiring(GroupSettings settings, GroupHeader header, MessageTable table, long now) {
    this.settings = settings;
    this.header = header;
    this.table = table;
    this.now = now;
  }

  static boolean tooOld(MessageRow row, GroupSettings settings, long now) {
    return now - row.since() >= settings.maxRetention().toMillis();
  }

  /// Goes on with the look at all messages that the last turn left unfinished; begins one when it
  /// is time.
  void giveUpOld() {
    if (header.unresolved() == 0) {
      header.ageCursor = 0;
      header.ageNext = 0;
      return;
    }
    // A clock that jumped back by more than a period would put it off for too long.
    if (header.ageNext == 0 || header.ageNext > now + 2 * period()) {
      header.ageNext = now + period();
    }
    if (header.ageNext > now) {
      return;
    }
    List<Long> some = table.positions(GroupKeys.MESSAGES, header.ageCursor, AT_ONCE);
    for (long position : some) {
      giveUpIfOld(position, table.unresolved(position));
    }
    if (some.size() < AT_ONCE) {
      header.ageCursor = 0;
      header.ageNext = now + period();
    } else {
      header.ageCursor = some.getLast() + 1;
    }
  }

  private long period() {
    return Math.max(1, Math.min(OFTEN_MILLIS, settings.maxRetention().toMillis() / 100));
  }

  /// Who has a lease is left to finish; purged rows go by themselves.
  private void giveUpIfOld(long position, @Nullable MessageRow row) {
    if (row != null
        && row.state() != MessageState.LEASED
        && position >= header.purgedTo
        && tooOld(row, settings, now)) {
      table.change(position, row, row.dead(TOO_OLD));
    }
  }

  void purge(long end) {
    header.purgedTo = Math.max(header.purgedTo, end);
    header.position = Math.max(header.position, end);
    sweep();
  }

  /// Deletes rows of purged messages.
  void sweep() {
    if (header.purgedTo == 0) {
      return;
    }
    List<Long> some =
        table.positions(GroupKeys.MESSAGES, 0, AT_ONCE).stream()
            .filter(position -> position < header.purgedTo)
            .toList();
    for (long position : some) {
      table.change(position, table.unresolved(position), null);
    }
    if (some.size() < AT_ONCE) {
      header.purgedTo = 0;
    }
  }
}
