package dev.dormouse.server.http;

import dev.dormouse.hibernation.Visit;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.RoomId;
import dev.dormouse.server.admin.Guests;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Connections that a test puts there. Thread-safe.
final class StagedGuests implements Guests {
  private final Map<RoomId, List<Visit>> visits = new HashMap<>(); // guarded by this
  private final List<String> closed = new ArrayList<>(); // guarded by this
  private final long now;
  private long lastKey; // guarded by this

  /// @param now in seconds since 1970 UTC
  StagedGuests(long now) {
    this.now = now;
  }

  /// Which were closed, in order.
  synchronized List<String> closed() {
    return List.copyOf(closed);
  }

  synchronized void put(RoomId room, boolean parked, boolean reader, String... tags) {
    visits
        .computeIfAbsent(room, _ -> new ArrayList<>())
        .add(
            new Visit(
                ++lastKey,
                Set.of(tags),
                now - 60 * lastKey,
                parked,
                reader,
                false,
                new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), Math.toIntExact(50_000 + lastKey))));
  }

  @Override
  public int count() {
    return 1_204;
  }

  @Override
  public synchronized Visit.Page of(RoomId room, long after, int limit) {
    List<Visit> all = visits.getOrDefault(room, List.of());
    List<Visit> rest = all.stream().filter(visit -> visit.key() > after).toList();
    return new Visit.Page(rest.stream().limit(limit).toList(), all.size(), rest.size() > limit);
  }

  @Override
  public synchronized boolean close(RoomId room, long key, CloseStatus status) {
    List<Visit> guests = visits.get(room);
    boolean there = guests != null && guests.removeIf(visit -> visit.key() == key);
    if (there) {
      closed.add(key + " " + status.code() + " " + status.reason());
    }
    return there;
  }
}
