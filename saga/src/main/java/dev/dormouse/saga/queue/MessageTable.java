package dev.dormouse.saga.queue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A group's messages with their indexes. Every change of a message goes through [#change], which
/// keeps indexes, lines and counts true. Belongs to one turn.
///
/// A *line* is the unresolved messages of one ordering key; only its first can be ready to be
/// handed out.
final class MessageTable {
  private static final byte[] MARK = {1};

  private final Draft draft;
  private final GroupHeader header;

  MessageTable(Draft draft, GroupHeader header) {
    this.draft = draft;
    this.header = header;
  }

  /// An unresolved message, or null.
  @Nullable MessageRow unresolved(long position) {
    return row(GroupKeys.at(GroupKeys.MESSAGES, position));
  }

  /// A message that was given up, or null.
  @Nullable MessageRow dead(long position) {
    return row(GroupKeys.at(GroupKeys.DEAD, position));
  }

  private @Nullable MessageRow row(String key) {
    byte[] bytes = draft.get(key);
    return bytes == null ? null : MessageRow.decode(bytes);
  }

  /// Replaces `before`, null if there was none, by `after`, null if there is none any more.
  void change(long position, @Nullable MessageRow before, @Nullable MessageRow after) {
    if (before != null) {
      forget(position, before, after);
    }
    if (after != null) {
      store(position, before, after);
    }
    boolean waited = before != null && before.state().unresolved();
    boolean waits = after != null && after.state().unresolved();
    String line = before != null ? before.line() : after != null ? after.line() : "";
    if (!line.isEmpty() && waited != waits) {
      changeLine(position, line, waits);
    }
    if (after != null && after.state() == MessageState.READY && isFirst(position, after)) {
      draft.add(GroupKeys.at(GroupKeys.READY, position), MARK);
    }
  }

  private void forget(long position, MessageRow before, @Nullable MessageRow after) {
    header.add(before.state(), -1);
    switch (before.state()) {
      case READY -> {
        if (isFirst(position, before)) {
          draft.delete(GroupKeys.at(GroupKeys.READY, position));
        }
      }
      case DELAYED, LEASED -> draft.delete(GroupKeys.time(before.time(), position));
      case DEAD -> letterSent(position);
    }
    if (after == null || after.state().unresolved() != before.state().unresolved()) {
      draft.delete(GroupKeys.at(prefix(before.state()), position));
    }
  }

  private void store(long position, @Nullable MessageRow before, MessageRow after) {
    header.add(after.state(), 1);
    String key = GroupKeys.at(prefix(after.state()), position);
    if (before == null) {
      draft.add(key, after.encode());
    } else {
      draft.put(key, after.encode());
    }
    switch (after.state()) {
      case READY -> {}
      case DELAYED, LEASED -> draft.add(GroupKeys.time(after.time(), position), MARK);
      case DEAD -> {
        draft.add(GroupKeys.at(GroupKeys.LETTERS, position), MARK);
        header.letters++;
        header.died++;
      }
    }
  }

  private static String prefix(MessageState state) {
    return state.unresolved() ? GroupKeys.MESSAGES : GroupKeys.DEAD;
  }

  private boolean isFirst(long position, MessageRow row) {
    if (row.line().isEmpty()) {
      return true;
    }
    GroupRows.Row first = draft.first(GroupKeys.line(row.line()), 0);
    return first != null && GroupKeys.position(first.key()) == position;
  }

  /// The message joins its line or leaves it; the one behind it is then no longer first, or first.
  private void changeLine(long position, String line, boolean joins) {
    String prefix = GroupKeys.line(line);
    boolean wasFirst = joins || first(prefix) == position;
    if (joins) {
      draft.add(GroupKeys.at(prefix, position), MARK);
    } else {
      draft.delete(GroupKeys.at(prefix, position));
    }
    GroupRows.Row next = draft.first(prefix, position + 1);
    if (!wasFirst || next == null || (joins && first(prefix) != position)) {
      return;
    }
    long behind = GroupKeys.position(next.key());
    MessageRow row = unresolved(behind);
    if (row != null && row.state() == MessageState.READY) {
      if (joins) {
        draft.delete(GroupKeys.at(GroupKeys.READY, behind));
      } else {
        draft.add(GroupKeys.at(GroupKeys.READY, behind), MARK);
      }
    }
  }

  private long first(String prefix) {
    GroupRows.Row first = draft.first(prefix, 0);
    return first == null ? -1 : GroupKeys.position(first.key());
  }

  boolean letterSent(long position) {
    String key = GroupKeys.at(GroupKeys.LETTERS, position);
    if (draft.get(key) == null) {
      return false;
    }
    draft.delete(key);
    header.letters--;
    return true;
  }

  /// Positions that can be handed out, from `from` on.
  List<Long> ready(long from, int limit) {
    return positions(GroupKeys.READY, from, limit);
  }

  /// Positions whose delay or lease has ended at `now`, the longest ended first.
  List<Long> due(long now, int limit) {
    return draft.list(GroupKeys.TIMES, GroupKeys.at(GroupKeys.TIMES, now + 1), limit).stream()
        .map(row -> GroupKeys.position(row.key()))
        .toList();
  }

  /// Positions with keys under `prefix`, from `from` on.
  List<Long> positions(String prefix, long from, int limit) {
    return draft.list(GroupKeys.at(prefix, from), GroupKeys.end(prefix), limit).stream()
        .map(row -> GroupKeys.position(row.key()))
        .toList();
  }

  /// When the next delay or lease ends; [Long#MAX_VALUE] if never.
  long nextTime() {
    GroupRows.Row next = draft.first(GroupKeys.TIMES, 0);
    return next == null ? Long.MAX_VALUE : GroupKeys.timeOf(next.key());
  }
}
