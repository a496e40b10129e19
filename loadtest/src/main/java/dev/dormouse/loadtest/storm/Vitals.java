package dev.dormouse.loadtest.storm;

import dev.dormouse.loadtest.Footprint;
import dev.dormouse.loadtest.Histogram;
import dev.dormouse.loadtest.Http;
import dev.dormouse.loadtest.million.Scrape;
import java.io.IOException;
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

  /// Blocks for two collections.
  static Vitals of(Target target, long second, long age, long disk) throws IOException {
    Path proc = Path.of("/proc", String.valueOf(target.pid()));
    Footprint footprint = Footprint.of(target.handle());
    List<String> status = Files.readAllLines(proc.resolve("status"));
    long descriptors;
    try (Stream<Path> open = Files.list(proc.resolve("fd"))) {
      descriptors = open.count();
    }
    Scrape scrape = Scrape.parse(Http.get(target.address(), "/metrics"));
    return new Vitals(
        second,
        age,
        footprint.heap().map(Histogram::total).orElse(0L) / MIB,
        footprint.resident() >> 20,
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
}
