package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.ServerUnderTest;
import dev.dormouse.storage.StoreFailpoints;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Twenty rooms written to over HTTP and WebSocket, by a server that dies at any moment: what
/// anybody was told is there after the next start, nothing is there that nobody asked for, and
/// alarms that came due meanwhile fire once, before anything else (O1, O2, S2, A1, A2, A3).
///
/// For hours, or once more as it was:
///
/// ```
/// ./build verify -pl ws-server -am -DskipUnit -Dit.test=KillNineIT -Dfailsafe.failIfNoSpecifiedTests=false \
///     -DintegrationSeconds=0 -Ddormouse.rounds=5000 -Ddormouse.seed=4711
/// ```
@DisplayName("When the server is killed, nothing that anybody was told is lost")
class KillNineIT {
  private static final int ROUNDS = Integer.getInteger("dormouse.rounds", 12);
  private static final long SEED = Long.getLong("dormouse.seed", System.nanoTime() % 1_000_000);

  /// Failpoints that only the first start on a data folder passes.
  private static final List<String> OF_NEW_FOLDERS =
      List.of(StoreFailpoints.FOLDER_LOCKED, StoreFailpoints.FOLDER_KEYED);

  private static final List<String> OF_STARTS =
      List.of(StoreFailpoints.FILES_OPEN, StoreFailpoints.EPOCH_RAISED, StoreFailpoints.OPENED);

  private static final List<String> OF_TURNS =
      List.of("room.takes", "room.begins", "room.turn-ends", "room.suspends", "room.resumes");

  private static final List<String> OF_COMMITS =
      List.of(
          StoreFailpoints.BEFORE_BEGIN,
          StoreFailpoints.BEFORE_ROOM,
          StoreFailpoints.BEFORE_COMMIT,
          StoreFailpoints.AFTER_COMMIT,
          StoreFailpoints.BEFORE_ANSWER);

  private static final KillRounds KILLS = new KillRounds("KillNineIT", ROUNDS, SEED, OF_COMMITS);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  static Path folder;

  /// The same for all cases, which so find what others left behind.
  private static Ledgers ledgers;

  @BeforeAll
  static void start() throws Exception {
    System.out.printf("KillNineIT: %d rounds, seed %d, data in %s%n", ROUNDS, SEED, folder);
    ledgers = new Ledgers(folder.resolve("shared"));
    ledgers.start();
  }

  @AfterAll
  static void stop() {
    ledgers.close();
  }

  @Test
  void at_any_time() throws Exception {
    KILLS.atAnyTime(ledgers);
  }

  /// All of the store's but those of starts, so that a new one is killed at, too.
  static Stream<String> ofWork() {
    return Stream.concat(StoreFailpoints.all().stream(), OF_TURNS.stream())
        .filter(name -> !OF_STARTS.contains(name) && !OF_NEW_FOLDERS.contains(name));
  }

  @ParameterizedTest
  @MethodSource("ofWork")
  void at_work_at(String failpoint) throws Exception {
    RandomGenerator random = KILLS.random(failpoint);
    dieWhileWrittenTo(random);
    int hit =
        switch (failpoint) {
          case StoreFailpoints.BEFORE_REOPEN -> 1;
          case StoreFailpoints.READER -> 1 + random.nextInt(3);
          default -> 1 + random.nextInt(60);
        };
    // A shard file is opened again only after a commit that failed.
    boolean failing = failpoint.equals(StoreFailpoints.BEFORE_REOPEN);
    String fail = failing ? StoreFailpoints.AFTER_COMMIT + ":30" : "";
    String what = KILLS.named("%s:%d".formatted(failpoint, hit));
    if (ledgers.launch(
        List.of("-Ddormouse.halt=%s:%d".formatted(failpoint, hit), "-Ddormouse.fail=" + fail))) {
      LedgerClients clients = ledgers.clients(failpoint, random.nextLong(), failing);
      assertThat(clients.complaints()).as(what).isEmpty();
    }
    assertThat(ledgers.server().exit()).as(what).isEqualTo(ServerUnderTest.KILLED);
    ledgers.start();
    ledgers.judge(what);
  }

  @ParameterizedTest
  @FieldSource("OF_STARTS")
  void at_a_start_at(String failpoint) throws Exception {
    dieWhileWrittenTo(KILLS.random(failpoint));
    ledgers.dieAtStart(failpoint);
    ledgers.start();
    ledgers.judge(KILLS.named(failpoint));
  }

  private static void dieWhileWrittenTo(RandomGenerator random) throws Exception {
    LedgerClients clients = ledgers.clients("w", random.nextLong(), false);
    clients.awaitFirstAnswers();
    ledgers.server().kill();
    assertThat(clients.complaints()).isEmpty();
  }

  static Stream<String> ofFirstStarts() {
    return Stream.concat(OF_NEW_FOLDERS.stream(), OF_STARTS.stream());
  }

  @ParameterizedTest
  @MethodSource("ofFirstStarts")
  void at_the_first_start_at(String failpoint) throws Exception {
    try (Ledgers fresh = new Ledgers(folder.resolve(failpoint))) {
      fresh.dieAtStart(failpoint);
      fresh.start();
      LedgerClients clients = fresh.clients("f", 1, false);
      clients.awaitFirstAnswers();
      fresh.server().kill();
      assertThat(clients.complaints()).isEmpty();
      fresh.start();
      fresh.judge(KILLS.named(failpoint));
    }
  }

  @ParameterizedTest
  @FieldSource("OF_COMMITS")
  void O2_nor_is_it_when_a_commit_fails_at(String failpoint) throws Exception {
    RandomGenerator random = KILLS.random("fail " + failpoint);
    String what = KILLS.named("failed " + failpoint);
    dieWhileWrittenTo(random);
    assertThat(ledgers.launch(List.of("-Ddormouse.fail=%s:30".formatted(failpoint)))).isTrue();
    LedgerClients clients = ledgers.clients("o", random.nextLong(), true);
    clients.awaitRefusal();
    Thread.sleep(random.nextInt(KillRounds.WORK_MILLIS));
    ledgers.server().kill();
    assertThat(clients.complaints()).as(what).isEmpty();
    Thread.sleep(KillRounds.RETRY_MILLIS);
    ledgers.start();
    ledgers.judge(what);
  }
}
