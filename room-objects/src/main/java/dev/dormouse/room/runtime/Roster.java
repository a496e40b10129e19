package dev.dormouse.room.runtime;

import dev.dormouse.room.Admission;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The room's connections as its turns see them, in the order in which they joined. It outlives
/// instances, not the process (C3). Guarded by the room's lock.
final class Roster {
  private final Map<Long, Member> members = new LinkedHashMap<>();

  /// One connection.
  static final class Member {
    final long key;
    final @Nullable String subProtocol;
    Set<String> tags;
    byte[] attachment;

    /// Whether the room has closed it: nothing is sent to it and it is not listed, but its own
    /// close handler still sees it.
    boolean closing;

    /// When its messages last made the room fail, on the execution's nano clock, oldest first (T6).
    private final Deque<Long> failures = new ArrayDeque<>(0);

    Member(long key, Admission.Accepted admission) {
      this.key = key;
      this.subProtocol = admission.subProtocol();
      this.tags = admission.tags();
      this.attachment = admission.attachment();
    }

    /// Notes a failure and says whether there were `limit` within `nanos`.
    boolean failed(long now, int limit, long nanos) {
      failures.add(now);
      while (now - failures.getFirst() > nanos) {
        failures.removeFirst();
      }
      return failures.size() >= limit;
    }
  }

  void join(Member member) {
    members.put(member.key, member);
  }

  @Nullable Member get(long key) {
    return members.get(key);
  }

  void leave(long key) {
    members.remove(key);
  }

  Collection<Member> all() {
    return members.values();
  }

  int size() {
    return members.size();
  }
}
