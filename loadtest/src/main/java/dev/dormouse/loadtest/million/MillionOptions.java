package dev.dormouse.loadtest.million;

import dev.dormouse.loadtest.Arguments;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The command line, taken apart.
///
/// @param connections that sleep
/// @param users who work meanwhile
/// @param period between two actions of a user
/// @param time for which sleepers are woken
/// @param settle silence before, in which rooms fall asleep
/// @param wake percent of the sleepers, each minute
/// @param rate connections begun a second, in all
/// @param perRoom connections that share a room
/// @param heap MiB of each server; empty for what its share of connections suggests
/// @param every how often everything is looked at
/// @param report folder; empty for one below docs/reports
/// @param anyway whether to begin even if memory seems too small
record MillionOptions(
    int connections,
    int users,
    Duration period,
    Duration time,
    Duration settle,
    double wake,
    double rate,
    int perRoom,
    Optional<Integer> heap,
    Duration every,
    Optional<Path> report,
    boolean anyway) {
  static final String USAGE =
      """
      usage: loadtest/million [options]

        --connections <n>  WebSockets that sleep; 1000000
        --users <n>        users who work meanwhile; 2000
        --period <n>       seconds between two actions of a user; 10
        --minutes <n>      how long sleepers are woken; 5
        --wake <percent>   of the sleepers, each minute; 5
        --settle <n>       seconds of silence before that, until rooms sleep; 20
        --rate <n>         connections begun a second, in all; 2000
        --per-room <n>     connections that share a room; 10
        --heap <MiB>       of each server; by default what its connections suggest
        --every <n>        seconds between two looks at everything; 5
        --report <folder>  where the report goes; docs/reports/connections-<n>
        --anyway           begin even if the memory seems too small
        --help

      Starts as many servers and holders as ulimit -Hn demands, on loopback, and stops them all. A
      million takes some 20 GiB of memory and 20 minutes; what it may take is told before it begins.
      Leaves the report, and the logs in loadtest/target/million until the next run. Ends with 1 if
      anything was lost.
      """;

  /// @throws Arguments.Misunderstood if there is something else in it than [#USAGE] says
  static MillionOptions parse(List<String> arguments) {
    int connections = 1_000_000;
    int users = 2_000;
    Duration period = Duration.ofSeconds(10);
    double minutes = 5;
    Duration settle = Duration.ofSeconds(20);
    double wake = 5;
    double rate = 2_000;
    int perRoom = 10;
    Optional<Integer> heap = Optional.empty();
    Duration every = Duration.ofSeconds(5);
    Optional<Path> report = Optional.empty();
    boolean anyway = false;
    Arguments left = new Arguments(arguments);
    while (!left.isEmpty()) {
      String option = left.next();
      switch (option) {
        case "--connections" -> connections = left.count(option, 1, 10_000_000);
        case "--users" -> users = left.count(option, 0, 100_000);
        case "--period" -> period = left.seconds(option, 3_600);
        case "--minutes" -> minutes = left.decimal(option, 0.1, 1_440);
        case "--settle" -> settle = left.seconds(option, 3_600);
        case "--wake" -> wake = left.decimal(option, 0, 1_000);
        case "--rate" -> rate = left.decimal(option, 1, 100_000);
        case "--per-room" -> perRoom = left.count(option, 1, 10_000);
        case "--heap" -> heap = Optional.of(left.count(option, 32, 1 << 20));
        case "--every" -> every = Duration.ofSeconds(left.count(option, 1, 600));
        case "--report" -> report = Optional.of(Path.of(left.value(option)));
        case "--anyway" -> anyway = true;
        default -> throw new Arguments.Misunderstood("there is no option '" + option + "'");
      }
    }
    return new MillionOptions(
        connections,
        users,
        period,
        Duration.ofMillis(Math.round(minutes * 60_000)),
        settle,
        wake,
        rate,
        perRoom,
        heap,
        every,
        report,
        anyway);
  }
}
