package dev.dormouse.loadtest.sagas;

import dev.dormouse.loadtest.WireException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// What each object must have stored after all that its server was told to do. Safe for any thread.
final class Ledger {
  private static final Counts DONE = new Counts(1, 0);
  private static final Counts DONE_AND_UNDONE = new Counts(1, 1);

  private final Map<String, Counts> counts = new ConcurrentHashMap<>();

  /// A saga has ended as it was meant to.
  void ended(Order order) {
    Counts each = order.refused() ? DONE_AND_UNDONE : DONE;
    add(order.a(), each);
    add(order.b(), each);
    if (!order.refused()) {
      add(order.c(), DONE);
    }
  }

  private void add(String object, Counts more) {
    counts.merge(object, more, Counts::plus);
  }

  /// Compares all of the first `objects` with what is `stored`.
  ///
  /// @return how many steps were done and undone in all
  /// @throws WireException if one differs
  Counts check(int objects, Function<String, Counts> stored) {
    Counts all = Counts.NONE;
    for (int i = 0; i < objects; i++) {
      String object = Order.object(i);
      Counts expected = counts.getOrDefault(object, Counts.NONE);
      Counts found = stored.apply(object);
      if (!found.equals(expected)) {
        throw new WireException("%s has %s, and should have %s".formatted(object, found, expected));
      }
      all = all.plus(found);
    }
    return all;
  }
}
