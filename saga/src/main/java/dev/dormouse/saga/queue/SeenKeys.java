package dev.dormouse.saga.queue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/// The idempotency keys that a group read last, so that what a producer appended twice is handed
/// out once. Stored in blocks, oldest first; a block is a list of positions and hashes.
///
/// What is held in memory is true for one fingerprint of the stored list only: a turn that was
/// undone leaves a header with another one, and the list is read again.
final class SeenKeys {
  private static final int BLOCK = 256;
  private static final int RECORD = 3 * Long.BYTES;

  private final int capacity;
  private final Deque<Seen> order = new ArrayDeque<>();
  private final Set<Hash128> hashes = new HashSet<>();
  private long mark;
  private boolean loaded;

  SeenKeys(int capacity) {
    this.capacity = capacity;
  }

  /// Remembers the key; says whether it was new.
  boolean add(String key, long position, Draft draft, GroupHeader header) {
    if (capacity == 0) {
      return true;
    }
    load(draft, header);
    Hash128 hash = Hash128.of(key);
    if (!hashes.add(hash)) {
      return false;
    }
    order.add(new Seen(position, hash));
    if (order.size() > capacity) {
      hashes.remove(order.remove().hash);
    }
    append(hash, position, draft, header);
    mark = header.seenMark;
    return true;
  }

  private void append(Hash128 hash, long position, Draft draft, GroupHeader header) {
    long block = header.seen / BLOCK;
    String key = GroupKeys.at(GroupKeys.SEEN, block);
    byte[] before = header.seen % BLOCK == 0 ? new byte[0] : bytes(draft, block);
    ByteBuffer after = ByteBuffer.allocate(before.length + RECORD);
    after.put(before).putLong(position).putLong(hash.high()).putLong(hash.low());
    draft.put(key, after.array());
    header.seen++;
    header.seenMark = Backoff.mix(header.seenMark ^ hash.high()) ^ position ^ hash.low();
    // One more than needed, since a block may have been left half full.
    while (header.seenFirst + 1 < (header.seen - capacity) / BLOCK) {
      draft.delete(GroupKeys.at(GroupKeys.SEEN, header.seenFirst++));
    }
  }

  private static byte[] bytes(Draft draft, long block) {
    byte[] bytes = draft.get(GroupKeys.at(GroupKeys.SEEN, block));
    if (bytes == null) {
      throw new IllegalStateException("block " + block + " of the remembered keys is missing");
    }
    return bytes;
  }

  private void load(Draft draft, GroupHeader header) {
    if (loaded && mark == header.seenMark) {
      return;
    }
    order.clear();
    hashes.clear();
    for (long block = header.seenFirst; block * BLOCK < header.seen; block++) {
      ByteBuffer records = ByteBuffer.wrap(bytes(draft, block));
      while (records.hasRemaining()) {
        Seen seen = new Seen(records.getLong(), new Hash128(records.getLong(), records.getLong()));
        order.add(seen);
        hashes.add(seen.hash);
        if (order.size() > capacity) {
          hashes.remove(order.remove().hash);
        }
      }
    }
    mark = header.seenMark;
    loaded = true;
  }

  /// Forgets the keys at `end` and behind: their entries are lost, and will be appended again.
  void forgetFrom(long end, Draft draft, GroupHeader header) {
    if (capacity == 0) {
      return;
    }
    load(draft, header);
    Deque<Seen> kept = new ArrayDeque<>(order);
    kept.removeIf(seen -> seen.position >= end);
    for (long block = header.seenFirst; block * BLOCK < header.seen; block++) {
      draft.delete(GroupKeys.at(GroupKeys.SEEN, block));
    }
    // Blocks begin anew behind the old ones, so that their numbers keep rising.
    header.seenFirst = header.seen / BLOCK + 1;
    header.seen = header.seenFirst * BLOCK;
    order.clear();
    hashes.clear();
    for (Seen seen : kept) {
      order.add(seen);
      hashes.add(seen.hash);
      append(seen.hash, seen.position, draft, header);
    }
    mark = header.seenMark;
  }

  private record Seen(long position, Hash128 hash) {}
}
