package dev.dormouse.hibernation;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The stays of those who lie in one chunk of the [Dormitory], by their place there. Guarded by it.
final class Terms {
  /// Parallel arrays. Seconds as unsigned numbers; nobody whose holder is 0 has a term.
  private final int[] untils;

  private final long[] holders;

  /// There once a token has an id.
  private long @Nullable [] tokens;

  /// None ends before, in seconds since 1970; may be too early.
  private long earliest = Long.MAX_VALUE;

  Terms(int places) {
    untils = new int[places];
    holders = new long[places];
  }

  Stay at(int place) {
    return holders[place] == 0
        ? Stay.WITHOUT_END
        : new Stay(until(place), holders[place], tokens == null ? 0 : tokens[place]);
  }

  private long until(int place) {
    return Integer.toUnsignedLong(untils[place]);
  }

  void put(int place, Stay stay) {
    untils[place] = (int) stay.until();
    holders[place] = stay.holder();
    if (tokens == null && stay.token() != 0) {
      tokens = new long[holders.length];
    }
    if (tokens != null) {
      tokens[place] = stay.token();
    }
    if (stay.ends()) {
      earliest = Math.min(earliest, stay.until());
    }
  }

  void remove(int place) {
    put(place, Stay.WITHOUT_END);
  }

  /// Adds those whose stay has ended, to be removed soon.
  ///
  /// @param first is added to their places
  /// @param second now, in seconds since 1970
  void overdue(int first, long second, List<Integer> over) {
    if (earliest > second) {
      return;
    }
    long next = Long.MAX_VALUE;
    for (int place = 0; place < untils.length; place++) {
      long until = until(place);
      if (until != 0 && until <= second) {
        over.add(first + place);
      }
      next = until == 0 ? next : Math.min(next, until);
    }
    earliest = next;
  }

  /// Adds those whose stay is one of these.
  ///
  /// @param first is added to their places
  void whose(int first, Predicate<Stay> these, List<Integer> found) {
    for (int place = 0; place < holders.length; place++) {
      if (holders[place] != 0 && these.test(at(place))) {
        found.add(first + place);
      }
    }
  }
}
