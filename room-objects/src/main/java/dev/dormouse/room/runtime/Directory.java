package dev.dormouse.room.runtime;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.runtime.RoomNode.Backlog;
import dev.dormouse.room.spi.ConnectionRecords.Slept;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.KeptAwake;
import dev.dormouse.room.spi.RoomReport;
import dev.dormouse.room.spi.Sockets.Intake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// The rooms that are in memory. A room is put in when something comes for it, and takes itself out
/// when it has fallen asleep; whatever still finds it there then asks again, and gets its follower.
/// Thread-safe.
final class Directory {
  /// A room that was used within this is not put to sleep for others: its clients are at work.
  private static final Duration JUST_USED = Duration.ofSeconds(1);

  private final RoomNode node;
  private final Map<RoomId, RoomHost> hosts = new ConcurrentHashMap<>();

  Directory(RoomNode node) {
    this.node = node;
  }

  /// The room's host, which may fall asleep at any time.
  private RoomHost host(RoomId id) {
    RoomHost host = hosts.get(id);
    if (host == null) {
      host =
          hosts.computeIfAbsent(id, key -> new RoomHost(node, key, node.declared(key.namespace())));
    }
    host.addressedAs(id);
    return host;
  }

  /// The room has fallen asleep; called under its lock.
  void remove(RoomHost host) {
    hosts.remove(host.id, host);
  }

  // ---- what comes for a room

  /// See [RoomNode#post].
  Intake post(RoomId room, Event event) {
    if (event instanceof Event.Left(long connection) && leftAsleep(room, connection)) {
      return Intake.OPEN;
    }
    if (turnedAway(room, event)) {
      return Intake.OPEN;
    }
    return bring(room, event);
  }

  private Intake bring(RoomId room, Event event) {
    Intake intake = null;
    while (intake == null) {
      intake = host(room).arrivals.post(event);
    }
    return intake;
  }

  /// Whether rooms are to sleep soon, since there are many.
  boolean isCrowded() {
    return hosts.size() > node.mostAwake() / 2 || node.memory().isCrowded();
  }

  /// Has rooms fall asleep that take memory and have nothing to do, the longest idle first, until
  /// they have given `bytes` back; those that were just used stay.
  void sleepFor(long bytes) {
    long left = bytes;
    for (Idle idle : idle()) {
      if (left > 0) {
        left -= idle.bytes;
        idle.host.sleep.now(_ -> {});
      }
    }
  }

  private record Idle(RoomHost host, long nanos, long bytes) {}

  private List<Idle> idle() {
    List<Idle> idle = new ArrayList<>();
    for (RoomHost host : hosts.values()) {
      synchronized (host) {
        long bytes = host.weight.taken();
        long nanos = bytes == 0 ? 0 : host.sleep.idleFor();
        if (nanos >= JUST_USED.toNanos()) {
          idle.add(new Idle(host, nanos, bytes));
        }
      }
    }
    idle.sort(Comparator.comparingLong(Idle::nanos).reversed());
    return idle;
  }

  /// Refuses who asks for a room that would have to be woken; says whether it did. What concerns
  /// connections that there are, alarms and other rooms' work still wake theirs.
  private boolean turnedAway(RoomId room, Event event) {
    long exchange =
        switch (event) {
          case Event.Connect(long number, _) -> number;
          case Event.Requested(long number, _) -> number;
          case Event.Received _, Event.Opened _, Event.Failed _, Event.Closed _, Event.Left _ -> -1;
        };
    if (exchange < 0 || hosts.size() < node.mostAwake() || hosts.containsKey(room)) {
      return false;
    }
    RoomException no =
        new Refusal.Overloaded(
            "%,d rooms are awake, and %s is not; try again later".formatted(hosts.size(), room));
    node.sockets().apply(room, List.of(new Effect.Decline(exchange, no)));
    return true;
  }

  /// Takes leave of a connection whose room sleeps and does not want to hear of it; false if the
  /// room is awake. Within the directory, so that no room wakes meanwhile.
  private boolean leftAsleep(RoomId room, long connection) {
    boolean[] asleep = new boolean[1];
    hosts.computeIfAbsent(
        room,
        _ -> {
          asleep[0] = true;
          var _ =
              node.records()
                  .ended(room, connection)
                  .whenComplete((_, error) -> {
                    if (error != null) {
                      node.observer().runtimeFailed("forgetting a connection of " + room, error);
                      // Awake, the room knows better than a record that stayed.
                      node.execution().start("left", () -> bring(room, new Event.Left(connection)));
                    }
                  });
          node.sockets().apply(room, List.of(new Effect.Leave(connection)));
          return null;
        });
    return asleep[0];
  }

  /// Brings a room what the runtime itself has for it.
  void arrive(RoomId room, Item item) {
    boolean taken = false;
    while (!taken) {
      taken = host(room).arrivals.arrive(item);
    }
  }

  /// Brings a call to its room, or refuses it at once.
  void call(RoomId room, Item.Call call) {
    boolean taken = false;
    while (!taken) {
      taken = host(room).arrivals.call(call);
    }
  }

  // ---- looks at what is in memory; none wakes a room

  int size() {
    return hosts.size();
  }

  List<RoomId> ids() {
    return hosts.values().stream().map(host -> host.id).toList();
  }

  /// See [RoomNode#report].
  CompletableFuture<RoomReport> report(RoomId room) {
    RoomHost host = hosts.get(room);
    return host != null
        ? CompletableFuture.completedFuture(host.report())
        : node.records().slept(room).thenApply(slept -> asleep(room, slept));
  }

  private static RoomReport asleep(RoomId room, Optional<Slept> slept) {
    int open = slept.map(it -> it.connections() - it.closing()).orElse(0);
    long since = slept.map(Slept::since).orElse(0L);
    return new RoomReport(room, false, open, since, List.of());
  }

  /// See [RoomNode#evict].
  CompletableFuture<List<KeptAwake>> evict(RoomId room) {
    RoomHost host = hosts.get(room);
    CompletableFuture<List<KeptAwake>> done = new CompletableFuture<>();
    if (host == null) {
      done.complete(List.of());
    } else {
      host.sleep.now(done::complete);
    }
    return done;
  }

  /// See [RoomNode#abort].
  boolean abort(RoomId room, String why) {
    RoomHost host = hosts.get(room);
    return host != null && host.abort(why);
  }

  Backlog backlog() {
    long events = 0;
    long longest = 0;
    long held = 0;
    for (RoomHost host : hosts.values()) {
      long queued = host.queued();
      events += queued;
      longest = Math.max(longest, queued);
      held += host.heldBytes();
    }
    return new Backlog(events, longest, held);
  }

  boolean isIdle() {
    return hosts.values().stream().allMatch(RoomHost::isIdle);
  }

  /// Ends what rooms are still at.
  void stopNow() {
    hosts.values().forEach(RoomHost::stopNow);
  }
}
