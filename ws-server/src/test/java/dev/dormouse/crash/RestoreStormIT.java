package dev.dormouse.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.crash.check.Checker;
import dev.dormouse.crash.check.Promises;
import dev.dormouse.crash.check.ShardFiles;
import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.server.backup.Restoration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Backups of a process with sagas, compare-and-set transitions and parcels in a queue under way,
/// in several shard files: each is judged as a disk is after a crash (I1 to I10), restored, its
/// sagas end, and each parcel comes to something, once.
///
/// Steps are of rooms only: a service outside has seen what came after the backup, and remembers.
///
/// For longer, or once more as it was: `-Ddormouse.storm.seconds=60 -Ddormouse.seed=4711`.
@DisplayName("A backup made in a storm of sagas")
class RestoreStormIT {
  private static final long SEED = Long.getLong("dormouse.seed", System.nanoTime() % 1_000_000);
  private static final long SECONDS = Integer.getInteger("dormouse.storm.seconds", 2);
  private static final int QUIET_SECONDS = 120;
  private static final List<String> DEFINITIONS = List.of("trip", "pair");
  private static final List<String> MOODS = List.of("fine", "later", "breaks", "dies");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  /// What was told, by op; a saga's op is its id.
  private final Map<String, String> told = new ConcurrentHashMap<>();

  private final Map<String, String> owners = new HashMap<>();

  /// Who sent which parcel, by op.
  private final Map<String, String> senders = new HashMap<>();

  private int ops;

  private void hears(Child from, String line) {
    String[] words = line.split(" ", 3);
    told.put(words[0].equals("backup") ? "backup" : words[1], line);
  }

  private Child launch(Path data) throws Exception {
    Child child =
        Child.launch(
            new Child.Command(
                CrashServer.class,
                List.of("-Dorg.sqlite.tmpdir=" + folder),
                List.of(data.toString())),
            folder.resolve("log.txt"),
            this::hears);
    assertThat(child.ready()).as(child.said()).isTrue();
    return child;
  }

  private void drive(Child child, RandomGenerator random, long nanos) throws Exception {
    for (long until = System.nanoTime() + nanos; System.nanoTime() < until; ops++) {
      String owner = "o" + random.nextInt(4);
      int dice = random.nextInt(14);
      if (dice >= 10) {
        senders.put("p" + ops, owner);
        child.say("send p%d %s %s".formatted(ops, owner, MOODS.get(dice - 10)));
      } else if (dice < 6) {
        String saga = "s" + ops;
        owners.put(saga, owner);
        child.say(
            "begin %s %s %s %s %d %s - - - %s"
                .formatted(
                    saga,
                    owner,
                    DEFINITIONS.get(random.nextInt(DEFINITIONS.size())),
                    saga,
                    1 + random.nextInt(4_000),
                    dice == 0 ? Errands.CARS : "-",
                    dice == 1 ? Errands.BEDS : "-"));
      } else if (dice == 6 && ops > 5) {
        String saga = List.copyOf(owners.keySet()).get(random.nextInt(owners.size()));
        child.say("cancel c%d %s %s".formatted(ops, owners.get(saga), saga));
      } else {
        // Whoever guesses the version moves the room on.
        child.say("version v%d %s".formatted(ops, owner));
        String known = told.getOrDefault("v" + (ops - 1), "told v 0");
        child.say(
            "swap x%d %s %s".formatted(ops, owner, known.substring(known.lastIndexOf(' ') + 1)));
      }
      Thread.sleep(2);
    }
  }

  private static void awaitQuiet(Path data) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(QUIET_SECONDS);
    while (!ShardFiles.quiet(data) || !Checker.settled(data, data.resolve("queues"))) {
      assertThat(System.nanoTime()).as("something is still under way").isLessThan(until);
      Thread.sleep(40);
    }
  }

  /// Of what was asked for, what was granted before the backup.
  private Map<String, String> kept(Map<String, String> asked, Set<String> before) {
    Map<String, String> kept = new HashMap<>(asked);
    kept.keySet().retainAll(before);
    kept.keySet().removeIf(op -> !told.getOrDefault(op, "").startsWith("told"));
    return kept;
  }

  @Test
  void is_a_moment_that_was_and_all_of_its_sagas_end() throws Exception {
    System.out.printf("RestoreStormIT: seed %d%n", SEED);
    RandomGenerator random = new java.util.Random(SEED);
    Path backup = folder.resolve("backup");
    Set<String> before;
    try (Child child = launch(folder.resolve("data"))) {
      drive(child, random, TimeUnit.SECONDS.toNanos(SECONDS));
      before = new HashSet<>(told.keySet());
      child.say("backup " + backup);
      drive(child, random, TimeUnit.MILLISECONDS.toNanos(800));
      for (int i = 0; i < 1_000 && !told.containsKey("backup"); i++) {
        Thread.sleep(10);
      }
      assertThat(told.get("backup")).isEqualTo("backup done");
      child.kill();
      child.exit();
    }
    Map<String, String> begun = kept(owners, before);
    Map<String, String> sent = kept(senders, before);
    assertThat(begun).hasSizeGreaterThan(3);
    assertThat(sent).hasSizeGreaterThan(3);
    Promises promises = new Promises(begun, Map.of(), Set.of(), Map.of(), sent, Set.of());
    Path restored = folder.resolve("restored");
    Restoration.restore(backup, restored, new SystemExecution());
    Path none = folder.resolve("no-services");
    assertThat(Checker.check(restored, restored.resolve("queues"), none, promises, false))
        .isEmpty();
    int sagas = Checker.statuses(restored).size();

    try (Child child = launch(restored)) {
      awaitQuiet(restored);
      assertThat(Checker.check(restored, restored.resolve("queues"), none, promises, true))
          .isEmpty();
      assertThat(Checker.statuses(restored)).hasSize(sagas);
      assertThat(Checker.statuses(restored).values())
          .containsAnyOf("COMPLETED", "COMPENSATED")
          .isSubsetOf("COMPLETED", "COMPENSATED");
      child.kill();
      child.exit();
    }
    assertThat(Files.exists(restored.resolve("restoring"))).isFalse();
  }
}
