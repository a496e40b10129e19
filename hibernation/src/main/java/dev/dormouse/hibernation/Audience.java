package dev.dormouse.hibernation;

import dev.dormouse.room.Message;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The connections of one room: who hears its broadcasts, by tag, in the order in which they
/// joined; what is answered for it without entering it; and whose sockets are not read while it is
/// behind.
///
/// Members and tags are guarded by the order of the room's effects, as in [OpenConnection]. The
/// rest is safe for any thread.
final class Audience {
  /// By connection key; the order is that of joining.
  private final Map<Long, OpenConnection> members = new LinkedHashMap<>();

  /// Each tag's members by connection key. Keys grow, so that their order is nearly that of
  /// joining; among connections no client can tell the difference.
  private final Map<String, SortedMap<Long, OpenConnection>> tagged = new HashMap<>();

  /// Sockets that are not read for now. Guarded by itself, as is [#resumes].
  private final Set<ClientSocket> paused = new HashSet<>();

  private long resumes;

  private final SocketCounters counters;

  /// The room's automatic response; null for none. Written in the order of the room's effects.
  private volatile @Nullable AutoResponse autoResponse;

  /// The places of doormen at this room, by their names, from the first connection that names one
  /// on. Guarded by this.
  private Map<String, OpenPorch> porches = Map.of();

  /// How many connections refer to this audience; guarded by the table's map of audiences.
  int references;

  Audience(SocketCounters counters) {
    this.counters = counters;
  }

  private record AutoResponse(Message request, Message answer) {}

  /// The place of a doorman; made by `opening` when it is needed for the first time.
  synchronized OpenPorch porch(Doormen.Declared doorman, Supplier<OpenPorch> opening) {
    OpenPorch there = porches.get(doorman.name());
    if (there == null) {
      there = opening.get();
      Map<String, OpenPorch> more = new HashMap<>(porches);
      more.put(doorman.name(), there);
      porches = Map.copyOf(more);
    }
    return there;
  }

  /// From here on `request` is answered with `answer`; nothing is if either is null.
  void autoRespond(@Nullable Message request, @Nullable Message answer) {
    autoResponse = request == null || answer == null ? null : new AutoResponse(request, answer);
  }

  /// What is to be answered to `message` for the room; null if the room has to see to it.
  @Nullable Message responseTo(Message message) {
    AutoResponse response = autoResponse;
    return response != null && response.request.equals(message) ? response.answer : null;
  }

  void join(OpenConnection connection, Set<String> tags) {
    if (members.put(connection.key, connection) == null) {
      counters.joined.increment();
    }
    index(connection, tags);
  }

  void retag(OpenConnection connection, Set<String> tags) {
    if (members.containsKey(connection.key)) {
      unindex(connection);
      index(connection, tags);
    }
  }

  void leave(OpenConnection connection) {
    if (members.remove(connection.key) != null) {
      counters.joined.decrement();
      unindex(connection);
    }
  }

  /// Everyone, or everyone with `tag`.
  Collection<OpenConnection> members(@Nullable String tag) {
    if (tag == null) {
      return members.values();
    }
    SortedMap<Long, OpenConnection> some = tagged.get(tag);
    return some == null ? List.of() : some.values();
  }

  private void index(OpenConnection connection, Set<String> tags) {
    connection.tags = tags;
    for (String tag : tags) {
      tagged.computeIfAbsent(tag, _ -> new TreeMap<>()).put(connection.key, connection);
    }
  }

  private void unindex(OpenConnection connection) {
    for (String tag : connection.tags) {
      tagged.computeIfPresent(
          tag,
          (_, some) -> {
            some.remove(connection.key);
            return some.isEmpty() ? null : some;
          });
    }
    connection.tags = Set.of();
  }

  /// How often the room has caught up: to be read before an event is posted, for [#pause].
  long resumes() {
    synchronized (paused) {
      return resumes;
    }
  }

  /// Stops reading a socket because the room said that it is behind.
  ///
  /// @param before what [#resumes] was before the room was asked: if it caught up since, it may not
  ///   do so again, and nothing would ever read this socket on
  /// @return false if the room has caught up meanwhile
  boolean pause(ClientSocket socket, long before) {
    synchronized (paused) {
      if (resumes != before) {
        return false;
      }
      if (paused.add(socket)) {
        counters.paused.increment();
      }
      return true;
    }
  }

  void resume() {
    List<ClientSocket> waiting;
    synchronized (paused) {
      resumes++;
      waiting = List.copyOf(paused);
      paused.clear();
      counters.paused.add(-waiting.size());
    }
    waiting.forEach(ClientSocket::readOn);
  }

  void forget(ClientSocket socket) {
    synchronized (paused) {
      if (paused.remove(socket)) {
        counters.paused.decrement();
      }
    }
  }
}
