package dev.dormouse.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.crash.Places.Place;
import dev.dormouse.crash.check.Finding;
import dev.dormouse.storage.StoreFailpoints;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The crash matrix of sagas (C1 to C22), and kills at any time: after each death what is on the
/// disk is judged (I1 to I7, I9, I10), the next process finishes what was begun, and all is judged
/// again.
///
/// A build kills once at each place, at further passes as far as 30 s reach, and for half a minute
/// at random. `loadtest/crash` does all of it and writes a report:
///
/// - `-Ddormouse.crash=full`: all places at all passes
/// - `-Ddormouse.crash.seconds=n`: random kills for so long
/// - `-Ddormouse.crash.points=C1[0-2]`: only places whose crash point this regular expression fits
/// - `-Ddormouse.seed=n`: the run that printed this
/// - `-Ddormouse.report=folder`: where the report goes
@DisplayName("When a server with sagas dies, none is lost, and nothing is done twice")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SagaKillIT {
  private static final long SEED = Long.getLong("dormouse.seed", System.nanoTime() % 1_000_000);
  private static final boolean FULL = "full".equals(System.getProperty("dormouse.crash"));
  private static final String POINTS = System.getProperty("dormouse.crash.points", ".*");
  private static final int RANDOM_SECONDS = Integer.getInteger("dormouse.crash.seconds", 30);
  private static final Duration MATRIX = Duration.ofSeconds(30);

  /// After so many deaths a new folder: what lies in one is read again after each.
  private static final int DEATHS = 15;

  private static final long HOUR = Duration.ofHours(1).toMillis();

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  static Path folder;

  private static final CrashReport REPORT = new CrashReport(SEED);
  private static final long BEGAN = System.nanoTime();
  private static @Nullable Arena arena;
  private static int arenas;
  private static int deaths;

  @BeforeAll
  static void say() {
    System.out.printf("SagaKillIT: seed %d, data in %s%n", SEED, folder);
  }

  @AfterAll
  static void report() throws Exception {
    leave();
    System.out.println("SagaKillIT: " + REPORT.summary());
    write();
  }

  /// After each run, so that one which is cut short has said what it found.
  private static void write() throws Exception {
    String report = System.getProperty("dormouse.report", "");
    if (!report.isEmpty()) {
      REPORT.write(
          Path.of(report),
          System.getProperty("dormouse.command", "SagaKillIT"),
          Duration.ofNanos(System.nanoTime() - BEGAN));
    }
  }

  // ---- arenas

  /// One with a quiet process, of others' making or new.
  private static Arena arena() throws Exception {
    Arena present = arena;
    if (present != null && deaths < DEATHS) {
      return present;
    }
    leave();
    Arena fresh = fresh();
    arena = fresh;
    deaths = 0;
    fresh.start();
    return fresh;
  }

  private static Arena fresh() throws Exception {
    arenas++;
    return new Arena(folder.resolve("arena-" + arenas), "a" + arenas, SEED + arenas);
  }

  private static void leave() throws Exception {
    Arena present = arena;
    arena = null;
    if (present != null) {
      present.close();
      REPORT.left(present);
    }
  }

  private static Random random(String of) {
    return new Random(SEED * 31 + of.hashCode());
  }

  /// Judges what a death has left, starts again, and judges the end of it.
  private static void recover(Arena arena, String point, String what, int hit, Random random)
      throws Exception {
    deaths++;
    List<Finding> findings = new ArrayList<>(arena.afterDeath());
    if (findings.isEmpty()) {
      // Dead for a moment, or until all that waited is due.
      arena.passes(random.nextBoolean() ? 0 : 5_000);
      arena.start();
      arena.awaitQuiet();
      findings.addAll(arena.atQuiet());
    }
    judge(point, what, hit, findings);
  }

  private static void judge(String point, String what, int hit, List<Finding> findings)
      throws Exception {
    REPORT.ran(point, what, hit, findings);
    write();
    assertThat(findings).as("%s at %s, pass %d, seed %d", point, what, hit, SEED).isEmpty();
  }

  /// Whatever went wrong with it, others need one of their own.
  private static void with(Body body) throws Exception {
    try {
      body.run(arena());
    } catch (Exception | AssertionError failed) {
      leave();
      throw failed;
    }
  }

  private interface Body {
    void run(Arena arena) throws Exception;
  }

  // ---- the matrix

  static Stream<Place> places() {
    return Places.all().stream().filter(place -> place.point().matches(POINTS));
  }

  @Order(1)
  @ParameterizedTest
  @MethodSource("places")
  void C1_to_C18_once_at(Place place) throws Exception {
    Random random = random(place.failpoint());
    die(place, 1 + random.nextInt(place.hits()));
  }

  private static void die(Place place, int hit) throws Exception {
    Random random = random(place.failpoint() + hit);
    with(it -> {
      it.awaitQuiet();
      if (place.atStart()) {
        it.load().drive(it.child(), random, 12);
        it.kill();
        it.dieAtStart(place.failpoint(), hit);
      } else {
        assertThat(it.dieAtWork(place.failpoint(), hit, random))
            .as("%s was passed %d times, seed %d", place, hit, SEED)
            .isTrue();
      }
      recover(it, place.point(), place.failpoint(), hit, random);
    });
  }

  /// One place at one pass.
  private record Pair(Place place, int hit) {}

  @Order(8)
  @Test
  void C1_to_C18_at_their_other_passes() throws Exception {
    List<Pair> rest = new ArrayList<>();
    for (Place place : places().toList()) {
      int once = 1 + random(place.failpoint()).nextInt(place.hits());
      for (int hit = 1; hit <= place.hits(); hit++) {
        if (hit != once) {
          rest.add(new Pair(place, hit));
        }
      }
    }
    Collections.shuffle(rest, new Random(SEED));
    long until = System.nanoTime() + MATRIX.toNanos();
    int done = 0;
    for (Pair pair : rest) {
      if (!FULL && System.nanoTime() > until) {
        break;
      }
      die(pair.place, pair.hit);
      done++;
    }
    System.out.printf("SagaKillIT: %d of %d further passes, seed %d%n", done, rest.size(), SEED);
    assertThat(done).isPositive();
  }

  // ---- clocks

  @Order(3)
  @ParameterizedTest
  @CsvSource({"an hour ahead, 1", "an hour behind, -1"})
  void C20_no_alarm_is_lost_when_the_clock_is_at_restart(String what, int hours) throws Exception {
    Random random = random(what);
    with(it -> {
      it.awaitQuiet();
      assertThat(it.dieAtWork(Places.POSTS_COMMAND, 1 + random.nextInt(5), random)).isTrue();
      List<Finding> findings = new ArrayList<>(it.afterDeath());
      it.passes(hours * HOUR);
      it.start();
      it.load().drive(it.child(), random, 12);
      Thread.sleep(500);
      it.kill();
      findings.addAll(it.afterDeath());
      if (hours < 0) {
        // What waits for a time waits for it; the clock is set right again.
        it.passes(HOUR);
      }
      judge("C20", "clock " + what, 0, findings);
      recover(it, "C20", "clock " + what, 0, random);
    });
  }

  // ---- disks

  @Order(4)
  @ParameterizedTest
  @CsvSource({
    StoreFailpoints.BEFORE_COMMIT + ", FULL, false",
    StoreFailpoints.BEFORE_COMMIT + ", FULL, true",
    StoreFailpoints.BEFORE_COMMIT + ", IO, true",
    StoreFailpoints.AFTER_COMMIT + ", IO, false",
    StoreFailpoints.AFTER_COMMIT + ", IO, true",
    StoreFailpoints.BEFORE_ANSWER + ", IO, false"
  })
  void C21_nothing_half_done_is_left_by_a_disk_that_fails(
      String failpoint, Traps.Action action, boolean dies) throws Exception {
    String what = "%s at %s%s".formatted(action, failpoint, dies ? ", then killed" : "");
    Random random = random(what);
    with(it -> {
      it.awaitQuiet();
      it.child().say("arm %s %d 12 %s".formatted(failpoint, 3 + random.nextInt(20), action));
      hurt(it, random);
      it.child().say("arm none 1 1 " + action);
      healed(it, what, dies, random);
    });
  }

  @Order(5)
  @Test
  void C21_nothing_half_done_is_left_by_a_disk_that_is_full() throws Exception {
    String what = "no page left";
    Random random = random(what);
    with(it -> {
      it.awaitQuiet();
      it.child().say("limit 1");
      hurt(it, random);
      it.child().say("limit 1000000");
      healed(it, what, false, random);
    });
  }

  private static void hurt(Arena arena, Random random) throws Exception {
    boolean red = false;
    for (int wave = 0; wave < 20 && !red; wave++) {
      arena.load().drive(arena.child(), random, 8);
      for (int i = 0; i < 10; i++) {
        arena.load().health(arena.child());
        Thread.sleep(20);
      }
      red = arena.oracle().wasRed();
    }
    assertThat(red).as("the disk failed, and the store says so while it is in trouble").isTrue();
  }

  private static void healed(Arena arena, String what, boolean dies, Random random)
      throws Exception {
    if (dies) {
      arena.kill();
      recover(arena, "C21", what, 0, random);
    } else {
      arena.awaitQuiet();
      judge("C21", what, 0, arena.atQuiet());
    }
  }

  // ---- power

  @Order(6)
  @Test
  void C22_what_anybody_was_told_is_there_when_the_power_fails() throws Exception {
    Random random = random("power");
    try (Arena it = fresh()) {
      Path images = folder.resolve("images");
      int rounds = FULL ? 12 : 3;
      for (int round = 0; round < rounds; round++) {
        it.start("-Ddormouse.images=" + images);
        if (round % 2 == 0) {
          it.child()
              .say(
                  "arm %s %d 1 HALT"
                      .formatted(StoreFailpoints.BEFORE_COMMIT, 5 + random.nextInt(40)));
        }
        it.load().drive(it.child(), random, 15);
        Thread.sleep(random.nextInt(300));
        it.kill();
        Images.restore(images, it.data());
        Images.delete(images);
        judge("C22", "back to the last sync", 0, it.afterDeath());
      }
      it.start();
      it.awaitQuiet();
      judge("C22", "back to the last sync", 0, it.atQuiet());
      REPORT.left(it);
    }
  }

  // ---- at any time

  @Order(7)
  @Test
  void at_any_time() throws Exception {
    Random random = random("any time");
    long until = System.nanoTime() + Duration.ofSeconds(RANDOM_SECONDS).toNanos();
    int rounds = 0;
    while (System.nanoTime() < until) {
      with(it -> {
        for (int kill = random.nextInt(4); kill >= 0; kill--) {
          it.load().drive(it.child(), random, random.nextInt(50));
          Thread.sleep(random.nextInt(600));
          it.kill();
          judge("any", "killed at work", 0, it.afterDeath());
          if (random.nextInt(4) == 0) {
            it.launch();
            Thread.sleep(random.nextInt(900));
            it.kill();
            judge("any", "killed while it starts", 0, it.afterDeath());
          }
          if (kill > 0) {
            it.passes(random.nextBoolean() ? 0 : 3_000);
            // Gives what should have waited for the disk the time to leave.
            it.start(
                "-Ddormouse.slow=%s:%d"
                    .formatted(StoreFailpoints.BEFORE_COMMIT, random.nextInt(12)));
          }
        }
        recover(it, "any", "all that was begun has ended", 0, random);
      });
      rounds++;
    }
    System.out.printf("SagaKillIT: %d random rounds, seed %d%n", rounds, SEED);
    assertThat(rounds).isPositive();
  }
}
