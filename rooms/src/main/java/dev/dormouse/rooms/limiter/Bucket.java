package dev.dormouse.rooms.limiter;

/// How full a bucket was at some time; all arithmetic is on whole numbers and exact.
///
/// Tokens are counted in *grains*: a token is as many grains as its limit's period has
/// milliseconds, so that each millisecond brings as many grains as the bucket holds tokens, and
/// nothing is ever rounded.
///
/// Over any stretch of time no more is taken than the bucket holds, plus what that time brings, by
/// the clock. A clock that goes back a little brings nothing until it has caught up; one that jumps
/// by a whole period, forth or back, fills the bucket, since nobody can say how long that was.
///
/// @param grains what was in it
/// @param at when, in milliseconds since 1970 UTC
record Bucket(long grains, long at) {

  static Bucket full(Limit limit, long now) {
    return new Bucket(limit.capacity() * limit.perMillis(), now);
  }

  /// The same bucket later.
  Bucket at(Limit limit, long now) {
    long passed = now - at;
    if (Math.abs(passed) >= limit.perMillis()) {
      return full(limit, now);
    }
    if (passed <= 0) {
      // Its time stays, so that the same stretch is not counted twice.
      return this;
    }
    return new Bucket(Math.min(full(limit, now).grains, grains + passed * limit.capacity()), now);
  }

  boolean holds(Limit limit, long tokens) {
    return grains >= tokens * limit.perMillis();
  }

  /// What is left after taking `tokens` that it holds.
  Bucket without(Limit limit, long tokens) {
    return new Bucket(grains - tokens * limit.perMillis(), at);
  }

  /// Whole tokens in it.
  long tokens(Limit limit) {
    return grains / limit.perMillis();
  }

  /// Milliseconds from `now` until it holds `tokens`, rounded up; 0 if it does.
  long until(Limit limit, long tokens, long now) {
    long missing = tokens * limit.perMillis() - grains;
    return missing <= 0 ? 0 : Math.ceilDiv(missing, limit.capacity()) + Math.max(0, at - now);
  }

  /// With as many tokens as before, parts of them included, but no more than `after` allows.
  Bucket under(Limit before, Limit after) {
    long whole = grains / before.perMillis();
    long part = grains % before.perMillis();
    // Both factors are below 2^31.4, so their product fits.
    long moved = whole * after.perMillis() + part * after.perMillis() / before.perMillis();
    return new Bucket(Math.min(moved, full(after, at).grains), at);
  }
}
