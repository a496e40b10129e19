package dev.dormouse.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.crash.check.Checker;
import dev.dormouse.crash.check.Finding;
import dev.dormouse.crash.check.ShardFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A data folder, the world around it, and the processes that live on it one after the other. For
/// one thread.
final class Arena implements AutoCloseable {
  private static final int QUIET_SECONDS = 90;
  private static final int WAVE = 10;
  private static final int WAVES = 40;

  private final Path folder;
  private final Path data;
  private final Path log;
  private final Oracle oracle = new Oracle();
  private final Ledger ledger;
  private final Load load;

  /// How far the next process's clock is ahead, in ms.
  private long ahead;

  private @Nullable Child child;

  /// @param tag unique among all arenas of a run
  Arena(Path folder, String tag, long seed) throws Exception {
    this.folder = Files.createDirectories(folder);
    data = folder.resolve("data");
    log = folder.resolve("log.txt");
    ledger = new Ledger(folder.resolve("ledger.txt"), seed);
    load = new Load(tag, oracle);
  }

  Oracle oracle() {
    return oracle;
  }

  Load load() {
    return load;
  }

  Path data() {
    return data;
  }

  Path ledger() {
    return ledger.file();
  }

  Child child() {
    Child now = child;
    if (now == null) {
      throw new IllegalStateException("nothing runs");
    }
    return now;
  }

  /// The clock goes on by so much while no process runs; back if negative.
  void passes(long millis) {
    ahead += millis;
  }

  // ---- lives

  /// Starts a process without waiting.
  Child launch(String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("-Ddormouse.clock=" + ahead);
    all.add("-Dorg.sqlite.tmpdir=" + System.getProperty("org.sqlite.tmpdir", folder.toString()));
    Child fresh = Child.launch(data, log, all, this::hears);
    child = fresh;
    return fresh;
  }

  /// Starts a process that is to work; clients ask again for what was not answered.
  void start(String... options) throws Exception {
    Child fresh = launch(options);
    if (!fresh.ready()) {
      throw new AssertionError("the process did not start:\n" + fresh.said());
    }
    oracle.again().forEach(fresh::say);
  }

  private void hears(Child from, String line) {
    if (line.startsWith("call ")) {
      String[] words = line.split(" ", -1);
      ledger.call(
          words[2],
          words[3],
          words[4],
          answer -> from.say("answer %s %s".formatted(words[1], answer)));
    } else {
      oracle.hears(line);
    }
  }

  /// Kills what runs, if anything does.
  void kill() throws InterruptedException {
    Child now = child;
    if (now != null) {
      now.kill();
      now.exit();
      child = null;
    }
  }

  /// Lets clients work until the process dies at the place; it must be quiet before.
  ///
  /// @return false if it never passes there
  boolean dieAtWork(String failpoint, int hit, RandomGenerator random) throws Exception {
    Child now = child();
    now.say("arm %s %d 1 HALT".formatted(failpoint, hit));
    for (int wave = 0; wave < WAVES && now.alive(); wave++) {
      load.drive(now, random, WAVE);
      if (now.endsWithin(600)) {
        break;
      }
      load.resume(now);
    }
    if (now.alive()) {
      return false;
    }
    died(now);
    return true;
  }

  /// Starts a process that dies on its way.
  void dieAtStart(String failpoint, int hit) throws Exception {
    Child now = launch("-Ddormouse.halt=%s:%d".formatted(failpoint, hit));
    assertThat(now.ready()).as("it started, and never passed %s", failpoint).isFalse();
    died(now);
  }

  private void died(Child now) throws Exception {
    int code = now.exit();
    child = null;
    assertThat(code).as(() -> said(now)).isEqualTo(Traps.KILLED);
  }

  private static String said(Child child) {
    try {
      return child.said();
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }

  // ---- verdicts

  /// Waits until nothing is under way and all clients have been answered.
  void awaitQuiet() throws Exception {
    Child now = child();
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(QUIET_SECONDS);
    while (oracle.unanswered() > 0 || !oracle.paused().isEmpty() || !ShardFiles.quiet(data)) {
      if (!now.alive()) {
        throw new AssertionError("the process died by itself:\n" + now.said());
      }
      if (System.nanoTime() > until) {
        throw new AssertionError(
            "not quiet after %d s: %d answers are missing, %s may be paused, %s"
                .formatted(
                    QUIET_SECONDS,
                    oracle.unanswered(),
                    oracle.paused(),
                    Checker.check(data, ledger.file(), oracle.promises(), true)));
      }
      if (oracle.unanswered() == 0) {
        load.resume(now);
      }
      Thread.sleep(40);
    }
  }

  /// What is wrong now that nothing is under way; something runs.
  List<Finding> atQuiet() throws Exception {
    return Checker.check(data, ledger.file(), oracle.promises(), true);
  }

  /// What is wrong on the disk that a process has just left.
  List<Finding> afterDeath() throws Exception {
    Path copy = ShardFiles.copy(data, folder.resolve("found"));
    return Checker.check(copy, ledger.file(), oracle.promises(), false);
  }

  @Override
  public void close() {
    Child now = child;
    if (now != null) {
      now.close();
    }
    ledger.close();
  }
}
