package dev.dormouse.server;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.runtime.RoomNode;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.RoomObserver;
import dev.dormouse.server.sockets.SocketTable;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts what rooms and sockets do, and logs what went wrong in them. Safe for any thread.
final class ServerMetrics implements RoomObserver, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.dormouse.rooms");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collector = new JvmGcMetrics();

  private final LongAdder events = new LongAdder();
  private final Counter commitsFailed = counter("commits.failed", "Write sets that failed");
  private final Counter handlersFailed =
      counter("handlers.failed", "Handlers that threw something other than a refusal");
  private final Counter overLimit = counter("rooms.over.limit", "Rooms reset for taking too long");
  private final Counter alarmsParked = counter("alarms.parked", "Alarms that failed for good");
  private final Counter faults = counter("faults", "Errors in the server's own work");

  ServerMetrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    collector.bindTo(registry);
    FunctionCounter.builder("dormouse.events", events, LongAdder::sum)
        .description("Events that rooms have handled")
        .register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder("dormouse." + name).description(description).register(registry);
  }

  /// Adds what the sockets and the rooms tell when asked.
  void watch(SocketTable sockets, RoomNode node) {
    gauge("sockets.open", "Sockets that are open or closing", sockets::sockets);
    gauge("connections.open", "Connections that rooms have", sockets::connections);
    gauge("rooms.awake", "Rooms that are in memory", node::awake);
    function("messages.received", "Messages that came in whole", sockets.counters().received);
    function("messages.sent", "Messages handed to the network", sockets.counters().sent);
    function(
        "messages.dropped", "Messages to connections that were gone", sockets.counters().dropped);
    function(
        "connections.slow", "Connections closed for reading too slowly", sockets.counters().slow);
  }

  private void gauge(String name, String description, java.util.function.Supplier<Number> value) {
    Gauge.builder("dormouse." + name, value).description(description).register(registry);
  }

  private void function(String name, String description, LongAdder count) {
    FunctionCounter.builder("dormouse." + name, count, LongAdder::sum)
        .description(description)
        .register(registry);
  }

  /// Everything in the text format of Prometheus.
  String scrape() {
    return registry.scrape();
  }

  @Override
  public void roomStarted(RoomId room, StartCause cause) {
    LOG.atDebug().addKeyValue("room", room).log("a room starts: {}", cause);
  }

  @Override
  public void handlerFailed(RoomId room, Throwable failure) {
    handlersFailed.increment();
    LOG.atWarn().addKeyValue("room", room).setCause(failure).log("a handler failed");
  }

  @Override
  public void commitFailed(RoomId room, CommitFailure failure) {
    commitsFailed.increment();
    LOG.atError().addKeyValue("room", room).setCause(failure).log("a commit failed");
  }

  @Override
  public void overLimit(RoomId room, String what) {
    overLimit.increment();
    LOG.atWarn().addKeyValue("room", room).log("a room was reset: {}", what);
  }

  @Override
  public void alarmParked(RoomId room, String alarm) {
    alarmsParked.increment();
    LOG.atError().addKeyValue("room", room).log("the alarm '{}' failed for good", alarm);
  }

  @Override
  public void eventDone(RoomId room) {
    events.increment();
  }

  @Override
  public void runtimeFailed(String what, Throwable failure) {
    faults.increment();
    LOG.error("{}", what, failure);
  }

  @Override
  public void close() {
    collector.close();
    registry.close();
  }
}
