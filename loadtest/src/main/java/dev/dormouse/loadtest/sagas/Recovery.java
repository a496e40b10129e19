package dev.dormouse.loadtest.sagas;

import dev.dormouse.loadtest.Meter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// What a server's start and what it then catches up with cost, and what the machine did besides.
record Recovery(Meter machine, Meter.Reading began, long beganNanos) {
  static Recovery begin() throws IOException {
    Meter machine = new Meter(List.of());
    return new Recovery(machine, machine.read(), System.nanoTime());
  }

  /// A line for people, of everything until now.
  String told(DormouseSide side) throws IOException {
    double seconds = (System.nanoTime() - beganNanos) / 1e9;
    double cpu = cpu(side.process().handle());
    double all = machine.between(began, machine.read()).otherCores().orElse(Double.NaN);
    return "the server took %.2f s of CPU for its start and all of that; others used %.1f cores"
        .formatted(cpu, all - cpu / seconds);
  }

  private static double cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
  }
}
