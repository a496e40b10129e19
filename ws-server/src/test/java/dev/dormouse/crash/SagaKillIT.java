package dev.dormouse.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// The crash matrix of sagas and queues (C1 to C22), and kills at any time: after each death what
/// is on the disk is judged (I1 to I10), the next process finishes what was begun, and all is
/// judged again.
///
/// A build kills once at each place, at a pass of chance, and for a while at random.
/// `loadtest/crash` does all of it and writes a report:
///
/// - `-Ddormouse.crash=full`: all places at passes 1, 2 and 3
/// - `-Ddormouse.crash.seconds=n`: random kills for so long
/// - `-Ddormouse.crash.points=C1[0-2]`: only crash points that this regular expression fits
/// - `-Ddormouse.crash.pause=file`: waits between trials while that file is there
/// - `-Ddormouse.seed=n`: the run that printed this
/// - `-Ddormouse.report=folder`: where the report goes
@DisplayName("When a server with sagas and queues dies, none is lost, and nothing is done twice")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SagaKillIT {
  private static final long SEED = Long.getLong("dormouse.seed", System.nanoTime() % 1_000_000);
  private static final boolean FULL = "full".equals(System.getProperty("dormouse.crash"));
  private static final String POINTS = System.getProperty("dormouse.crash.points", ".*");
  private static final int RANDOM_SECONDS = Integer.getInteger("dormouse.crash.seconds", 10);
  private static final int THREADS = 3;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  static Path folder;

  private static final CrashReport REPORT =
      new CrashReport(
          SEED,
          System.getProperty("dormouse.command", "SagaKillIT"),
          System.getProperty("dormouse.report", ""));

  @BeforeAll
  static void say() {
    System.out.printf("SagaKillIT: seed %d, data in %s%n", SEED, folder);
  }

  @AfterAll
  static void report() {
    System.out.println("SagaKillIT: " + REPORT.summary());
  }

  private static Trials trials(Arena.Kind kind) {
    return new Trials(folder, SEED, REPORT, kind);
  }

  /// At which passes something is tried.
  private static List<Integer> hits(String what) {
    return FULL
        ? List.of(1, 2, 3)
        : List.of(1 + new Random(SEED * 31 + what.hashCode()).nextInt(Places.HITS));
  }

  private static void run(List<Matrix.Cell> cells) throws InterruptedException {
    List<Matrix.Cell> wanted = cells.stream().filter(cell -> cell.point().matches(POINTS)).toList();
    List<String> wrong = Matrix.run(wanted, THREADS, SEED, REPORT, () -> trials(Arena.Kind.BARE));
    assertThat(wrong).as("seed %d", SEED).isEmpty();
  }

  @Order(1)
  @Test
  void C1_to_C19_whatever_it_dies_at() throws Exception {
    List<Matrix.Cell> cells = new ArrayList<>();
    for (Places.Place place : Places.all()) {
      for (int hit : hits(place.failpoint())) {
        cells.add(
            new Matrix.Cell(
                place.point(), place.failpoint(), hit, trials -> trials.dies(place, hit)));
      }
    }
    run(cells);
  }

  @Order(2)
  @Test
  void C20_no_alarm_is_lost_when_the_clock_is_wrong_at_restart() throws Exception {
    List<Matrix.Cell> cells = new ArrayList<>();
    for (int hours : List.of(1, -1)) {
      String what = "clock an hour " + (hours > 0 ? "ahead" : "behind");
      for (int hit : hits(what)) {
        cells.add(new Matrix.Cell("C20", what, hit, trials -> trials.wrongClock(what, hours, hit)));
      }
    }
    run(cells);
  }

  @Order(3)
  @Test
  void C21_nothing_half_done_is_left_by_a_disk_that_fails_or_is_full() throws Exception {
    List<Matrix.Cell> cells = new ArrayList<>();
    for (Trials.Trouble trouble : Trials.Trouble.all()) {
      for (int hit : hits(trouble.toString())) {
        cells.add(
            new Matrix.Cell("C21", trouble.toString(), hit, trials -> trials.fails(trouble, hit)));
      }
    }
    for (int time : hits("full")) {
      cells.add(new Matrix.Cell("C21", "no page left", 0, trials -> trials.full(time)));
      cells.add(new Matrix.Cell("C21", "no space for a log", 0, trials -> trials.logFull(time)));
    }
    run(cells);
  }

  @Order(4)
  @Test
  void C22_what_anybody_was_told_is_there_when_the_power_fails() throws Exception {
    List<Matrix.Cell> cells = new ArrayList<>();
    cells.add(
        new Matrix.Cell("C22", "back to the last sync", 0, trials -> trials.power(FULL ? 24 : 6)));
    run(cells);
  }

  @Order(5)
  @Test
  void at_any_time() throws Exception {
    Random random = new Random(SEED * 31 + 7);
    long until = System.nanoTime() + Duration.ofSeconds(RANDOM_SECONDS).toNanos();
    int rounds = 0;
    List<String> wrong = new ArrayList<>();
    try (Trials trials = trials(Arena.Kind.SERVED)) {
      do {
        until += Pause.between();
        try {
          trials.anyTime(random);
        } catch (Exception | AssertionError failed) {
          REPORT.failed("any", "killed at work", 0, String.valueOf(failed.getMessage()));
          wrong.add(failed.toString());
        }
        rounds++;
      } while (System.nanoTime() < until);
    }
    System.out.printf("SagaKillIT: %d random rounds, seed %d%n", rounds, SEED);
    assertThat(wrong).as("seed %d", SEED).isEmpty();
    assertThat(Clients.HTTP_ANSWERS.sum()).as("answers over HTTP").isPositive();
    assertThat(Clients.SOCKET_ANSWERS.sum()).as("answers over WebSockets").isPositive();
  }
}
