package dev.dormouse.hibernation;

import dev.dormouse.room.RoomId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Connections with which nothing is going on, as numbers in arrays where there were objects: some
/// 70 bytes each, and no work for a collector. The place of a connection is its wire's number
/// ([Wires]); those of a room are a chain in the order of their joining, and a hash table of chains
/// finds a room.
///
/// A room's connections come and go together. What is remembered of a room is its namespace and the
/// bytes of its id, not its name.
///
/// Safe for any thread; guarded by this.
final class Dormitory {
  private static final int CHUNK = 1_024;
  private static final int WORDS = RoomId.BYTES / Long.BYTES;
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int NOBODY = -1;
  private static final long NEVER = OpenConnection.NEVER;

  private final List<String> namespaces = new ArrayList<>();

  /// By the wire's number; a chunk is there once it was needed.
  private @Nullable Chunk[] chunks = {};

  /// The first of each chain by its room's hash, plus one, in open addressing; never more than half
  /// full.
  private int[] firsts = new int[64];

  /// Written under the lock; read without it by [#isEmpty].
  private volatile int rooms;

  private int connections;

  /// How many of them have a stay that ends.
  private int ending;

  /// Parallel arrays; the last four are there once somebody has something to keep in them.
  private static final class Chunk {
    final long[] keys = new long[CHUNK];
    final long[] ids = new long[CHUNK * WORDS];
    final short[] namespaces = new short[CHUNK];
    final byte[] flags = new byte[CHUNK];
    final int[] openedAt = new int[CHUNK];
    final int[] next = new int[CHUNK];
    long @Nullable [] respondedAt;
    @Nullable Terms terms;
    @Nullable Set<String> @Nullable [] tags;
    @Nullable AutoResponse @Nullable [] autoResponses;
  }

  /// One connection.
  ///
  /// @param number its wire's
  /// @param openedAt see [OpenConnection#openedAt]
  record Sleeper(
      int number,
      long key,
      boolean platform,
      boolean hearsClose,
      boolean reader,
      int openedAt,
      long respondedAt,
      Stay stay,
      Set<String> tags) {}

  /// A room's connections, in the order of their joining; at least one.
  record Night(@Nullable AutoResponse autoResponse, List<Sleeper> sleepers) {}

  /// Whether nobody is here, as far as a glance without the lock can tell.
  boolean isEmpty() {
    return rooms == 0;
  }

  synchronized int rooms() {
    return rooms;
  }

  synchronized int connections() {
    return connections;
  }

  synchronized boolean has(RoomId room) {
    return firsts[slot(room)] != 0;
  }

  /// The room of a wire's connection; null if it is not here.
  synchronized @Nullable RoomId roomOf(int number) {
    Chunk chunk = number / CHUNK < chunks.length ? chunks[number / CHUNK] : null;
    return chunk == null || chunk.keys[number % CHUNK] == 0 ? null : room(chunk, number);
  }

  /// All rooms that have connections here.
  synchronized List<RoomId> everyRoom() {
    List<RoomId> all = new ArrayList<>(rooms);
    for (int first : firsts) {
      if (first != 0) {
        all.add(room(chunk(first - 1), first - 1));
      }
    }
    return all;
  }

  /// Takes in the connections of a room that has none here.
  synchronized void lay(RoomId room, Night night) {
    int slot = slot(room);
    if (firsts[slot] != 0) {
      throw new IllegalStateException(room + " has connections here already");
    }
    int next = NOBODY;
    for (Sleeper sleeper : night.sleepers().reversed()) {
      lay(room, sleeper, next);
      next = sleeper.number;
    }
    if (night.autoResponse() != null) {
      autoResponses(chunk(next))[next % CHUNK] = night.autoResponse();
    }
    firsts[slot] = next + 1;
    connections += night.sleepers().size();
    rooms++;
    if (rooms * 2 > firsts.length) {
      grow();
    }
  }

  private void lay(RoomId room, Sleeper sleeper, int next) {
    Chunk chunk = chunk(sleeper.number);
    int at = sleeper.number % CHUNK;
    if (chunk.keys[at] != 0) {
      throw new IllegalStateException("the wire " + sleeper.number + " is here already");
    }
    chunk.keys[at] = sleeper.key;
    byte[] id = room.bytes();
    for (int i = 0; i < WORDS; i++) {
      chunk.ids[at * WORDS + i] = (long) WORD.get(id, i * Long.BYTES);
    }
    chunk.namespaces[at] = namespace(room.namespace());
    chunk.flags[at] =
        (byte)
            ((sleeper.platform ? 1 : 0) | (sleeper.hearsClose ? 2 : 0) | (sleeper.reader ? 4 : 0));
    chunk.openedAt[at] = sleeper.openedAt;
    chunk.next[at] = next;
    if (sleeper.respondedAt != NEVER) {
      if (chunk.respondedAt == null) {
        chunk.respondedAt = new long[CHUNK];
        Arrays.fill(chunk.respondedAt, NEVER);
      }
      chunk.respondedAt[at] = sleeper.respondedAt;
    }
    if (!sleeper.stay.equals(Stay.WITHOUT_END)) {
      if (chunk.terms == null) {
        chunk.terms = new Terms(CHUNK);
      }
      chunk.terms.put(at, sleeper.stay);
      ending += sleeper.stay.ends() ? 1 : 0;
    }
    if (!sleeper.tags.isEmpty()) {
      tags(chunk)[at] = sleeper.tags;
    }
  }

  /// Whether any stay of those who are here ends.
  synchronized boolean anyEnds() {
    return ending > 0;
  }

  /// The wires of those whose stay has ended.
  ///
  /// @param second now, in seconds since 1970
  synchronized List<Integer> overdue(long second) {
    List<Integer> over = new ArrayList<>();
    for (int i = 0; ending > 0 && i < chunks.length; i++) {
      Chunk chunk = chunks[i];
      if (chunk != null && chunk.terms != null) {
        chunk.terms.overdue(i * CHUNK, second, over);
      }
    }
    return over;
  }

  /// The wires of those whose stay is one of these.
  synchronized List<Integer> whose(Predicate<Stay> these) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < chunks.length; i++) {
      Chunk chunk = chunks[i];
      if (chunk != null && chunk.terms != null) {
        chunk.terms.whose(i * CHUNK, these, found);
      }
    }
    return found;
  }

  /// Gives a room's connections up; null if there are none.
  synchronized @Nullable Night take(RoomId room) {
    int slot = slot(room);
    int first = firsts[slot] - 1;
    if (first == NOBODY) {
      return null;
    }
    remove(slot);
    Chunk head = chunk(first);
    AutoResponse autoResponse = null;
    if (head.autoResponses != null) {
      autoResponse = head.autoResponses[first % CHUNK];
      head.autoResponses[first % CHUNK] = null;
    }
    List<Sleeper> sleepers = new ArrayList<>();
    for (int number = first; number != NOBODY; ) {
      Chunk chunk = chunk(number);
      int next = chunk.next[number % CHUNK];
      sleepers.add(take(chunk, number));
      number = next;
    }
    connections -= sleepers.size();
    rooms--;
    return new Night(autoResponse, sleepers);
  }

  /// A room's connections, which stay here; in the order of their joining, none if it has none.
  synchronized List<Sleeper> look(RoomId room) {
    List<Sleeper> sleepers = new ArrayList<>();
    for (int number = firsts[slot(room)] - 1; number != NOBODY; ) {
      Chunk chunk = chunk(number);
      sleepers.add(look(chunk, number));
      number = chunk.next[number % CHUNK];
    }
    return sleepers;
  }

  private static Sleeper look(Chunk chunk, int number) {
    int at = number % CHUNK;
    Set<String> tags = chunk.tags == null ? null : chunk.tags[at];
    return new Sleeper(
        number,
        chunk.keys[at],
        (chunk.flags[at] & 1) != 0,
        (chunk.flags[at] & 2) != 0,
        (chunk.flags[at] & 4) != 0,
        chunk.openedAt[at],
        chunk.respondedAt == null ? NEVER : chunk.respondedAt[at],
        chunk.terms == null ? Stay.WITHOUT_END : chunk.terms.at(at),
        tags == null ? Set.of() : tags);
  }

  private Sleeper take(Chunk chunk, int number) {
    int at = number % CHUNK;
    Sleeper sleeper = look(chunk, number);
    if (sleeper.stay.ends()) {
      ending--;
    }
    chunk.keys[at] = 0;
    if (chunk.respondedAt != null) {
      chunk.respondedAt[at] = NEVER;
    }
    if (chunk.terms != null) {
      chunk.terms.remove(at);
    }
    if (chunk.tags != null) {
      chunk.tags[at] = null;
    }
    return sleeper;
  }

  // ---- the hash table

  /// Where the room's chain is, or would be.
  private int slot(RoomId room) {
    int slot = room.hashCode() & (firsts.length - 1);
    while (firsts[slot] != 0 && !isOf(firsts[slot] - 1, room)) {
      slot = (slot + 1) & (firsts.length - 1);
    }
    return slot;
  }

  private boolean isOf(int first, RoomId room) {
    return room(chunk(first), first).equals(room);
  }

  /// Empties a slot, and moves up those behind it that would not be found any more.
  private void remove(int slot) {
    int mask = firsts.length - 1;
    int hole = slot;
    firsts[hole] = 0;
    for (int at = (hole + 1) & mask; firsts[at] != 0; at = (at + 1) & mask) {
      int wanted = hash(firsts[at] - 1) & mask;
      if (((at - wanted) & mask) >= ((at - hole) & mask)) {
        firsts[hole] = firsts[at];
        firsts[at] = 0;
        hole = at;
      }
    }
  }

  private void grow() {
    int[] before = firsts;
    firsts = new int[before.length * 2];
    for (int first : before) {
      if (first != 0) {
        int slot = hash(first - 1) & (firsts.length - 1);
        while (firsts[slot] != 0) {
          slot = (slot + 1) & (firsts.length - 1);
        }
        firsts[slot] = first;
      }
    }
  }

  private int hash(int first) {
    return room(chunk(first), first).hashCode();
  }

  // ---- the arrays

  private RoomId room(Chunk chunk, int number) {
    int at = number % CHUNK;
    byte[] id = new byte[RoomId.BYTES];
    for (int i = 0; i < WORDS; i++) {
      WORD.set(id, i * Long.BYTES, chunk.ids[at * WORDS + i]);
    }
    return RoomId.of(namespaces.get(chunk.namespaces[at]), id, null);
  }

  private short namespace(String name) {
    int index = namespaces.indexOf(name);
    if (index < 0) {
      index = namespaces.size();
      if (index > Short.MAX_VALUE) {
        throw new IllegalStateException("more than " + Short.MAX_VALUE + " namespaces");
      }
      namespaces.add(name);
    }
    return (short) index;
  }

  private Chunk chunk(int number) {
    int index = number / CHUNK;
    if (index >= chunks.length) {
      chunks = Arrays.copyOf(chunks, index + 1);
    }
    Chunk chunk = chunks[index];
    if (chunk == null) {
      chunk = new Chunk();
      chunks[index] = chunk;
    }
    return chunk;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of generic types
  private static @Nullable Set<String>[] tags(Chunk chunk) {
    if (chunk.tags == null) {
      chunk.tags = (@Nullable Set<String>[]) new Set[CHUNK];
    }
    return chunk.tags;
  }

  private static @Nullable AutoResponse[] autoResponses(Chunk chunk) {
    if (chunk.autoResponses == null) {
      chunk.autoResponses = new AutoResponse[CHUNK];
    }
    return chunk.autoResponses;
  }
}
