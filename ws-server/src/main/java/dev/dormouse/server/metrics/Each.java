package dev.dormouse.server.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/// One thing for each constant of an enum, made beforehand: so all series of a label are there from
/// the start.
final class Each<E extends Enum<E>, T> {
  private final Map<E, T> all;

  Each(Class<E> type, Function<E, T> maker) {
    all = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      all.put(constant, maker.apply(constant));
    }
  }

  T of(E constant) {
    return Objects.requireNonNull(all.get(constant));
  }
}
