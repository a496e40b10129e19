package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Kills of a server that clients write to, by a seed: all that a suite draws comes from it.
///
/// @param suite its name, for what is printed
/// @param rounds how many kills at any time
/// @param ofCommits failpoints of commits, at which the disk may be slow
record KillRounds(String suite, int rounds, long seed, List<String> ofCommits) {
  /// The most that clients are at work before a kill, in ms.
  static final int WORK_MILLIS = 300;

  /// How long an alarm rests at most that was refused once while the disk failed (A1), in ms: until
  /// then it is not overdue.
  static final int RETRY_MILLIS = 2_500;

  RandomGenerator random(String of) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed + of.hashCode());
  }

  String named(String what) {
    return "%s, seed %d".formatted(what, seed);
  }

  /// Lets clients write, kills the server some time later, starts it again and has all books
  /// compared: as often as there are rounds.
  void atAnyTime(Ledgers ledgers) throws Exception {
    RandomGenerator random = random("rounds");
    long answers = 0;
    for (int round = 0; round < rounds; round++) {
      String what = named("round " + round);
      // Now and then a stop in good order, which may lose no more than a kill (H5).
      boolean politely = random.nextInt(8) == 0;
      LedgerClients clients = ledgers.clients("r" + round, random.nextLong(), politely);
      clients.awaitFirstAnswers();
      Thread.sleep(random.nextInt(WORK_MILLIS));
      if (politely) {
        assertThat(ledgers.server().stop()).as(what).isZero();
      } else {
        ledgers.server().kill();
      }
      assertThat(clients.complaints()).as(what).isEmpty();
      answers += ledgers.answers();
      // A slow disk gives what should have waited for it the time to leave.
      String slow = ofCommits.get(random.nextInt(ofCommits.size()));
      ledgers.start(List.of("-Ddormouse.slow=%s:%d".formatted(slow, random.nextInt(8))));
      ledgers.judge(what);
    }
    System.out.printf("%s: %d answers in %d rounds, all kept%n", suite, answers, rounds);
    assertThat(answers).isGreaterThan(20L * rounds);
  }
}
