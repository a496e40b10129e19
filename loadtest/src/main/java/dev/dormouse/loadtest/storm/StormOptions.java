package dev.dormouse.loadtest.storm;

import dev.dormouse.loadtest.Arguments;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The command line, taken apart.
///
/// @param calm seconds of load without a fault between two
/// @param longest seconds that a fault lasts at most
/// @param within seconds after a fault in which everything must be as it should
/// @param report where the report goes; none if it is only printed
record StormOptions(
    int minutes,
    long seed,
    int calm,
    int longest,
    int within,
    Optional<Path> report,
    boolean help) {
  static final String USAGE =
      """
      usage: loadtest/storm [options]

        --minutes <n>     how long; 60
        --seed <n>        of the schedule; drawn if not said, and told
        --calm <n>        seconds of load without a fault between two; 12
        --longest <n>     seconds that a fault lasts at most; 12
        --within <n>      seconds after a fault in which all must be well again; 90
        --report <file>   where the report goes; only printed if not said
        --help
      """;

  /// @throws Arguments.Misunderstood if there is something else in it than [#USAGE] says
  static StormOptions parse(List<String> arguments) {
    int minutes = 60;
    long seed = System.currentTimeMillis() % 1_000_000;
    int calm = 12;
    int longest = 12;
    int within = 90;
    Optional<Path> report = Optional.empty();
    boolean help = false;
    Arguments left = new Arguments(arguments);
    while (!left.isEmpty()) {
      String option = left.next();
      switch (option) {
        case "--minutes" -> minutes = left.count(option, 1, 24 * 60);
        case "--seed" -> seed = left.count(option, 0, Integer.MAX_VALUE);
        case "--calm" -> calm = left.count(option, 1, 600);
        case "--longest" -> longest = left.count(option, 1, 120);
        case "--within" -> within = left.count(option, 10, 600);
        case "--report" -> report = Optional.of(Path.of(left.value(option)));
        case "--help", "-h" -> help = true;
        default -> throw new Arguments.Misunderstood("there is no option '" + option + "'");
      }
    }
    return new StormOptions(minutes, seed, calm, longest, within, report, help);
  }

  /// The command that does the same again.
  String command() {
    return "loadtest/storm --minutes %d --seed %d --calm %d --longest %d"
        .formatted(minutes, seed, calm, longest);
  }
}
