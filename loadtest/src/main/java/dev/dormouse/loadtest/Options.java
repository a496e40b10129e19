package dev.dormouse.loadtest;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The command line, taken apart.
///
/// @param target a running server's bench port instead of one of our own
/// @param pid the process whose CPU is measured with `target`
/// @param patience how long to wait, before each run, for a moment without load by others
/// @param json where to write all figures
record Options(
    Optional<URI> target,
    Optional<Long> pid,
    boolean peer,
    Set<Case> cases,
    Duration warmUp,
    Duration measured,
    int repeat,
    int starts,
    Duration patience,
    Optional<Path> json,
    boolean smoke,
    boolean help) {

  static final String USAGE =
      """
      usage: loadtest/compare [options]

        --seconds <n>      how long each case is measured; 5
        --warm-up <n>      seconds before that; 2
        --repeat <n>       runs of each case, servers taking turns; 1
        --starts <n>       starts of each server; 5
        --patience <n>     seconds to wait before each run until others leave the machine alone; 0
        --only <a,b>       some cases: %s
        --no-peer          our server alone
        --target <url>     a bench port that is there already, instead of a server of our own
        --pid <pid>        its process, so that its CPU can be measured
        --json <file>      every figure of every run
        --smoke            each case for half a second on our server alone: is every answer right?
        --help
      """
          .formatted(keys());

  /// A command line that cannot be understood.
  static final class Misunderstood extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    Misunderstood(String message) {
      super(message);
    }
  }

  /// @throws Misunderstood if there is something else in it than [#USAGE] says
  static Options parse(List<String> arguments) {
    Draft draft = new Draft();
    Deque<String> left = new ArrayDeque<>(arguments);
    while (!left.isEmpty()) {
      draft.take(left.pop(), left);
    }
    return draft.done();
  }

  /// What was understood so far, beginning with the defaults.
  private static final class Draft {
    private Optional<URI> target = Optional.empty();
    private Optional<Long> pid = Optional.empty();
    private boolean peer = true;
    private Set<Case> cases = EnumSet.allOf(Case.class);
    private Duration warmUp = Duration.ofSeconds(2);
    private Duration measured = Duration.ofSeconds(5);
    private int repeat = 1;
    private int starts = 5;
    private Duration patience = Duration.ZERO;
    private Optional<Path> json = Optional.empty();
    private boolean smoke;
    private boolean help;

    void take(String option, Deque<String> left) {
      switch (option) {
        case "--seconds" -> measured = seconds(option, left);
        case "--warm-up" -> warmUp = seconds(option, left);
        case "--repeat" -> repeat = count(option, left);
        case "--starts" -> starts = count(option, left);
        case "--patience" -> patience = seconds(option, left);
        case "--only" -> cases = cases(value(option, left));
        case "--no-peer" -> peer = false;
        case "--target" -> target = Optional.of(address(value(option, left)));
        case "--pid" -> pid = Optional.of((long) count(option, left));
        case "--json" -> json = Optional.of(Path.of(value(option, left)));
        case "--smoke" -> {
          smoke = true;
          peer = false;
          warmUp = Duration.ZERO;
          measured = Duration.ofMillis(500);
          starts = 1;
        }
        case "--help", "-h" -> help = true;
        default -> throw new Misunderstood("there is no option '" + option + "'");
      }
    }

    Options done() {
      return new Options(
          target, pid, peer, cases, warmUp, measured, repeat, starts, patience, json, smoke, help);
    }
  }

  private static Set<Case> cases(String keys) {
    Set<Case> some = EnumSet.noneOf(Case.class);
    for (String key : keys.split(",", -1)) {
      some.add(
          Arrays.stream(Case.values())
              .filter(one -> one.key().equals(key.strip()))
              .findFirst()
              .orElseThrow(
                  () -> new Misunderstood("there is no case '" + key + "', only " + keys())));
    }
    return some;
  }

  private static String keys() {
    return Arrays.stream(Case.values()).map(Case::key).collect(Collectors.joining(", "));
  }

  private static String value(String option, Deque<String> left) {
    if (left.isEmpty()) {
      throw new Misunderstood(option + " needs a value");
    }
    return left.pop();
  }

  private static Duration seconds(String option, Deque<String> left) {
    String value = value(option, left);
    try {
      double seconds = Double.parseDouble(value);
      if (seconds >= 0 && seconds <= 3_600) {
        return Duration.ofMillis(Math.round(seconds * 1_000));
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new Misunderstood(option + " takes seconds up to 3600, not '" + value + "'");
  }

  private static int count(String option, Deque<String> left) {
    String value = value(option, left);
    try {
      int count = Integer.parseInt(value);
      if (count > 0) {
        return count;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new Misunderstood(option + " takes a number from 1, not '" + value + "'");
  }

  private static URI address(String value) {
    try {
      URI address = URI.create(value);
      if ("http".equals(address.getScheme()) && address.getPort() > 0) {
        return address;
      }
    } catch (IllegalArgumentException _) {
      // Said below.
    }
    throw new Misunderstood("--target takes http://<host>:<port>, not '" + value + "'");
  }
}
