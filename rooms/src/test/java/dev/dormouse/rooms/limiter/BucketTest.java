package dev.dormouse.rooms.limiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The arithmetic, against numbers of any size where that helps.
class BucketTest {
  private static final Limit LARGEST = new Limit(Limit.MAX_CAPACITY, Limit.MAX_PER_SECONDS);
  private static final long NOW = 1_800_000_000_000L;

  private static Bucket take(Bucket bucket, Limit limit, long tokens) {
    assertThat(bucket.holds(limit, tokens)).isTrue();
    return bucket.without(limit, tokens);
  }

  @Test
  void a_full_bucket_gives_its_capacity_and_no_more() {
    Limit limit = new Limit(10, 60);
    Bucket empty = take(Bucket.full(limit, NOW), limit, 10);
    assertThat(empty.holds(limit, 1)).isFalse();
    assertThat(empty.tokens(limit)).isZero();
    assertThat(empty.until(limit, 1, NOW)).isEqualTo(6_000);
    assertThat(empty.until(limit, 10, NOW)).isEqualTo(60_000);
  }

  @Test
  void a_token_is_back_at_the_very_millisecond() {
    Limit limit = new Limit(7, 1);
    Bucket empty = take(Bucket.full(limit, NOW), limit, 7);
    long back = empty.until(limit, 1, NOW);
    assertThat(back).isEqualTo(143);
    assertThat(empty.at(limit, NOW + back - 1).holds(limit, 1)).isFalse();
    assertThat(empty.at(limit, NOW + back).holds(limit, 1)).isTrue();
  }

  @Test
  void looking_often_loses_nothing() {
    Limit limit = new Limit(3, 7);
    Bucket bucket = take(Bucket.full(limit, NOW), limit, 3);
    for (int millis = 1; millis < 7_000; millis++) {
      bucket = bucket.at(limit, NOW + millis);
      assertThat(bucket.tokens(limit)).isEqualTo(3L * millis / 7_000);
    }
    assertThat(bucket.at(limit, NOW + 7_000)).isEqualTo(Bucket.full(limit, NOW + 7_000));
  }

  @Test
  void a_clock_that_goes_back_brings_nothing_twice() {
    Limit limit = new Limit(10, 60);
    Bucket bucket = take(Bucket.full(limit, NOW), limit, 10);
    for (int swing = 0; swing < 100; swing++) {
      bucket = bucket.at(limit, NOW - 30_000).at(limit, NOW);
    }
    assertThat(bucket.tokens(limit)).isZero();
    assertThat(bucket.until(limit, 1, NOW - 30_000)).isEqualTo(36_000);
    assertThat(bucket.at(limit, NOW + 6_000).tokens(limit)).isEqualTo(1);
  }

  @Test
  void a_clock_that_jumps_by_a_period_does_not_lock_anybody_out() {
    Limit limit = new Limit(10, 60);
    Bucket empty = take(Bucket.full(limit, NOW), limit, 10);
    assertThat(empty.at(limit, NOW - 59_999).tokens(limit)).isZero();
    assertThat(empty.at(limit, NOW - 60_000).tokens(limit)).isEqualTo(10);
    assertThat(empty.at(limit, 0).tokens(limit)).isEqualTo(10);
    assertThat(empty.at(limit, Long.MAX_VALUE / 2).tokens(limit)).isEqualTo(10);
  }

  @Test
  void the_largest_bucket_overflows_nowhere() {
    Bucket full = Bucket.full(LARGEST, NOW);
    Bucket empty = take(full, LARGEST, Limit.MAX_CAPACITY);
    assertThat(empty.grains()).isZero();
    long period = Limit.MAX_PER_SECONDS * 1_000;
    assertThat(empty.until(LARGEST, Limit.MAX_CAPACITY, NOW)).isEqualTo(period);
    assertThat(empty.at(LARGEST, NOW + period - 1).tokens(LARGEST))
        .isEqualTo(Limit.MAX_CAPACITY - 1);
    assertThat(full.under(LARGEST, new Limit(Limit.MAX_CAPACITY, 1)))
        .isEqualTo(Bucket.full(new Limit(Limit.MAX_CAPACITY, 1), NOW));
  }

  @Test
  void another_limit_keeps_the_tokens_as_far_as_it_allows() {
    for (long seed = 1; seed <= 20_000; seed++) {
      Random random = new Random(seed);
      Limit before = any(random);
      Limit after = any(random);
      Bucket bucket =
          Bucket.full(before, NOW).without(before, random.nextLong(before.capacity() + 1));
      bucket = bucket.at(before, NOW + random.nextLong(before.perMillis()));
      BigInteger exact =
          BigInteger.valueOf(bucket.grains())
              .multiply(BigInteger.valueOf(after.perMillis()))
              .divide(BigInteger.valueOf(before.perMillis()))
              .min(BigInteger.valueOf(Bucket.full(after, NOW).grains()));
      assertThat(bucket.under(before, after).grains())
          .as("seed %d", seed)
          .isEqualTo(exact.longValueExact());
    }
  }

  private static Limit any(Random random) {
    return new Limit(
        1 + random.nextLong(1L << (1 + random.nextInt(19))),
        1 + random.nextLong(1L << (1 + random.nextInt(21))));
  }

  @Test
  void a_limit_out_of_bounds_is_refused_by_name() {
    assertThatThrownBy(() -> new Limit(0, 1)).hasMessageContaining("'capacity'");
    assertThatThrownBy(() -> new Limit(1_000_001, 1)).hasMessageContaining("'capacity'");
    assertThatThrownBy(() -> new Limit(1, 0)).hasMessageContaining("'perSeconds'");
    assertThatThrownBy(() -> new Limit(1, 2_678_401)).hasMessageContaining("'perSeconds'");
  }
}
