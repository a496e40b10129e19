package dev.dormouse.server.metrics;

import dev.dormouse.saga.Queue;
import dev.dormouse.saga.queue.node.QueueFigures;
import dev.dormouse.saga.queue.node.QueueFigures.Depth;
import dev.dormouse.saga.queue.node.QueueNode;
import dev.dormouse.saga.queue.node.QueueObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/// What goes through queues, by queue and group: those that are declared, and the queues of their
/// dead letters.
final class QueueMetrics implements QueueObserver {
  private static final Duration[] SYNCS =
      Meters.micros(
          100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000,
          1_000_000, 5_000_000);

  private final Map<String, List<String>> names;
  private final Map<String, Counter> published = new HashMap<>();
  private final Map<String, Counter> written = new HashMap<>();
  private final Map<Place, Moves> groups = new HashMap<>();
  private final Timer syncs;

  private record Place(String queue, String group) {}

  private record Moves(Counter delivered, Counter retried, Counter acknowledged, Counter dead) {}

  QueueMetrics(Meters meters, Collection<Queue> declared) {
    names = QueueNode.names(declared);
    syncs = meters.timer("queue.sync", "Syncs of queues' logs", SYNCS);
    names.forEach((queue, all) -> {
      published.put(
          queue,
          meters.counter(
              "queue.published",
              "Messages that were appended to the queue's log, dead letters among them",
              "queue",
              queue));
      written.put(
          queue,
          meters.counter(
              "queue.log.written.bytes", "Bytes appended to the queue's log", "queue", queue));
      all.forEach(group -> groups.put(new Place(queue, group), moves(meters, queue, group)));
    });
  }

  private static Moves moves(Meters meters, String queue, String group) {
    String[] labels = {"queue", queue, "group", group};
    return new Moves(
        meters.counter("queue.delivered", "Messages handed out to the group's consumers", labels),
        meters.counter("queue.retried", "Those of them that had been handed out before", labels),
        meters.counter("queue.acknowledged", "Messages that the group is done with", labels),
        meters.counter(
            "queue.dead.lettered",
            "Messages that the group gave up: dead letters, to be looked at",
            labels));
  }

  /// Adds what is only known when asked.
  void watch(Meters meters, Look<QueueFigures> figures) {
    names.forEach((queue, all) -> {
      meters.gauge(
          "queue.log.bytes",
          "What the queue's log takes on disk",
          () -> bytes(figures.latest(), queue),
          "queue",
          queue);
      for (String group : all) {
        Place place = new Place(queue, group);
        depth(
            meters,
            "queue.backlog",
            "Messages that the group is not done with: unread, ready, delayed and leased",
            figures,
            place,
            Depth::backlog);
        depth(
            meters,
            "queue.leased",
            "Messages that are handed out and not answered",
            figures,
            place,
            Depth::leased);
        depth(
            meters,
            "queue.dead",
            "Messages that the group gave up and that can be driven again",
            figures,
            place,
            Depth::dead);
        meters.gauge(
            "queue.oldest.seconds",
            "How long the group's oldest message has been waiting or been worked on; 0 if there is"
                + " none",
            () -> value(figures.latest(), place, Depth::oldestMillis) / 1_000.0,
            "queue",
            queue,
            "group",
            group);
      }
    });
  }

  private static void depth(
      Meters meters,
      String name,
      String description,
      Look<QueueFigures> figures,
      Place place,
      ToLongFunction<Depth> what) {
    meters.gauge(
        name,
        description,
        () -> value(figures.latest(), place, what),
        "queue",
        place.queue(),
        "group",
        place.group());
  }

  private static long value(QueueFigures figures, Place place, ToLongFunction<Depth> what) {
    return figures.groups().stream()
        .filter(it -> it.queue().equals(place.queue()) && it.group().equals(place.group()))
        .mapToLong(what)
        .sum();
  }

  private static long bytes(QueueFigures figures, String queue) {
    return figures.logs().stream()
        .filter(it -> it.queue().equals(queue))
        .mapToLong(QueueFigures.Log::bytes)
        .sum();
  }

  private static void add(Map<String, Counter> counters, String queue, long more) {
    Counter counter = counters.get(queue);
    if (counter != null) {
      counter.increment((double) more);
    }
  }

  @Override
  public void published(String queue, int messages) {
    add(published, queue, messages);
  }

  @Override
  public void delivered(String queue, String group, long messages, long again) {
    Moves moves = groups.get(new Place(queue, group));
    if (moves != null) {
      moves.delivered().increment((double) messages);
      moves.retried().increment((double) again);
    }
  }

  @Override
  public void acknowledged(String queue, String group, long messages) {
    Moves moves = groups.get(new Place(queue, group));
    if (moves != null) {
      moves.acknowledged().increment((double) messages);
    }
  }

  @Override
  public void deadLettered(String queue, String group, long messages) {
    Moves moves = groups.get(new Place(queue, group));
    if (moves != null) {
      moves.dead().increment((double) messages);
    }
  }

  @Override
  public void synced(String queue, long bytes, long nanos) {
    syncs.record(nanos, TimeUnit.NANOSECONDS);
    add(written, queue, bytes);
  }
}
