package dev.dormouse.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.crash.check.Checker;
import dev.dormouse.crash.check.Finding;
import dev.dormouse.crash.check.ShardFiles;
import dev.dormouse.server.ServerUnderTest;
import java.io.IOException;
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
  private static final int ANSWER_SECONDS = 5;
  private static final Tally DEATH = new Tally(1, 0, 0, 0, 0);
  private static final int WAVE = 10;
  private static final int WAVES = 40;

  /// What runs in it.
  enum Kind {
    /// Rooms without sockets, with failpoints everywhere: a [CrashServer].
    BARE,
    /// `dormouse serve`, with clients over HTTP and WebSockets.
    SERVED
  }

  /// What has happened and been seen in it so far.
  ///
  /// @param kills how many processes died
  /// @param starts how many were started
  /// @param sagas how many sagas there are on the disk, and how many of them have ended
  /// @param messages how many were sent to the queue
  record Tally(int kills, int starts, int sagas, int ended, int messages) {
    static final Tally NOTHING = new Tally(0, 0, 0, 0, 0);

    Tally since(Tally before) {
      return new Tally(
          kills - before.kills,
          starts - before.starts,
          sagas - before.sagas,
          ended - before.ended,
          messages - before.messages);
    }

    Tally plus(Tally more) {
      return new Tally(
          kills + more.kills,
          starts + more.starts,
          sagas + more.sagas,
          ended + more.ended,
          messages + more.messages);
    }
  }

  private final Path folder;
  private final Path data;
  private final Path log;
  private final Oracle oracle = new Oracle();
  private final Ledger ledger;
  private final Load load;
  private final @Nullable LedgerDoor door;
  private Tally tally = Tally.NOTHING;
  private Tally told = Tally.NOTHING;

  /// How far the next process's clock is ahead, in ms.
  private long ahead;

  private @Nullable Child child;

  /// @param tag unique among all arenas of a run
  Arena(Path folder, String tag, long seed, Kind kind) throws Exception {
    this.folder = Files.createDirectories(folder);
    data = folder.resolve("data");
    log = folder.resolve("log.txt");
    ledger = new Ledger(folder.resolve("ledger.txt"), seed);
    load = new Load(tag, oracle);
    door = kind == Kind.SERVED ? new LedgerDoor(ledger) : null;
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

  /// The queues' logs.
  Path logs() {
    return data.resolve("queues");
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
    LedgerDoor world = door;
    Child fresh = Child.launch(world == null ? bare(all) : served(all, world), log, this::hears);
    tally = tally.plus(new Tally(0, 1, 0, 0, 0));
    child = fresh;
    return fresh;
  }

  private Child.Command bare(List<String> options) {
    return new Child.Command(CrashServer.class, options, List.of(data.toString()));
  }

  private Child.Command served(List<String> options, LedgerDoor world) throws IOException {
    return new Child.Command(
        ServerUnderTest.class,
        options,
        List.of(
            "serve",
            "--rooms",
            CrashOffer.jar(folder).toString(),
            "--data",
            data.toString(),
            "--port",
            "0",
            "--store-files",
            Integer.toString(Images.FILES),
            "--service",
            world.setting()));
  }

  /// What has happened since this was last asked.
  Tally news() {
    Tally news = tally.since(told);
    told = tally;
    return news;
  }

  private void sees(Path files) throws Exception {
    Checker.Counts counts = Checker.counts(files);
    tally = new Tally(tally.kills, tally.starts, counts.sagas(), counts.ended(), counts.messages());
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
    if (line.startsWith("lost ")) {
      String again = oracle.lost(line.substring(5));
      if (!again.isEmpty()) {
        from.again(again);
      }
    } else if (line.startsWith("call ")) {
      String[] words = line.split(" ", -1);
      ledger.call(
          words[2],
          words[3],
          words[4],
          answer -> from.say("answer %s %s".formatted(words[1], answer)));
    } else if (line.startsWith("told ") || line.startsWith("no ")) {
      oracle.hears(line);
    }
  }

  /// Kills what runs, if anything does.
  void kill() throws InterruptedException {
    Child now = child;
    if (now != null) {
      now.kill();
      now.exit();
      tally = tally.plus(DEATH);
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
      now.say("sweep");
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
    tally = tally.plus(DEATH);
    child = null;
    assertThat(code).as(() -> said(now)).isEqualTo(Traps.KILLED);
  }

  private static String said(Child child) {
    try {
      return child.said();
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// Waits until clients have got so many more answers; not for ever, since what they asked may
  /// never be answered.
  void awaitAnswers(int more) throws InterruptedException {
    long enough = oracle.told() + more;
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS);
    while (oracle.told() < enough && child().alive() && System.nanoTime() < until) {
      Thread.sleep(5);
    }
  }

  // ---- verdicts

  /// Waits until nothing is under way and all clients have been answered.
  void awaitQuiet() throws Exception {
    Child now = child();
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(QUIET_SECONDS);
    while (!isQuiet()) {
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
                    Checker.check(
                        data, logs(), ledger.file(), oracle.promises(), true, forgets())));
      }
      if (oracle.unanswered() == 0) {
        load.resume(now);
      }
      Thread.sleep(40);
    }
  }

  /// Whether participants ask soon whether sagas have ended: in a real server a minute passes
  /// first.
  private boolean forgets() {
    return door == null;
  }

  private boolean isQuiet() throws Exception {
    return oracle.unanswered() == 0
        && oracle.paused().isEmpty()
        && ShardFiles.quiet(data, forgets())
        && Checker.settled(data, logs());
  }

  /// What is wrong now that nothing is under way; something runs.
  List<Finding> atQuiet() throws Exception {
    sees(data);
    return Checker.check(data, logs(), ledger.file(), oracle.promises(), true, forgets());
  }

  /// What is wrong on the disk that a process has just left.
  List<Finding> afterDeath() throws Exception {
    Path copy = ShardFiles.copy(data, folder.resolve("found"));
    List<Finding> findings = Checker.check(copy, logs(), ledger.file(), oracle.promises(), false);
    if (findings.isEmpty()) {
      sees(copy);
    }
    return findings;
  }

  @Override
  public void close() {
    Child now = child;
    if (now != null) {
      now.close();
    }
    if (door != null) {
      door.close();
    }
    ledger.close();
  }
}
