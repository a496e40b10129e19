package dev.dormouse.room.runtime;

import dev.dormouse.room.Access;
import dev.dormouse.room.Admission;
import dev.dormouse.room.spi.ConnectionRecord;
import dev.dormouse.room.spi.ConnectionRecords.Slept;
import dev.dormouse.room.spi.Effect;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The room's connections as its turns see them, in the order of their keys, which is that of their
/// handshakes. It outlives instances, not the process (C3).
///
/// A room that slept knows only how many connections it has: their records are in
/// [dev.dormouse.room.spi.ConnectionRecords], and each is *known* here once it was needed (C4).
/// What has changed here goes back before the room sleeps again. Guarded by the room's lock.
final class Roster {
  /// Those that joined or were read since the room woke.
  private final NavigableMap<Long, Member> known = new TreeMap<>();

  /// Those with a record that have left since.
  private final Set<Long> gone = new HashSet<>();

  /// How many have a record and are neither known nor gone.
  private int unread;

  /// How many of the unread are closing.
  private int unreadClosing;

  /// How many of the known are closing.
  private int closing;

  /// What answers for the room at its connections, as far as this life of the room has said; null
  /// if it has not. The socket side forgets it with the last connection.
  Effect.@Nullable AutoRespond autoResponse;

  /// One connection.
  static final class Member {
    final long key;
    final @Nullable String subProtocol;
    final boolean hearsClose;
    final Access access;
    Set<String> tags;
    byte[] attachment;

    /// Whether the room has closed it: nothing is sent to it and it is not listed, but its own
    /// close handler still sees it.
    private boolean closing;

    /// Whether there may be a record of it.
    private boolean recorded;

    /// Whether its record, if there is one, is out of date.
    private boolean changed;

    /// When its messages last made the room fail, on the execution's nano clock, oldest first (T6).
    private final Deque<Long> failures = new ArrayDeque<>(0);

    Member(long key, Admission.Accepted admission) {
      this.key = key;
      this.subProtocol = admission.subProtocol();
      this.hearsClose = admission.hearsClose();
      this.access = admission.access();
      this.tags = admission.tags();
      this.attachment = admission.attachment();
      this.changed = true;
    }

    Member(ConnectionRecord record) {
      this.key = record.key();
      this.subProtocol = record.subProtocol();
      this.hearsClose = record.hearsClose();
      this.access = record.access();
      this.tags = record.tags();
      this.attachment = record.attachment();
      this.closing = record.closing();
      this.recorded = true;
    }

    boolean isClosing() {
      return closing;
    }

    /// Its record must be written anew before the room sleeps.
    void change() {
      changed = true;
    }

    /// Notes a failure and says whether there were `limit` within `nanos`.
    boolean failed(long now, int limit, long nanos) {
      failures.add(now);
      while (now - failures.getFirst() > nanos) {
        failures.removeFirst();
      }
      return failures.size() >= limit;
    }

    private ConnectionRecord record() {
      return new ConnectionRecord(key, subProtocol, tags, attachment, hearsClose, access, closing);
    }
  }

  /// The room woke with so many connections.
  void wakes(Slept slept) {
    unread = slept.connections();
    unreadClosing = slept.closing();
  }

  void join(Member member) {
    known.put(member.key, member);
  }

  /// A member that is known; others must be read first.
  @Nullable Member get(long key) {
    return known.get(key);
  }

  /// Whether the connection may have a record that was not read yet.
  boolean mustRead(long key) {
    return unread > 0 && !known.containsKey(key) && !gone.contains(key);
  }

  /// Whether any records were not read yet.
  boolean hasUnread() {
    return unread > 0;
  }

  /// Takes in what was read, unless it is known by now or has left.
  void read(List<ConnectionRecord> records) {
    records.forEach(record -> hold(new Member(record)));
  }

  /// The member to be changed: the known one of this key, or `member` itself, which is known from
  /// now on if it was read from a record and has not left.
  Member hold(Member member) {
    Member there = known.get(member.key);
    if (there != null) {
      return there;
    }
    if (member.recorded && !gone.contains(member.key)) {
      known.put(member.key, member);
      unread--;
      if (member.closing) {
        unreadClosing--;
        closing++;
      }
    }
    return member;
  }

  /// A known connection is closing.
  void closing(long key) {
    Member member = known.get(key);
    if (member != null) {
      closing(member, true);
    }
  }

  /// @param is whether the connection, which is known, is closing
  void closing(Member member, boolean is) {
    if (member.closing != is && known.get(member.key) == member) {
      closing += is ? 1 : -1;
    }
    member.closing = is;
    member.changed = true;
  }

  /// A known connection is no more.
  void leave(long key) {
    Member member = known.remove(key);
    if (member != null) {
      if (member.closing) {
        closing--;
      }
      if (member.recorded) {
        gone.add(key);
      }
    }
  }

  /// A connection is no more whose record could not be read. Whether it was closing is not known
  /// then, and counts as no.
  void leaveUnread(long key) {
    if (mustRead(key)) {
      unread--;
      gone.add(key);
    }
  }

  /// Known members with keys above `after`, up to `last`, and those of `records` that are not known
  /// and have not left, in the order of their keys.
  Collection<Member> between(long after, long last, List<ConnectionRecord> records) {
    NavigableMap<Long, Member> some = new TreeMap<>(known.subMap(after, false, last, true));
    for (ConnectionRecord record : records) {
      if (!gone.contains(record.key())) {
        some.computeIfAbsent(record.key(), _ -> new Member(record));
      }
    }
    return some.values();
  }

  /// All connections, closing ones too.
  int size() {
    return known.size() + unread;
  }

  /// All connections that are not closing.
  int open() {
    return size() - closing - unreadClosing;
  }

  /// What to note when the room falls asleep at `now`.
  Slept slept(long now, @Nullable String name) {
    return new Slept(size(), closing + unreadClosing, now, name);
  }

  /// The records that must be written before the room sleeps. From here on they count as there: of
  /// a write that fails some may have been written.
  List<ConnectionRecord> changed() {
    List<ConnectionRecord> changed = new ArrayList<>();
    for (Member member : known.values()) {
      if (member.changed) {
        member.recorded = true;
        changed.add(member.record());
      }
    }
    return changed;
  }

  /// Those whose records must be deleted before the room sleeps.
  List<Long> gone() {
    return new ArrayList<>(gone);
  }

  /// What [#changed] and [#gone] named is written.
  void written() {
    known.values().forEach(member -> member.changed = false);
    gone.clear();
  }
}
