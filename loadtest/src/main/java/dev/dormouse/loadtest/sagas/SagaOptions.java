package dev.dormouse.loadtest.sagas;

import dev.dormouse.loadtest.Arguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The command line, taken apart.
///
/// @param atOnce how many sagas are under way, a case for each number
/// @param objects that steps are drawn from
/// @param patience how long to wait, before each run, for a moment without load by others
/// @param sleeping how many open sagas to let sleep, instead
/// @param overdue how many due sagas to kill the server with, instead
/// @param alarms how many due alarms of rooms without sagas to kill the server with, instead
/// @param perRoom how many of those a room owns
/// @param dueAfter how many seconds the overdue ones wait before they are due
/// @param within how long it may take until the overdue ones have rung
record SagaOptions(
    List<Integer> atOnce,
    int objects,
    Duration warmUp,
    Duration measured,
    int repeat,
    Duration patience,
    boolean peer,
    boolean smoke,
    Optional<Integer> sleeping,
    Optional<Integer> overdue,
    Optional<Integer> alarms,
    int perRoom,
    int dueAfter,
    Duration within) {
  private static final int LONGEST = 3_600;

  /// What the bench rooms know.
  private static final List<Integer> DUE_AFTER = List.of(20, 60, 180);

  static final String USAGE =
      """
      usage: loadtest/sagas [options]

        --at-once <a,b>    sagas under way, a case for each number; 1,50
        --objects <n>      objects that the steps are drawn from; 1000
        --seconds <n>      how long each case is measured; 10
        --warm-up <n>      seconds before that; 5
        --repeat <n>       runs of each case, servers taking turns; 3
        --patience <n>     seconds to wait before each run until others leave the machine alone; 0
        --no-peer          our server alone
        --smoke            half a second of each case on our server alone: is every answer right?
        --sleeping <n>     instead: memory of n open sagas whose rooms sleep
        --overdue <n>      instead: kill -9 with n open sagas, start again when all are due
        --alarms <n>       instead: kill -9 with n alarms of sleeping rooms, start again when all are due
        --per-room <n>     how many of those sagas or alarms a room has, and how many sagas wait in a room; 10
        --due-after <n>    seconds until the overdue ones are due: 20, 60 or 180; 60
        --within <n>       seconds after which the overdue ones must have rung; 1
        --help

      Needs npm once, for the peer; without it that is left out. Takes three minutes as it is, two
      for 10,000 overdue. Leaves the logs in loadtest/target/sagas. Ends with 1 if an answer was wrong, or
      what was overdue took too long.
      """;

  /// @throws Arguments.Misunderstood if there is something else in it than [#USAGE] says
  static SagaOptions parse(List<String> arguments) {
    List<Integer> atOnce = List.of(1, 50);
    int objects = 1_000;
    Duration warmUp = Duration.ofSeconds(5);
    Duration measured = Duration.ofSeconds(10);
    int repeat = 3;
    Duration patience = Duration.ZERO;
    boolean peer = true;
    boolean smoke = false;
    Optional<Integer> sleeping = Optional.empty();
    Optional<Integer> overdue = Optional.empty();
    Optional<Integer> alarms = Optional.empty();
    int perRoom = 10;
    int dueAfter = 60;
    Duration within = Duration.ofSeconds(1);
    Arguments left = new Arguments(arguments);
    while (!left.isEmpty()) {
      String option = left.next();
      switch (option) {
        case "--at-once" -> atOnce = numbers(option, left);
        case "--objects" -> objects = left.count(option, 3, 100_000);
        case "--seconds" -> measured = left.seconds(option, LONGEST);
        case "--warm-up" -> warmUp = left.seconds(option, LONGEST);
        case "--repeat" -> repeat = left.count(option);
        case "--patience" -> patience = left.seconds(option, LONGEST);
        case "--no-peer" -> peer = false;
        case "--smoke" -> {
          smoke = true;
          peer = false;
          warmUp = Duration.ZERO;
          measured = Duration.ofMillis(500);
          repeat = 1;
        }
        case "--sleeping" -> sleeping = Optional.of(left.count(option, 1, 1_000_000));
        case "--overdue" -> overdue = Optional.of(left.count(option, 1, 100_000));
        case "--alarms" -> alarms = Optional.of(left.count(option, 1, 100_000));
        case "--per-room" -> perRoom = left.count(option, 1, 1_000);
        case "--due-after" -> {
          dueAfter = left.count(option);
          if (!DUE_AFTER.contains(dueAfter)) {
            throw new Arguments.Misunderstood(
                option + " takes one of " + DUE_AFTER + ", not " + dueAfter);
          }
        }
        case "--within" -> within = left.seconds(option, LONGEST);
        default -> throw new Arguments.Misunderstood("there is no option '" + option + "'");
      }
    }
    if (Stream.of(sleeping, overdue, alarms).filter(Optional::isPresent).count() > 1) {
      throw new Arguments.Misunderstood("one of --sleeping, --overdue and --alarms, not more");
    }
    return new SagaOptions(
        atOnce, objects, warmUp, measured, repeat, patience, peer, smoke, sleeping, overdue, alarms,
        perRoom, dueAfter, within);
  }

  private static List<Integer> numbers(String option, Arguments left) {
    Arguments numbers = new Arguments(left.values(option));
    List<Integer> all = new ArrayList<>();
    while (!numbers.isEmpty()) {
      // Read as the value of the option, so that a mistake is told in its name.
      all.add(new Arguments(List.of(numbers.next())).count(option, 1, 1_000));
    }
    return List.copyOf(all);
  }
}
