package dev.dormouse.rooms.bench;

import dev.dormouse.room.RoomContext;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/// The room's stored number. Kept as decimal digits, which are also what goes on the wire.
final class Counter {
  private static final String KEY = "v";

  private final RoomContext context;

  Counter(RoomContext context) {
    this.context = context;
  }

  long read() {
    byte[] digits = context.storage().get(KEY).orElse(null);
    return digits == null ? 0 : Long.parseLong(new String(digits, StandardCharsets.ISO_8859_1));
  }

  /// Reads, compares and writes as one transaction: the turn is one by itself.
  ///
  /// @return the new value, or nothing if the present one is not `expected`
  OptionalLong increment(OptionalLong expected) {
    long now = read();
    if (expected.isPresent() && expected.getAsLong() != now) {
      return OptionalLong.empty();
    }
    context.storage().put(KEY, Long.toString(now + 1).getBytes(StandardCharsets.ISO_8859_1));
    return OptionalLong.of(now + 1);
  }
}
