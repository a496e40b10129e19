package dev.dormouse.server.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmHeapPressureMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;

/// The process and its JVM: what Micrometer knows of them, and which build this is.
final class ProcessMetrics implements AutoCloseable {
  private final JvmGcMetrics collector = new JvmGcMetrics();
  private final JvmHeapPressureMetrics pressure = new JvmHeapPressureMetrics();

  ProcessMetrics(MeterRegistry registry, Meters meters, String version) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    collector.bindTo(registry);
    pressure.bindTo(registry);
    meters.gauge(
        "build.info",
        "1; its labels say which build runs on which Java",
        () -> 1,
        "version",
        version,
        "java",
        Runtime.version().toString());
  }

  @Override
  public void close() {
    collector.close();
    pressure.close();
  }
}
