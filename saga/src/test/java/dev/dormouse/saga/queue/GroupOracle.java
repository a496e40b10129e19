package dev.dormouse.saga.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/// What a group should do, said as plainly as possible: one map, looked through from end to end.
/// Retention is left out.
final class GroupOracle {
  /// Where each position is that was ever read; I8 says in exactly one place.
  enum Place {
    UNRESOLVED,
    DEAD,
    ACKED,
    PURGED,
    DUPLICATE
  }

  /// @param answerable its last lease, as long as that may be answered
  record Known(
      Place place,
      MessageState state,
      String key,
      String line,
      int attempts,
      long time,
      String answerable,
      boolean letter) {}

  private final GroupSettings settings;
  TreeMap<Long, Known> messages = new TreeMap<>();
  Deque<Map.Entry<Long, String>> seen = new ArrayDeque<>();
  long position;
  boolean paused;
  long epoch;

  GroupOracle(GroupSettings settings) {
    this.settings = settings;
  }

  GroupOracle copy() {
    GroupOracle copy = new GroupOracle(settings);
    copy.messages = new TreeMap<>(messages);
    copy.seen = new ArrayDeque<>(seen);
    copy.position = position;
    copy.paused = paused;
    copy.epoch = epoch;
    return copy;
  }

  List<Map.Entry<Long, Known>> in(Place place) {
    return messages.entrySet().stream().filter(e -> e.getValue().place() == place).toList();
  }

  int room() {
    return Math.max(0, settings.window() - in(Place.UNRESOLVED).size());
  }

  int take(LogPage page, long now) {
    int taken = 0;
    for (LogEntry entry : page.entries()) {
      if (room() == 0) {
        return taken;
      }
      position = entry.position() + 1;
      QueueMessage message = entry.message();
      boolean duplicate = seen.stream().anyMatch(e -> e.getValue().equals(message.key()));
      if (!duplicate) {
        taken++;
        seen.add(Map.entry(entry.position(), message.key()));
        if (seen.size() > settings.rememberedKeys()) {
          seen.remove();
        }
      }
      boolean later = message.notBefore() > now;
      messages.put(
          entry.position(),
          new Known(
              duplicate ? Place.DUPLICATE : Place.UNRESOLVED,
              later ? MessageState.DELAYED : MessageState.READY,
              message.key(),
              message.orderingKey(),
              0,
              later ? message.notBefore() : 0,
              "",
              false));
    }
    return taken;
  }

  void endTimes(long now) {
    for (var entry : in(Place.UNRESOLVED)) {
      Known known = entry.getValue();
      if (known.time() == 0 || known.time() > now) {
        continue;
      }
      messages.put(
          entry.getKey(),
          switch (known.state()) {
            case DELAYED -> waiting(known, MessageState.READY, 0, "");
            case LEASED ->
                known.attempts() > settings.maxRetries()
                    ? dead(known)
                    : waiting(known, MessageState.READY, 0, known.answerable());
            case READY, DEAD -> throw new AssertionError(known);
          });
    }
  }

  /// What may be handed out now, in order.
  List<Long> leasable() {
    List<Long> found = new ArrayList<>();
    Set<String> lines = new HashSet<>();
    for (var entry : in(Place.UNRESOLVED)) {
      Known known = entry.getValue();
      boolean first = known.line().isEmpty() || lines.add(known.line());
      if (known.state() == MessageState.READY && first) {
        found.add(entry.getKey());
      }
    }
    return found;
  }

  void leased(Lease lease) {
    Known known = known(lease.position());
    messages.put(
        lease.position(),
        new Known(
            Place.UNRESOLVED,
            MessageState.LEASED,
            known.key(),
            known.line(),
            known.attempts() + 1,
            lease.until(),
            lease.id(),
            false));
  }

  Settled ack(Lease lease) {
    Known known = messages.get(lease.position());
    if (known == null || isGone(known)) {
      return Settled.ALREADY;
    }
    if (!known.answerable().equals(lease.id())) {
      return Settled.STALE_LEASE;
    }
    messages.put(lease.position(), gone(known, Place.ACKED));
    return Settled.ACKED;
  }

  Settled extend(Lease lease, long until) {
    Known known = messages.get(lease.position());
    if (known == null || isGone(known)) {
      return Settled.ALREADY;
    }
    if (!known.answerable().equals(lease.id())) {
      return Settled.STALE_LEASE;
    }
    messages.put(
        lease.position(),
        new Known(
            Place.UNRESOLVED,
            MessageState.LEASED,
            known.key(),
            known.line(),
            known.attempts(),
            until,
            lease.id(),
            false));
    return Settled.EXTENDED;
  }

  Settled retry(Lease lease, long now, long delay) {
    Known known = messages.get(lease.position());
    if (known == null || isGone(known)) {
      return Settled.ALREADY;
    }
    if (!known.answerable().equals(lease.id())) {
      return Settled.STALE_LEASE;
    }
    if (known.attempts() > settings.maxRetries()) {
      messages.put(lease.position(), dead(known));
      return Settled.DEAD;
    }
    long wait = Math.max(delay, settings.backoff().after(known.attempts(), known.key()));
    messages.put(lease.position(), waiting(known, MessageState.DELAYED, now + wait, ""));
    return Settled.RETRYING;
  }

  private static boolean isGone(Known known) {
    return known.place() != Place.UNRESOLVED && known.place() != Place.DEAD;
  }

  /// What is known of a position that was read.
  Known known(long position) {
    return Objects.requireNonNull(messages.get(position));
  }

  void letterSent(long position) {
    Known known = known(position);
    messages.put(
        position,
        new Known(
            Place.DEAD, known.state(), known.key(), known.line(), known.attempts(), 0, "", false));
  }

  boolean giveUp(long position) {
    Known known = messages.get(position);
    if (known == null || known.place() != Place.UNRESOLVED) {
      return false;
    }
    messages.put(position, dead(known));
    return true;
  }

  boolean redrive(long position) {
    Known known = messages.get(position);
    if (known == null || known.place() != Place.DEAD) {
      return false;
    }
    messages.put(
        position,
        new Known(
            Place.UNRESOLVED, MessageState.READY, known.key(), known.line(), 0, 0, "", false));
    return true;
  }

  void purge(long end) {
    position = Math.max(position, end);
    for (var entry : in(Place.UNRESOLVED)) {
      messages.put(entry.getKey(), gone(entry.getValue(), Place.PURGED));
    }
  }

  void loseTail(long end) {
    if (position > end) {
      position = end;
      epoch++;
      messages.tailMap(end, true).clear();
      seen.removeIf(entry -> entry.getKey() >= end);
    }
  }

  long lowWater() {
    return messages.entrySet().stream()
        .filter(e -> e.getValue().place() == Place.UNRESOLVED || e.getValue().letter())
        .mapToLong(Map.Entry::getKey)
        .min()
        .orElse(position);
  }

  private static Known waiting(Known known, MessageState state, long time, String answerable) {
    return new Known(
        Place.UNRESOLVED,
        state,
        known.key(),
        known.line(),
        known.attempts(),
        time,
        answerable,
        false);
  }

  private static Known dead(Known known) {
    return new Known(
        Place.DEAD, MessageState.DEAD, known.key(), known.line(), known.attempts(), 0, "", true);
  }

  private static Known gone(Known known, Place place) {
    return new Known(
        place, known.state(), known.key(), known.line(), known.attempts(), 0, "", false);
  }
}
