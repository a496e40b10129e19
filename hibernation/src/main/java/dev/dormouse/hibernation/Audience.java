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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The connections of one room: who hears its broadcasts, by tag, in the order in which they
/// joined; what is answered for it without entering it; and whose sockets are not read while it is
/// behind.
///
/// Members and tags are guarded by the order of the room's effects, as in [OpenConnection]. The
/// rest is safe for any thread.
final class Audience {
  private static final int PACKED = -1;

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

  /// How many connections refer to this audience; guarded by the lock of [Audiences] on the room.
  int references;

  /// How many are at work with it; [#PACKED] once nobody will ever be again.
  private final AtomicInteger entered = new AtomicInteger();

  /// Whether the room has said something since this was last looked at. Written by whoever enters;
  /// one that is missed costs a look.
  private volatile boolean used;

  /// Whether a look at it is due. Guarded by this.
  private boolean waits;

  Audience(SocketCounters counters) {
    this.counters = counters;
  }

  // ---- whether it may be packed

  /// Begins to work with it.
  ///
  /// @return false if it was packed, so that there is another by now; else [#exit] must follow
  boolean enter() {
    if (!used) {
      used = true;
    }
    for (int now = entered.get(); now != PACKED; now = entered.get()) {
      if (entered.compareAndSet(now, now + 1)) {
        return true;
      }
    }
    return false;
  }

  void exit() {
    entered.decrementAndGet();
  }

  /// Lets nobody in any more, unless somebody is.
  boolean close() {
    return entered.compareAndSet(0, PACKED);
  }

  /// Takes [#close] back.
  void reopen() {
    entered.set(0);
  }

  /// Whether the room has said something since the last time this was asked.
  boolean wasUsed() {
    boolean was = used;
    used = false;
    return was;
  }

  /// Whether nobody waits for a look at it yet; whoever is told so must see to one.
  synchronized boolean beginsWait() {
    boolean first = !waits;
    waits = true;
    return first;
  }

  synchronized void endsWait() {
    waits = false;
  }

  /// Whether all that is known of it can be packed: no doorman has a place here, no socket is
  /// paused.
  boolean isPlain() {
    synchronized (paused) {
      if (!paused.isEmpty()) {
        return false;
      }
    }
    synchronized (this) {
      return porches.isEmpty();
    }
  }

  /// Takes in a member that was packed.
  void comesBack(OpenConnection connection, Set<String> tags) {
    members.put(connection.key, connection);
    index(connection, tags);
  }

  // ---- what doormen and the room say

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

  /// From here on this is answered for the room; nothing is if it is null.
  void autoRespond(@Nullable AutoResponse response) {
    autoResponse = response;
  }

  @Nullable AutoResponse autoResponse() {
    return autoResponse;
  }

  /// What is to be answered to `message` for the room; null if the room has to see to it.
  @Nullable Message responseTo(Message message) {
    AutoResponse response = autoResponse;
    return response != null && response.request().equals(message) ? response.answer() : null;
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
