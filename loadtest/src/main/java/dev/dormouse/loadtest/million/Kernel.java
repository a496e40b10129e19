package dev.dormouse.loadtest.million;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the kernel tells of the whole machine, others included.
///
/// @param available bytes that programs could still have
/// @param slab bytes of the kernel's own objects, sockets among them
/// @param unreclaimable the part of them that it could not give back
/// @param pageTables bytes
/// @param sockets in use
/// @param tcpPages of socket buffers
/// @param cpu seconds that all processors together have worked, or were taken away by a host
record Kernel(
    long available,
    long slab,
    long unreclaimable,
    long pageTables,
    long sockets,
    long tcpPages,
    double cpu) {
  private static final double TICKS_A_SECOND = 100;

  /// @throws IOException where there is no Linux
  static Kernel now() throws IOException {
    return of(
        Files.readString(Path.of("/proc/meminfo")),
        Files.readString(Path.of("/proc/net/sockstat")),
        Files.readString(Path.of("/proc/stat")));
  }

  static Kernel of(String meminfo, String sockstat, String stat) {
    return new Kernel(
        number(meminfo, "^MemAvailable:\\s+([0-9]+) kB") << 10,
        number(meminfo, "^Slab:\\s+([0-9]+) kB") << 10,
        number(meminfo, "^SUnreclaim:\\s+([0-9]+) kB") << 10,
        number(meminfo, "^PageTables:\\s+([0-9]+) kB") << 10,
        number(sockstat, "^sockets: used ([0-9]+)"),
        number(sockstat, "^TCP: .*mem ([0-9]+)"),
        cpu(stat));
  }

  /// Columns of its first line: user, nice, system, idle, iowait, irq, softirq, steal.
  private static double cpu(String stat) {
    String[] columns = stat.lines().findFirst().orElse("").split(" +", -1);
    long ticks = 0;
    for (int column : new int[] {1, 2, 3, 6, 7, 8}) {
      ticks += Long.parseLong(columns[column]);
    }
    return ticks / TICKS_A_SECOND;
  }

  private static long number(String text, String pattern) {
    Matcher found = Pattern.compile(pattern, Pattern.MULTILINE).matcher(text);
    if (!found.find()) {
      throw new IllegalArgumentException("no " + pattern);
    }
    return Long.parseLong(found.group(1));
  }
}
