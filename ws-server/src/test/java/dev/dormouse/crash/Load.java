package dev.dormouse.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Clients that ask for this and that, as a seed says. For one thread.
final class Load {
  private static final int OWNERS = 4;
  private static final List<String> MOODS =
      List.of("fine", "fine", "fine", "later", "breaks", "dies");

  private final String tag;
  private final Oracle oracle;
  private final List<String> sagas = new ArrayList<>();
  private int ops;
  private int seats;

  /// @param tag begins all names that it makes
  Load(String tag, Oracle oracle) {
    this.tag = tag;
    this.oracle = oracle;
  }

  /// Asks `count` things, a few ms apart; does not wait for answers.
  void drive(Child child, RandomGenerator random, int count) throws InterruptedException {
    for (int i = 0; i < count && child.alive(); i++) {
      int dice = sagas.isEmpty() ? 0 : random.nextInt(100);
      if (dice < 40) {
        begin(child, random);
      } else if (dice < 55) {
        send(child, owner(random), MOODS.get(random.nextInt(MOODS.size())));
      } else if (dice < 64) {
        ofSaga(child, "cancel", recent(random));
      } else if (dice < 70) {
        ofSaga(child, "pause", recent(random));
      } else if (dice < 80) {
        ofSaga(child, "status", recent(random));
      } else {
        String owner = owner(random);
        ask(child, "version", owner, owner, "");
        String expected = Long.toString(oracle.version(owner) + random.nextInt(2));
        ask(child, "swap", owner, expected, " " + expected);
      }
      Thread.sleep(random.nextInt(12));
    }
  }

  private void begin(Child child, RandomGenerator random) {
    String owner = owner(random);
    String saga = tag + "-" + sagas.size();
    sagas.add(owner + " " + saga);
    // Now and then one that somebody else may have.
    int seat = random.nextInt(7) == 0 && seats > 0 ? 1 + random.nextInt(seats) : ++seats;
    String definition = Errands.NAMES.get(random.nextInt(Errands.NAMES.size()));
    String errand =
        "%d %s %s %s %s %s"
            .formatted(
                seat,
                step(random, 35),
                step(random, 25),
                step(random, 6),
                step(random, 30),
                step(random, 35));
    ask(child, "begin", owner, saga, " %s %s %s".formatted(definition, saga, errand));
  }

  /// A saga of a given shape, and nothing left to chance.
  ///
  /// @param errand as on the wire, with its seat
  /// @return its id
  String begin(Child child, String owner, String definition, String errand) {
    String saga = tag + "-" + sagas.size();
    sagas.add(owner + " " + saga);
    ask(child, "begin", owner, saga, " %s %s %s".formatted(definition, saga, errand));
    return saga;
  }

  /// Sends a parcel.
  void send(Child child, String owner, String mood) {
    ask(child, "send", owner, "", " " + mood);
  }

  private static String step(RandomGenerator random, int percent) {
    return random.nextInt(100) < percent
        ? Errands.PARTICIPANTS.get(random.nextInt(Errands.PARTICIPANTS.size()))
        : "-";
  }

  private static String owner(RandomGenerator random) {
    return "o" + random.nextInt(OWNERS);
  }

  private String recent(RandomGenerator random) {
    int last = sagas.size() - 1;
    return sagas.get(last - random.nextInt(Math.min(4, sagas.size())));
  }

  private void ofSaga(Child child, String verb, String ownerAndSaga) {
    String[] words = ownerAndSaga.split(" ", -1);
    ask(child, verb, words[0], words[1], " " + words[1]);
  }

  /// Lets sagas go on that may be paused.
  void resume(Child child) {
    oracle.paused().forEach((saga, owner) -> ofSaga(child, "resume", owner + " " + saga));
  }

  void health(Child child) {
    String op = op();
    oracle.asks("health", op, "", "", "");
    child.say("health " + op);
  }

  private void ask(Child child, String verb, String owner, String subject, String more) {
    String op = op();
    String line = verb + " " + op + " " + owner + more;
    oracle.asks(verb, op, owner, subject, line);
    child.say(line);
  }

  private String op() {
    return tag + "-op" + ++ops;
  }
}
