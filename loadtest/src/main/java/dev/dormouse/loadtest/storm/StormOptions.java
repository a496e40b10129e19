package dev.dormouse.loadtest.storm;

import dev.dormouse.loadtest.Arguments;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The command line, taken apart.
///
/// @param minutes 0 for one fault
/// @param calm seconds of load without a fault between two
/// @param longest seconds that a fault lasts at most
/// @param within seconds after a fault in which everything must be as it should
/// @param report where the report goes; none if it is only printed
record StormOptions(
    int minutes, long seed, int calm, int longest, int within, Optional<Path> report) {
  static final String USAGE =
      """
      usage: loadtest/storm [options]

        --minutes <n>     how long; 60
        --seed <n>        of the schedule; drawn if not said, and told
        --calm <n>        seconds of load without a fault between two; 12
        --longest <n>     seconds that a fault lasts at most; 12
        --within <n>      seconds after a fault in which all must be well again; 90
        --report <file>   where the report goes; only printed if not said
        --smoke           one fault of two seconds: does all of it work?
        --help

      Takes --minutes and about two more; two cores, 2 GiB of memory and of disk. Root, for a disk that
      can be full, and cc, for a slow disk and another clock; without them those faults are left out.
      Leaves the logs in loadtest/target/storm until the next run, and if anything is found the
      server's folder; then it ends with 1.
      """;

  /// @throws Arguments.Misunderstood if there is something else in it than [#USAGE] says
  static StormOptions parse(List<String> arguments) {
    int minutes = 60;
    long seed = System.currentTimeMillis() % 1_000_000;
    int calm = 12;
    int longest = 12;
    int within = 90;
    Optional<Path> report = Optional.empty();
    Arguments left = new Arguments(arguments);
    while (!left.isEmpty()) {
      String option = left.next();
      switch (option) {
        case "--minutes" -> minutes = left.count(option, 1, 24 * 60);
        case "--seed" -> seed = left.count(option, 0, Integer.MAX_VALUE);
        case "--calm" -> calm = left.count(option, 1, 600);
        case "--longest" -> longest = left.count(option, 1, 120);
        case "--within" -> within = left.count(option, 10, 600);
        case "--smoke" -> {
          minutes = 0;
          calm = 2;
          longest = 2;
        }
        case "--report" -> report = Optional.of(Path.of(left.value(option)));
        default -> throw new Arguments.Misunderstood("there is no option '" + option + "'");
      }
    }
    return new StormOptions(minutes, seed, calm, longest, within, report);
  }

  /// The command that does the same again.
  String command() {
    if (minutes == 0) {
      return "loadtest/storm --smoke --seed " + seed;
    }
    return "loadtest/storm --minutes %d --seed %d --calm %d --longest %d --within %d"
        .formatted(minutes, seed, calm, longest, within);
  }
}
