package dev.dormouse.hibernation;

import dev.dormouse.hibernation.Dormitory.Night;
import dev.dormouse.hibernation.Dormitory.Sleeper;
import dev.dormouse.room.RoomId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The audiences of all rooms: as objects while something goes on with them, and in the [Dormitory]
/// when nothing does, from which whoever needs one wakes it without noticing.
///
/// An audience is packed once its sockets are all at rest and its room has said nothing for a
/// while. Whoever works with one has *entered* it, and as long as somebody has it stays; else the
/// map's lock on the room decides between those who pack, unpack, and come anew.
final class Audiences {
  /// How long a room has said nothing when its audience is packed, in ticks of the [Wheel].
  private static final int QUIET = 3;

  /// Larger audiences stay: unpacking one is not to keep others waiting.
  private static final int LARGEST = 1_000;

  private final SocketTable table;
  private final Wheel wheel;
  private final SocketCounters counters;
  private final Map<Long, OpenConnection> connections;
  private final Set<ClientSocket> sockets;
  private final ConcurrentHashMap<RoomId, Audience> unpacked = new ConcurrentHashMap<>();
  private final Dormitory dormitory = new Dormitory();

  /// Whether somebody looks each second for those in the dormitory whose stay has ended.
  private final AtomicBoolean sweeping = new AtomicBoolean();

  /// @param connections all that are not packed, by their keys
  /// @param sockets all that are not packed
  Audiences(
      SocketTable table,
      Wheel wheel,
      SocketCounters counters,
      Map<Long, OpenConnection> connections,
      Set<ClientSocket> sockets) {
    this.table = table;
    this.wheel = wheel;
    this.counters = counters;
    this.connections = connections;
    this.sockets = sockets;
  }

  /// The audience of a room, which stays as it is until [Audience#exit]; null if it has none.
  @Nullable Audience enter(RoomId room) {
    Audience there = unpacked.get(room);
    while (there == null || !there.enter()) {
      if (there == null && dormitory.isEmpty()) {
        return null;
      }
      // One that was just packed is unpacked again, when that is done.
      there = unpacked.compute(room, this::present);
      if (there == null) {
        return null;
      }
    }
    return there;
  }

  /// Counts one more connection of the room; [#leave] follows.
  Audience join(RoomId room) {
    return unpacked.compute(
        room,
        (_, there) -> {
          Audience known = present(room, there);
          Audience it = known == null ? new Audience(counters) : known;
          it.references++;
          return it;
        });
  }

  /// Counts one connection less.
  void leave(RoomId room) {
    unpacked.computeIfPresent(room, (_, audience) -> --audience.references == 0 ? null : audience);
  }

  /// Looks at a room's connections where they are packed, which they stay.
  ///
  /// @param packed is given them, if the room has any and they are packed; their wires' numbers are
  ///   their own meanwhile
  /// @return the audience if it is not packed; null if it is, or there is none
  @Nullable Audience look(RoomId room, Consumer<List<Sleeper>> packed) {
    // The map's lock keeps them from being unpacked.
    return unpacked.compute(
        room,
        (_, there) -> {
          if (there == null && !dormitory.isEmpty()) {
            packed.accept(dormitory.look(room));
          }
          return there;
        });
  }

  boolean has(RoomId room) {
    return unpacked.containsKey(room) || (!dormitory.isEmpty() && dormitory.has(room));
  }

  /// How many rooms have connections; to be off by some is no harm.
  int size() {
    return unpacked.size() + dormitory.rooms();
  }

  /// How many connections are packed.
  int packed() {
    return dormitory.connections();
  }

  /// Makes objects of a wire's connection again and of all that its room has.
  void unpack(int number) {
    RoomId room = dormitory.roomOf(number);
    if (room != null) {
      unpacked.compute(room, this::present);
    }
  }

  void unpackAll() {
    for (RoomId room : dormitory.everyRoom()) {
      unpacked.compute(room, this::present);
    }
  }

  /// A socket has come to rest: its audience may be packed by and by.
  void rests(OpenConnection connection) {
    waitFor(connection.room, connection.audience);
  }

  private void waitFor(RoomId room, Audience audience) {
    if (audience.beginsWait()) {
      wheel.add(new Look(room, audience), QUIET);
    }
  }

  // ---- those whose stay ends while they are packed

  /// Begins to look for them, if there are any and nobody does.
  private void beginSweep() {
    if (dormitory.anyEnds() && sweeping.compareAndSet(false, true)) {
      wheel.add(table.stays().new Sweep(), 1);
    }
  }

  /// Whether there are none any more; then nobody looks until there are.
  boolean endsSweep() {
    if (dormitory.anyEnds()) {
      return false;
    }
    sweeping.set(false);
    // One that was laid down in between, seeing that somebody looks.
    return !(dormitory.anyEnds() && sweeping.compareAndSet(false, true));
  }

  /// The wires of those that are overdue.
  List<Integer> overdue(long second) {
    return dormitory.overdue(second);
  }

  /// The wires of those that are packed and whose stay is one of these.
  List<Integer> whose(Predicate<Stay> these) {
    return dormitory.whose(these);
  }

  /// A look at an audience whose sockets may all be at rest.
  private final class Look implements Wheel.Entry {
    private final RoomId room;
    private final Audience audience;

    Look(RoomId room, Audience audience) {
      this.room = room;
      this.audience = audience;
    }

    @Override
    public int look(int now) {
      if (audience.wasUsed()) {
        return now + QUIET;
      }
      // Before it is tried: whoever comes to rest from here on wants another look.
      audience.endsWait();
      Attempt attempt = new Attempt(room);
      unpacked.computeIfPresent(room, (_, there) -> there == audience ? attempt.on(there) : there);
      return attempt.inVain && audience.beginsWait() ? now + QUIET : OVER;
    }
  }

  // ---- under the map's lock on the room

  /// The room's audience as objects; null if it has none.
  private @Nullable Audience present(RoomId room, @Nullable Audience there) {
    if (there != null || dormitory.isEmpty()) {
      return there;
    }
    Night night = dormitory.take(room);
    if (night == null) {
      return null;
    }
    Audience audience = new Audience(counters);
    audience.autoRespond(night.autoResponse());
    for (Sleeper sleeper : night.sleepers()) {
      audience.references++;
      table
          .wires()
          .unpack(
              sleeper.number(), room, sleeper.key(), wire -> socket(wire, room, audience, sleeper));
    }
    // Those that are not woken now will not say that they are at rest.
    waitFor(room, audience);
    return audience;
  }

  private ClientSocket socket(Wire wire, RoomId room, Audience audience, Sleeper sleeper) {
    ClientSocket socket = new ClientSocket(table, wire);
    OpenConnection connection =
        new OpenConnection(
            sleeper.key(),
            room,
            socket,
            audience,
            null,
            sleeper.platform(),
            sleeper.hearsClose(),
            sleeper.reader());
    connection.comesBack(sleeper);
    socket.comesBack(connection);
    audience.comesBack(connection, sleeper.tags());
    connections.put(connection.key, connection);
    sockets.add(socket);
    table.stays().watch(connection);
    table.stays().checkUnpacked(connection);
    return socket;
  }

  /// One attempt to pack an audience.
  private final class Attempt {
    private final RoomId room;

    /// Whether something kept it from being packed that nobody will tell of when it is over.
    boolean inVain;

    Attempt(RoomId room) {
      this.room = room;
    }

    /// @return null if the audience was packed, else itself
    @Nullable Audience on(Audience audience) {
      if (audience.references > LARGEST) {
        return audience;
      }
      if (!audience.close()) {
        inVain = true;
        return audience;
      }
      List<OpenConnection> members = List.copyOf(audience.members(null));
      if (members.size() < audience.references || !audience.isPlain()) {
        inVain = true;
        audience.reopen();
        return audience;
      }
      List<Sleeper> sleepers = new ArrayList<>(members.size());
      boolean laid = false;
      try {
        if (!pack(members, sleepers)) {
          return audience;
        }
        // First: who looks through all connections finds each of them in one place at least.
        dormitory.lay(room, new Night(audience.autoResponse(), sleepers));
        laid = true;
      } finally {
        // Also if something failed: whoever comes for a packed wire waits until it is laid down.
        if (!laid) {
          members.subList(0, sleepers.size()).forEach(packed -> packed.socket.unpack());
          audience.reopen();
        }
      }
      for (OpenConnection member : members) {
        connections.remove(member.key);
        sockets.remove(member.socket);
      }
      beginSweep();
      return null;
    }

    /// Adds those that were packed; false if one is not at rest.
    private static boolean pack(List<OpenConnection> members, List<Sleeper> sleepers) {
      for (OpenConnection member : members) {
        int number = member.socket.pack(member);
        if (number < 0) {
          return false;
        }
        sleepers.add(member.sleeper(number));
      }
      return true;
    }
  }
}
