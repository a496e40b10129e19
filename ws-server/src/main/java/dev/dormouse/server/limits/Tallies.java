package dev.dormouse.server.limits;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongArray;

/// What addresses, or users, have used lately, each by a bucket of tokens. There are as many
/// buckets as there are, however many addresses come: those that fall into the same bucket share
/// it, and nobody can choose with whom. So nothing is kept for an address, and nothing need be
/// forgotten.
///
/// A bucket is one number: until when what was taken is paid for. For any thread; takes no lock.
final class Tallies {
  /// Two limits on as many addresses take a megabyte. One less than two bytes tell, so that they
  /// can also tell of nobody.
  static final int BUCKETS = (1 << 16) - 1;

  /// Parts of a tick: so many that one byte of the largest number costs at least one, and so few
  /// that a number holds every tick there can be.
  private static final long FINE = 1L << 28;

  private final AtomicLongArray paidUntil;
  private final long seed = ThreadLocalRandom.current().nextLong();
  private final long cost;
  private final long burst;

  /// @param perSecond how many tokens a bucket gets in a second, at least one
  /// @param seconds how many seconds' worth it holds
  Tallies(int perSecond, int seconds) {
    paidUntil = new AtomicLongArray(BUCKETS);
    cost = FINE * Ticks.SECOND / perSecond;
    burst = FINE * Ticks.SECOND * seconds;
  }

  /// The bucket of somebody.
  int bucket(long key) {
    long mixed = (key ^ seed) * 0x9e37_79b9_7f4a_7c15L;
    mixed = (mixed ^ (mixed >>> 32)) * 0xd6e8_feb8_6659_fd93L;
    return (int) (mixed >>> 48) % BUCKETS;
  }

  /// Takes tokens, more than there are if need be.
  ///
  /// @param tick the present one
  /// @return in how many ticks there will be some again; 0 if there are still some
  int take(int bucket, int tick, long tokens) {
    long now = tick * FINE;
    while (true) {
      long before = paidUntil.get(bucket);
      // What nobody is going to wait for would only overflow.
      long after = Math.max(before, now) + Math.min(tokens, Integer.MAX_VALUE) * cost;
      long most = Math.min(after, now + 2 * burst);
      if (before == most || paidUntil.compareAndSet(bucket, before, most)) {
        return most - now <= burst ? 0 : (int) Math.ceilDiv(most - now - burst, FINE);
      }
    }
  }
}
