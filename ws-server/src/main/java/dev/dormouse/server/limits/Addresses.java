package dev.dormouse.server.limits;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/// How many clients each address has: a hash table of primitive arrays, as there may be as many
/// addresses as clients. An address has the same slot for as long as it has any client, so that a
/// client is counted out by a number, when nobody can tell its address any more.
///
/// Takes 24 to 56 bytes for each address of the busiest time. Guarded by whoever has it, the
/// [Turnstile] or [Users].
final class Addresses {
  private static final int NONE = -1;

  /// Nobody can choose addresses that meet in one chain.
  private final long seed = ThreadLocalRandom.current().nextLong();

  /// The first slot of each chain; a power of two.
  private int[] heads = new int[64];

  private long[] keys = new long[64];

  /// Zero in slots that are free.
  private int[] counts = new int[64];

  /// The next slot of the chain, or of those that are free.
  private int[] next = new int[64];

  private int free = NONE;

  /// From here on no slot has ever been used.
  private int fresh;

  private int size;

  Addresses() {
    Arrays.fill(heads, NONE);
  }

  /// An address as a number: for IPv6 its network of 64 bits, for IPv4 one that is nobody's.
  static long key(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    return bytes.remaining() == Integer.BYTES
        ? (0xffffL << 32) | (bytes.getInt() & 0xffff_ffffL)
        : bytes.getLong();
  }

  /// What [#key] made the number of; of IPv6 the network, whose other bits are zero.
  static InetAddress address(long key) {
    byte[] bytes =
        key >>> Integer.SIZE == 0xffffL
            ? ByteBuffer.allocate(Integer.BYTES).putInt((int) key).array()
            : ByteBuffer.allocate(2 * Long.BYTES).putLong(key).array();
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of 4 or 16 bytes", e);
    }
  }

  /// The address that has a slot.
  long key(int slot) {
    return keys[slot];
  }

  /// How many addresses have clients.
  int size() {
    return size;
  }

  /// Counts a client in.
  ///
  /// @return the address's slot; -1 if it has `most` clients already
  int add(long key, int most) {
    int slot = find(key);
    if (slot == NONE) {
      slot = most > 0 ? claim(key) : NONE;
    } else if (counts[slot] >= most) {
      return NONE;
    }
    if (slot != NONE) {
      counts[slot]++;
    }
    return slot;
  }

  /// The address's slot; -1 if it has no client.
  int find(long key) {
    int slot = heads[chain(key)];
    while (slot != NONE && keys[slot] != key) {
      slot = next[slot];
    }
    return slot;
  }

  /// How many clients it has.
  int count(long key) {
    int slot = find(key);
    return slot == NONE ? 0 : counts[slot];
  }

  /// Counts a client out.
  void remove(int slot) {
    if (counts[slot] <= 0) {
      throw new IllegalStateException("nobody is left at this address");
    }
    if (--counts[slot] > 0) {
      return;
    }
    int chain = chain(keys[slot]);
    if (heads[chain] == slot) {
      heads[chain] = next[slot];
    } else {
      int before = heads[chain];
      while (next[before] != slot) {
        before = next[before];
      }
      next[before] = next[slot];
    }
    next[slot] = free;
    free = slot;
    size--;
  }

  private int claim(long key) {
    int slot = free;
    if (slot != NONE) {
      free = next[slot];
    } else {
      if (fresh == keys.length) {
        grow();
      }
      slot = fresh++;
    }
    int chain = chain(key);
    keys[slot] = key;
    next[slot] = heads[chain];
    heads[chain] = slot;
    size++;
    return slot;
  }

  /// Only when no slot is free: all are in chains, which are made anew.
  private void grow() {
    int more = keys.length * 2;
    keys = Arrays.copyOf(keys, more);
    counts = Arrays.copyOf(counts, more);
    next = Arrays.copyOf(next, more);
    heads = new int[more];
    Arrays.fill(heads, NONE);
    for (int slot = 0; slot < fresh; slot++) {
      int chain = chain(keys[slot]);
      next[slot] = heads[chain];
      heads[chain] = slot;
    }
  }

  private int chain(long key) {
    long mixed = (key ^ seed) * 0x9e37_79b9_7f4a_7c15L;
    mixed = (mixed ^ (mixed >>> 32)) * 0xd6e8_feb8_6659_fd93L;
    return (int) (mixed >>> 32) & (heads.length - 1);
  }
}
