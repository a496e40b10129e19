package dev.dormouse.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/// Makes meters in the one way in which all of ours are made: `dormouse_` in front, a sentence of
/// description, labels in pairs. Durations are in seconds whatever they are measured in.
final class Meters {
  private static final String PREFIX = "dormouse.";

  private final MeterRegistry registry;

  Meters(MeterRegistry registry) {
    this.registry = registry;
  }

  Counter counter(String name, String description, String... labels) {
    return Counter.builder(PREFIX + name).description(description).tags(labels).register(registry);
  }

  /// A counter for each constant of an enum.
  <E extends Enum<E>> Each<E, Counter> counters(
      String name, String description, String label, Class<E> type) {
    return new Each<>(type, it -> counter(name, description, label, word(it)));
  }

  /// How a constant is written as a label.
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /// A counter that somebody else counts.
  void counted(String name, String description, LongAdder count, String... labels) {
    FunctionCounter.builder(PREFIX + name, count, LongAdder::sum)
        .description(description)
        .tags(labels)
        .register(registry);
  }

  void gauge(String name, String description, Supplier<Number> value, String... labels) {
    Gauge.builder(PREFIX + name, value).description(description).tags(labels).register(registry);
  }

  /// A histogram of durations.
  Timer timer(String name, String description, Duration[] buckets, String... labels) {
    return Timer.builder(PREFIX + name)
        .description(description)
        .serviceLevelObjectives(buckets)
        .tags(labels)
        .register(registry);
  }

  /// A histogram of numbers of things.
  DistributionSummary sizes(String name, String description, double... buckets) {
    return DistributionSummary.builder(PREFIX + name)
        .description(description)
        .serviceLevelObjectives(buckets)
        .register(registry);
  }

  static Duration[] micros(long... bounds) {
    return Arrays.stream(bounds)
        .mapToObj(us -> Duration.ofNanos(us * 1_000))
        .toArray(Duration[]::new);
  }
}
