package dev.dormouse.room.runtime;

import dev.dormouse.room.Connection;
import dev.dormouse.room.spi.ConnectionRecord;
import dev.dormouse.room.spi.ConnectionRecords;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Spliterators;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A room's open connections in the order of their keys, read a page at a time (C4): what the
/// roster knows, and what only the records know. For the thread that holds the turn, which waits
/// for each page with the gate shut.
final class ConnectionPages extends Spliterators.AbstractSpliterator<Connection> {
  private final Incarnation incarnation;
  private final @Nullable String tag;
  private final Deque<Roster.Member> page = new ArrayDeque<>();
  private long after = Long.MIN_VALUE;
  private boolean last;

  ConnectionPages(Incarnation incarnation, @Nullable String tag) {
    super(Long.MAX_VALUE, ORDERED | DISTINCT | NONNULL);
    this.incarnation = incarnation;
    this.tag = tag;
  }

  @Override
  public boolean tryAdvance(Consumer<? super Connection> action) {
    // Also the check that the turn still lasts.
    long leaving = incarnation.activation().leaving;
    while (page.isEmpty() && !last) {
      readOn(leaving);
    }
    Roster.Member next = page.poll();
    if (next == null) {
      return false;
    }
    action.accept(new TurnConnection(incarnation, next));
    return true;
  }

  private void readOn(long leaving) {
    RoomHost host = incarnation.host;
    boolean more;
    synchronized (host) {
      more = host.roster.hasUnread();
    }
    List<ConnectionRecord> records =
        more
            ? host.waits()
                .on(
                    host.node.records().page(host.id, tag, after, ConnectionRecords.CHUNK),
                    "reading the connections of " + host.id)
            : List.of();
    last = records.size() < ConnectionRecords.CHUNK;
    long upTo = last ? Long.MAX_VALUE : records.getLast().key();
    synchronized (host) {
      for (Roster.Member member : host.roster.between(after, upTo, records)) {
        if ((!member.isClosing() || member.key == leaving)
            && (tag == null || member.tags.contains(tag))) {
          page.add(member);
        }
      }
    }
    after = upTo;
  }
}
