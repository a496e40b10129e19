package dev.dormouse.loadtest.storm;

import dev.dormouse.loadtest.Http;
import dev.dormouse.loadtest.million.Scrape;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What the server takes at a quiet moment.
///
/// @param second since the beginning
/// @param age of the process, in seconds
/// @param heap of live objects, after a full collection, in MiB
/// @param resident in MiB
/// @param disk used, in MiB
record Vitals(
    long second,
    long age,
    double heap,
    long resident,
    long threads,
    long descriptors,
    long parked,
    long woken,
    long disk) {
  private static final double MIB = 1 << 20;

  /// Blocks for a collection.
  static Vitals of(Target target, long second, long age, long disk)
      throws IOException, InterruptedException {
    Path proc = Path.of("/proc", String.valueOf(target.pid()));
    double heap = liveHeap(target.pid());
    List<String> status = Files.readAllLines(proc.resolve("status"));
    long descriptors;
    try (Stream<Path> open = Files.list(proc.resolve("fd"))) {
      descriptors = open.count();
    }
    Scrape scrape = Scrape.parse(Http.get(target.address(), "/metrics"));
    return new Vitals(
        second,
        age,
        heap,
        number(status, "VmRSS:") / 1_024,
        number(status, "Threads:"),
        descriptors,
        (long) scrape.sum("dormouse_sockets", "state=\"parked\"").orElse(0),
        (long) scrape.sum("dormouse_rooms_started_total", "cause=\"woken\"").orElse(0),
        disk);
  }

  private static long number(List<String> status, String name) {
    return status.stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }

  /// As `jcmd` counts it after two full collections.
  private static double liveHeap(long pid) throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process asked =
        new ProcessBuilder(jcmd, String.valueOf(pid), "GC.class_histogram")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    double bytes = 0;
    try (BufferedReader lines = asked.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("Total")) {
          bytes = Double.parseDouble(line.strip().split("\\s+", -1)[2]);
        }
      }
    }
    asked.waitFor();
    return bytes / MIB;
  }
}
