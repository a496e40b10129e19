package dev.dormouse.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.crash.Places.Place;
import dev.dormouse.crash.check.Finding;
import dev.dormouse.saga.log.LogFailpoints;
import dev.dormouse.storage.StoreFailpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One thread's trials, one after the other in one arena; in a new one after some deaths, since
/// what lies in it is read again after each, and after anything that went wrong.
///
/// After each death what is on the disk is judged, the next process finishes what was begun, and
/// all is judged again.
final class Trials implements AutoCloseable {
  private static final int DEATHS = 15;
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final AtomicInteger ARENAS = new AtomicInteger();

  private final Path folder;
  private final long seed;
  private final CrashReport report;
  private final Arena.Kind kind;
  private @Nullable Arena arena;
  private int deaths;

  Trials(Path folder, long seed, CrashReport report, Arena.Kind kind) {
    this.folder = folder;
    this.seed = seed;
    this.report = report;
    this.kind = kind;
  }

  /// What is done in an arena.
  interface Body {
    void run(Arena arena) throws Exception;
  }

  Random random(String of) {
    return new Random(seed * 31 + of.hashCode());
  }

  /// In an arena in which something runs, and may still be at work.
  void with(Body body) throws Exception {
    try {
      body.run(arena());
    } catch (Exception | AssertionError failed) {
      close();
      throw failed;
    }
  }

  private Arena arena() throws Exception {
    Arena present = arena;
    if (present != null && deaths < DEATHS) {
      return present;
    }
    close();
    Arena fresh = fresh();
    arena = fresh;
    deaths = 0;
    fresh.start();
    return fresh;
  }

  /// One of the caller's own, in which nothing runs.
  Arena fresh() throws Exception {
    int number = ARENAS.incrementAndGet();
    return new Arena(folder.resolve("arena-" + number), "a" + number, seed + number, kind);
  }

  @Override
  public void close() throws IOException, SQLException {
    Arena present = arena;
    arena = null;
    if (present != null) {
      present.close();
      report.left(present);
    }
  }

  /// Judges what a death has left, starts again, and judges the end of it.
  void recover(Arena it, String point, String what, int hit, Random random) throws Exception {
    deaths++;
    List<Finding> findings = new ArrayList<>(it.afterDeath());
    if (findings.isEmpty()) {
      // Dead for a moment, or until all that waited is due.
      it.passes(random.nextBoolean() ? 0 : 5_000);
      it.start();
      it.awaitQuiet();
      findings.addAll(it.atQuiet());
    }
    judge(it, point, what, hit, findings);
  }

  void judge(Arena it, String point, String what, int hit, List<Finding> findings)
      throws Exception {
    report.ran(point, what, hit, it.news(), findings);
    assertThat(findings).as("%s at %s, pass %d, seed %d", point, what, hit, seed).isEmpty();
  }

  // ---- C1 to C19

  /// Dies at a place.
  void dies(Place place, int hit) throws Exception {
    Random random = random(place.failpoint() + hit);
    with(it -> {
      it.awaitQuiet();
      switch (place.when()) {
        case AT_WORK ->
            assertThat(it.dieAtWork(place.failpoint(), hit, random))
                .as("%s was passed %d times, seed %d", place, hit, seed)
                .isTrue();
        case IN_A_START -> {
          it.load().drive(it.child(), random, 12);
          it.kill();
          it.dieAtStart(place.failpoint(), hit);
        }
        case IN_EACH_START -> {
          it.load().drive(it.child(), random, 12);
          it.kill();
          for (int start = 1; start <= hit; start++) {
            judge(it, place.point(), place.failpoint(), hit, it.afterDeath());
            it.dieAtStart(place.failpoint(), 1);
          }
        }
      }
      recover(it, place.point(), place.failpoint(), hit, random);
    });
  }

  // ---- C20

  /// Dies, and comes back with a clock that is wrong by so many hours.
  void wrongClock(String what, int hours, int hit) throws Exception {
    Random random = random(what + hit);
    with(it -> {
      it.awaitQuiet();
      assertThat(it.dieAtWork(Places.POSTS_COMMAND, hit, random)).isTrue();
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
      judge(it, "C20", what, hit, findings);
      recover(it, "C20", what, hit, random);
    });
  }

  // ---- C21

  /// @param dies whether the process is killed in the end
  record Trouble(String failpoint, Traps.Action action, boolean dies) {
    @Override
    public String toString() {
      return "%s at %s%s".formatted(action, failpoint, dies ? ", then killed" : "");
    }

    /// A log that does not know what it has written takes nothing more in this process.
    static List<Trouble> all() {
      return List.of(
          new Trouble(StoreFailpoints.BEFORE_COMMIT, Traps.Action.FULL, false),
          new Trouble(StoreFailpoints.BEFORE_COMMIT, Traps.Action.FULL, true),
          new Trouble(StoreFailpoints.BEFORE_COMMIT, Traps.Action.IO, true),
          new Trouble(StoreFailpoints.AFTER_COMMIT, Traps.Action.IO, false),
          new Trouble(StoreFailpoints.AFTER_COMMIT, Traps.Action.IO, true),
          new Trouble(StoreFailpoints.BEFORE_ANSWER, Traps.Action.IO, false),
          new Trouble(LogFailpoints.BEFORE_APPEND, Traps.Action.IO, false),
          new Trouble(LogFailpoints.BEFORE_APPEND, Traps.Action.IO, true),
          new Trouble(LogFailpoints.IN_APPEND, Traps.Action.MAPPED, true),
          new Trouble(LogFailpoints.BEFORE_SYNC, Traps.Action.IO, true),
          new Trouble(LogFailpoints.AFTER_SYNC, Traps.Action.IO, true));
    }
  }

  /// The disk fails from a pass on.
  void fails(Trouble trouble, int hit) throws Exception {
    Random random = random(trouble.toString() + hit);
    with(it -> {
      it.awaitQuiet();
      it.child().say("arm %s %d 12 %s".formatted(trouble.failpoint, hit, trouble.action));
      hurt(it, random);
      it.child().say("arm none 1 1 " + trouble.action);
      healed(it, trouble.toString(), hit, trouble.dies, random);
    });
  }

  /// No page is left for the shard files.
  ///
  /// @param time for the how manieth time
  void full(int time) throws Exception {
    String what = "no page left";
    Random random = random(what + time);
    with(it -> {
      it.awaitQuiet();
      it.child().say("limit 1");
      hurt(it, random);
      it.child().say("limit 1000000");
      healed(it, what, 0, false, random);
    });
  }

  /// No space is left for the logs.
  ///
  /// @param time for the how manieth time
  void logFull(int time) throws Exception {
    String what = "no space for a log";
    Random random = random(what + time);
    with(it -> {
      it.awaitQuiet();
      it.kill();
      it.start("-Ddormouse.log-full=true");
      hurt(it, random);
      healed(it, what, 0, true, random);
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
    assertThat(red).as("the disk failed, and it is said so while it is in trouble").isTrue();
  }

  private void healed(Arena arena, String what, int hit, boolean dies, Random random)
      throws Exception {
    if (dies) {
      arena.kill();
      recover(arena, "C21", what, hit, random);
    } else {
      arena.awaitQuiet();
      judge(arena, "C21", what, hit, arena.atQuiet());
    }
  }

  // ---- C22

  /// The power fails again and again.
  void power(int rounds) throws Exception {
    Random random = random("power");
    List<String> places =
        List.of(StoreFailpoints.BEFORE_COMMIT, LogFailpoints.BEFORE_SYNC, LogFailpoints.AFTER_SYNC);
    try (Arena it = fresh()) {
      Path images = it.data().resolveSibling("images");
      for (int round = 0; round < rounds; round++) {
        it.start("-Ddormouse.images=" + images);
        it.load().drive(it.child(), random, 10 + random.nextInt(30));
        it.awaitAnswers(8);
        Thread.sleep(random.nextInt(600));
        if (round % 4 != 3) {
          it.child()
              .say("arm %s %d 1 HALT".formatted(places.get(round % 4), 1 + random.nextInt(6)));
          it.load().drive(it.child(), random, 10);
        }
        it.kill();
        Images.What what = Images.What.of(round);
        Images.restore(images, it.data(), what);
        Images.delete(images);
        judge(it, "C22", what + " back to the last sync", 0, it.afterDeath());
        if (round % 6 == 5) {
          it.start();
          it.awaitQuiet();
          judge(it, "C22", "all that was begun has ended", 0, it.atQuiet());
          it.kill();
        }
      }
      report.left(it);
    }
  }

  // ---- at any time

  /// Kills, most while clients are at work, some while the next process starts; then waits until
  /// all that was begun has ended.
  void anyTime(Random random) throws Exception {
    with(it -> {
      for (int kill = random.nextInt(4); kill >= 0; kill--) {
        it.load().drive(it.child(), random, random.nextInt(50));
        if (random.nextBoolean()) {
          it.awaitAnswers(random.nextInt(20));
        }
        Thread.sleep(random.nextInt(600));
        it.kill();
        judge(it, "any", "killed at work", 0, it.afterDeath());
        if (random.nextInt(4) == 0) {
          it.launch();
          Thread.sleep(random.nextInt(1_500));
          it.kill();
          judge(it, "any", "killed while it starts", 0, it.afterDeath());
        }
        if (kill > 0) {
          it.passes(random.nextBoolean() ? 0 : 3_000);
          // Gives what should have waited for the disk the time to leave.
          it.start(
              "-Ddormouse.slow=%s:%d".formatted(StoreFailpoints.BEFORE_COMMIT, random.nextInt(12)));
        }
      }
      recover(it, "any", "all that was begun has ended", 0, random);
    });
  }
}
