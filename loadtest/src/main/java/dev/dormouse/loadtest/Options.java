package dev.dormouse.loadtest;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The command line, taken apart.
///
/// @param target a running server's bench port instead of one of our own
/// @param limits whether our server is measured with and without limits on what clients say,
///   instead of beside a peer
/// @param pid the process whose CPU is measured with `target`
/// @param patience how long to wait, before each run, for a moment without load by others
/// @param json where to write all figures
/// @param scale how large the cases about sleep are
record Options(
    Optional<URI> target,
    Optional<Long> pid,
    boolean peer,
    boolean limits,
    Set<Case> cases,
    Duration warmUp,
    Duration measured,
    int repeat,
    int starts,
    Duration patience,
    Optional<Path> json,
    Scale scale,
    boolean smoke) {

  /// More rooms are not woken, and asked twice, before the first ones sleep again.
  private static final int MAX_ROOMS = 1_000;

  private static final int LONGEST = 3_600;

  static final String USAGE =
      """
      usage: loadtest/compare [options]

        --seconds <n>      how long each case is measured; 5
        --warm-up <n>      seconds before that; 2
        --repeat <n>       runs of each case, servers taking turns; 1
        --starts <n>       starts of each server; 5
        --patience <n>     seconds to wait before each run until others leave the machine alone; 0
        --rooms <n>        rooms that are woken; 200
        --rounds <n>       how often each; 3
        --sleep <n>        seconds of silence until rooms are asleep; 12
        --connections <n>  connections whose memory is measured; 5000
        --used-rooms <n>   rooms without connections whose memory is measured; 20000
        --only <a,b>       some cases: %s
        --no-peer          our server alone
        --limits           instead of a peer, our server without limits on what clients say
        --target <url>     a bench port that is there already, instead of a server of our own
        --pid <pid>        its process, so that its CPU can be measured
        --json <file>      every figure of every run
        --smoke            each case for half a second on our server alone: is every answer right?
        --help

      Needs npm once, for the peer; without it that is left out. Takes a quarter of an hour as it is.
      Leaves the logs in loadtest/target/compare. Ends with 1 if an answer was wrong.
      """
          .formatted(keys());

  /// @throws Arguments.Misunderstood if there is something else in it than [#USAGE] says
  static Options parse(List<String> arguments) {
    Draft draft = new Draft();
    Arguments left = new Arguments(arguments);
    while (!left.isEmpty()) {
      draft.take(left.next(), left);
    }
    return draft.done();
  }

  /// What was understood so far, beginning with the defaults.
  private static final class Draft {
    private Optional<URI> target = Optional.empty();
    private Optional<Long> pid = Optional.empty();
    private boolean peer = true;
    private boolean limits;
    private Set<Case> cases = EnumSet.allOf(Case.class);
    private Duration warmUp = Duration.ofSeconds(2);
    private Duration measured = Duration.ofSeconds(5);
    private int repeat = 1;
    private int starts = 5;
    private Duration patience = Duration.ZERO;
    private Optional<Path> json = Optional.empty();
    private Scale scale = Scale.FULL;
    private boolean smoke;

    void take(String option, Arguments left) {
      switch (option) {
        case "--seconds" -> measured = left.seconds(option, LONGEST);
        case "--warm-up" -> warmUp = left.seconds(option, LONGEST);
        case "--repeat" -> repeat = left.count(option);
        case "--starts" -> starts = left.count(option);
        case "--patience" -> patience = left.seconds(option, LONGEST);
        case "--only" -> cases = cases(left.values(option));
        case "--no-peer" -> peer = false;
        case "--limits" -> {
          limits = true;
          peer = false;
        }
        case "--target" -> target = Optional.of(left.address(option));
        case "--pid" -> pid = Optional.of((long) left.count(option));
        case "--rooms" -> scale = scale.withRooms(left.count(option, 1, MAX_ROOMS));
        case "--rounds" -> scale = scale.withRounds(left.count(option));
        case "--sleep" -> scale = scale.withSleep(left.seconds(option, LONGEST));
        case "--connections" -> scale = scale.withConnections(left.count(option));
        case "--used-rooms" -> scale = scale.withUsedRooms(left.count(option));
        case "--json" -> json = Optional.of(Path.of(left.value(option)));
        case "--smoke" -> {
          smoke = true;
          peer = false;
          warmUp = Duration.ZERO;
          measured = Duration.ofMillis(500);
          starts = 1;
          scale = Scale.SMOKE;
        }
        default -> throw new Arguments.Misunderstood("there is no option '" + option + "'");
      }
    }

    Options done() {
      return new Options(
          target, pid, peer, limits, cases, warmUp, measured, repeat, starts, patience, json, scale,
          smoke);
    }
  }

  private static Set<Case> cases(List<String> keys) {
    Set<Case> some = EnumSet.noneOf(Case.class);
    for (String key : keys) {
      some.add(
          Arrays.stream(Case.values())
              .filter(one -> one.key().equals(key))
              .findFirst()
              .orElseThrow(() ->
                  new Arguments.Misunderstood("there is no case '" + key + "', only " + keys())));
    }
    return some;
  }

  private static String keys() {
    return Arrays.stream(Case.values()).map(Case::key).collect(Collectors.joining(", "));
  }
}
