package dev.dormouse.loadtest.million;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/// Everything that was seen at one look.
///
/// @param second since 1970
/// @param servers by name
/// @param clients by name
record Moment(long second, Map<String, Seen> servers, Map<String, Seen> clients, Kernel kernel) {

  /// One process.
  ///
  /// @param resident bytes in RAM
  /// @param cpu seconds since its start
  /// @param scrape what it told of itself; empty for clients, and where a server did not answer
  record Seen(long resident, double cpu, List<Scrape> scrape) {}

  /// A figure of all servers that answered; empty if none knows it.
  OptionalDouble ofServers(Function<Scrape, OptionalDouble> figure) {
    double[] values =
        servers.values().stream()
            .flatMap(seen -> seen.scrape().stream())
            .map(figure)
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .toArray();
    return values.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Arrays.stream(values).sum());
  }

  /// Servers that did not answer.
  long silent() {
    return servers.values().stream().filter(seen -> seen.scrape().isEmpty()).count();
  }

  static long resident(Map<String, Seen> processes) {
    return processes.values().stream().mapToLong(Seen::resident).sum();
  }

  static double cpu(Map<String, Seen> processes) {
    return processes.values().stream().mapToDouble(Seen::cpu).sum();
  }
}
