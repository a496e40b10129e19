package dev.dormouse.loadtest.storm;

import dev.dormouse.loadtest.Folders;
import dev.dormouse.loadtest.StartException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// The course of a storm: load, a fault, its end, all books compared, and so on. For one thread.
final class Course {
  /// How long the server has after a fault before anybody looks, in milliseconds.
  private static final long BREATH_MS = 6_000;

  private static final long TICK_MS = 100;
  private static final long SECOND_MS = 1_000;

  private final StormOptions options;
  private final Target target;
  private final Nature nature;
  private final Weather weather;
  private final Findings findings;
  private final Troupe troupe;
  private final List<Struck> struck = new ArrayList<>();
  private final List<Vitals> vitals = new ArrayList<>();

  private long began;
  private long processBegan;

  /// Whether the server is not meant to run now.
  private boolean down;

  /// @param checkedMillis from the fault's end until all books agreed
  record Struck(Strike strike, long second, long checkedMillis, int findings) {}

  Course(
      StormOptions options,
      Target target,
      Nature nature,
      Weather weather,
      Findings findings,
      Troupe troupe) {
    this.options = options;
    this.target = target;
    this.nature = nature;
    this.weather = weather;
    this.findings = findings;
    this.troupe = troupe;
  }

  List<Struck> struck() {
    return List.copyOf(struck);
  }

  List<Vitals> vitals() {
    return List.copyOf(vitals);
  }

  /// Blocks until the time is over, or the server can no longer be started.
  void run(Iterator<Strike> schedule) throws IOException, InterruptedException {
    began = System.nanoTime();
    start();
    troupe.start();
    try {
      do {
        last(options.calm());
        vitals.add(Vitals.of(target, second(), age(), nature.usedMiB()));
        strike(schedule.next());
      } while (second() < options.minutes() * 60L);
      last(options.calm());
      end();
    } catch (IOException | StartException e) {
      findings.add("the server could not be used any more", e.toString());
    } finally {
      nature.free();
    }
  }

  private void strike(Strike strike) throws IOException, InterruptedException {
    System.err.printf("%5d s  %s%n", second(), strike);
    long second = second();
    int before = findings.count();
    weather.turnsTo(strike.fault());
    act(strike);
    long ended = System.nanoTime();
    last(BREATH_MS / SECOND_MS);
    compare();
    weather.turnsTo(Fault.CALM);
    struck.add(
        new Struck(
            strike, second, (System.nanoTime() - ended) / 1_000_000, findings.count() - before));
  }

  /// Compares all books; if something stays open, what the server's threads do is written down, and
  /// what it has stored is kept.
  private void compare() throws IOException, InterruptedException {
    if (!troupe.check(options.within())) {
      target.dumpThreads("threads-" + second() + ".txt");
      String to = target.log().resolveSibling("open-" + second()).toString();
      var _ = target.dormouse("backup", "--to", to, "--data", target.data().toString());
    }
  }

  private void act(Strike strike) throws IOException, InterruptedException {
    switch (strike.fault()) {
      case CALM -> last(strike.seconds());
      case KILL -> {
        kill();
        start();
      }
      case STOP -> {
        target.signal("STOP");
        Thread.sleep(strike.seconds() * SECOND_MS);
        target.signal("CONT");
      }
      case FULL -> {
        nature.fill();
        last(strike.seconds());
        nature.free();
      }
      case SLOW -> {
        nature.slow(strike.size());
        last(strike.seconds());
        nature.slow(0);
      }
      case CLOCK -> {
        nature.clock(strike.size());
        last(strike.seconds());
        nature.clock(0);
      }
      case KILL_STOPPED -> {
        target.signal("STOP");
        Thread.sleep(strike.seconds() * SECOND_MS);
        kill();
        start();
      }
      case KILL_FULL -> {
        nature.fill();
        last(strike.seconds());
        kill();
        nature.free();
        start();
      }
      case KILL_SLOW -> {
        nature.slow(strike.size());
        last(strike.seconds());
        kill();
        start();
        nature.slow(0);
      }
      case KILL_CLOCK -> {
        kill();
        nature.clock(strike.size());
        start();
        last(strike.seconds());
        nature.clock(0);
      }
      case BACKUP -> backup(strike.number());
    }
  }

  private void kill() {
    down = true;
    target.crash();
  }

  private void start() throws IOException, InterruptedException {
    target.start();
    down = false;
    processBegan = System.nanoTime();
  }

  /// Lets time pass, and starts the server again if it ends by itself, which is a finding.
  private void last(long seconds) throws IOException, InterruptedException {
    long until = System.nanoTime() + seconds * 1_000_000_000L;
    while (System.nanoTime() < until) {
      if (!down && !target.isAlive()) {
        findings.add("the server ended by itself", "with " + target.exitCode());
        nature.free();
        start();
      }
      Thread.sleep(TICK_MS);
    }
  }

  private void backup(int number) throws IOException, InterruptedException {
    Path to = target.log().resolveSibling("backup-" + number);
    int made = target.dormouse("backup", "--to", to.toString(), "--data", target.data().toString());
    int read = target.dormouse("restore", "--from", to.toString(), "--check");
    findings.check(
        made == 0 && read == 0, "backup", "made with %d, read with %d".formatted(made, read));
    Folders.delete(to);
  }

  /// Lets every alarm become due, compares all books once more, and stops the server in order.
  private void end() throws IOException, InterruptedException {
    System.err.printf("%5d s  the end%n", second());
    vitals.add(Vitals.of(target, second(), age(), nature.usedMiB()));
    nature.clock(2L * Schedule.FURTHEST);
    last(BREATH_MS * 2 / SECOND_MS);
    compare();
    troupe.close();
    down = true;
    int code = target.stop();
    findings.check(code == 0 || code == 143, "stopping", "the server ended with " + code);
  }

  long second() {
    return (System.nanoTime() - began) / 1_000_000_000L;
  }

  private long age() {
    return (System.nanoTime() - processBegan) / 1_000_000_000L;
  }
}
