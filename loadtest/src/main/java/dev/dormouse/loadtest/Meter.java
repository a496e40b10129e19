package dev.dormouse.loadtest;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Reads the CPU clocks of the server's process, of the client, and of the machine.
///
/// A process's clock on Linux is `utime + stime` of `/proc/<pid>/stat`, which moves in steps of 10
/// ms; the machine's is the first line of `/proc/stat`, in hundredths of a second.
public final class Meter {
  private static final Path MACHINE = Path.of("/proc/stat");
  private static final double TICKS_A_SECOND = 100;

  private final List<ProcessHandle> server;

  /// @param server the process to measure; empty if it is not on this machine
  Meter(Optional<ProcessHandle> server) {
    this(server.stream().toList());
  }

  /// @param server the processes that are measured as one
  public Meter(List<ProcessHandle> server) {
    this.server = List.copyOf(server);
  }

  /// All clocks at one moment, in seconds.
  ///
  /// @param thread CPU of the calling thread
  /// @param own CPU of this whole process
  /// @param machine CPU of everything
  public record Reading(
      double time, OptionalDouble server, double thread, double own, OptionalDouble machine) {}

  public Reading read() {
    return new Reading(
        System.nanoTime() / 1e9,
        cpu(server),
        ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9,
        cpu(ProcessHandle.current()).orElse(0),
        machine());
  }

  public Span between(Reading before, Reading after) {
    double seconds = after.time - before.time;
    OptionalDouble serverCpu = minus(after.server, before.server);
    OptionalDouble all = minus(after.machine, before.machine);
    OptionalDouble others =
        all.isEmpty()
            ? all
            : OptionalDouble.of(
                Math.max(
                    0,
                    (all.getAsDouble() - serverCpu.orElse(0) - (after.own - before.own))
                        / seconds));
    return new Span(seconds, serverCpu, (after.thread - before.thread) / seconds, others);
  }

  private static OptionalDouble minus(OptionalDouble after, OptionalDouble before) {
    return after.isPresent() && before.isPresent()
        ? OptionalDouble.of(after.getAsDouble() - before.getAsDouble())
        : OptionalDouble.empty();
  }

  /// Empty if there is none, or one does not tell.
  private static OptionalDouble cpu(List<ProcessHandle> processes) {
    double[] each = processes.stream().flatMapToDouble(one -> cpu(one).stream()).toArray();
    return each.length == 0 || each.length < processes.size()
        ? OptionalDouble.empty()
        : OptionalDouble.of(Arrays.stream(each).sum());
  }

  private static OptionalDouble cpu(ProcessHandle process) {
    return process
        .info()
        .totalCpuDuration()
        .map(cpu -> OptionalDouble.of(cpu.toNanos() / 1e9))
        .orElse(OptionalDouble.empty());
  }

  /// Columns of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal; guest time is
  /// part of user.
  private static OptionalDouble machine() {
    if (!Files.isReadable(MACHINE)) {
      return OptionalDouble.empty();
    }
    try (var lines = Files.lines(MACHINE)) {
      String[] columns = lines.findFirst().orElse("").split(" +", -1);
      long ticks = 0;
      for (int column : new int[] {1, 2, 3, 6, 7, 8}) {
        ticks += Long.parseLong(columns[column]);
      }
      return OptionalDouble.of(ticks / TICKS_A_SECOND);
    } catch (IOException e) {
      throw new IllegalStateException(MACHINE + " cannot be read", e);
    }
  }
}
