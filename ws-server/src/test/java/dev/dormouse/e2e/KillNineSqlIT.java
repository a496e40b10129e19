package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.ServerUnderTest;
import dev.dormouse.storage.StoreFailpoints;
import dev.dormouse.storage.sql.SqlFailpoints;
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
import org.junit.jupiter.params.provider.MethodSource;

/// What [KillNineIT] shows, for rooms whose rows are in SQL and whose count is a key: a turn is
/// there as a whole or not at all, whatever the server was doing when it died (S4, O1, O2, A1, A2,
/// A3).
///
/// ```
/// ./build verify -pl ws-server -am -DskipUnit -Dit.test=KillNineSqlIT -Dfailsafe.failIfNoSpecifiedTests=false \
///     -DintegrationSeconds=0 -Ddormouse.sql.rounds=1000 -Ddormouse.seed=4711
/// ```
@DisplayName("When the server is killed, nothing that anybody was told of a room with SQL is lost")
class KillNineSqlIT {
  private static final int ROUNDS = Integer.getInteger("dormouse.sql.rounds", 4);
  private static final long SEED = Long.getLong("dormouse.seed", System.nanoTime() % 1_000_000);

  /// Whether every failpoint has its turn, not only those that tell most.
  private static final boolean EACH = ROUNDS > 4;

  private static final List<String> OF_COMMITS =
      List.of(
          SqlFailpoints.BEFORE_INDEX,
          SqlFailpoints.INDEXED,
          SqlFailpoints.BEFORE_COMMIT,
          SqlFailpoints.BEFORE_SYNC,
          SqlFailpoints.AFTER_SYNC,
          SqlFailpoints.BEFORE_ANSWER);

  private static final KillRounds KILLS = new KillRounds("KillNineSqlIT", ROUNDS, SEED, OF_COMMITS);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  static Path folder;

  private static Ledgers ledgers;

  @BeforeAll
  static void start() throws Exception {
    System.out.printf("KillNineSqlIT: %d rounds, seed %d, data in %s%n", ROUNDS, SEED, folder);
    ledgers = new Ledgers(folder.resolve("shared"), LedgerRooms.WITH_SQL);
    ledgers.start();
  }

  @AfterAll
  static void stop() {
    ledgers.close();
  }

  @Test
  void S4_at_any_time() throws Exception {
    KILLS.atAnyTime(ledgers);
  }

  /// Those of the store in which the rooms are indexed count too.
  static Stream<String> ofWork() {
    Stream<String> index = Stream.of(StoreFailpoints.BEFORE_COMMIT, StoreFailpoints.AFTER_COMMIT);
    return EACH
        ? Stream.concat(OF_COMMITS.stream(), index)
        : Stream.of(SqlFailpoints.INDEXED, SqlFailpoints.BEFORE_SYNC, StoreFailpoints.AFTER_COMMIT);
  }

  @ParameterizedTest
  @MethodSource("ofWork")
  void S4_at_work_at(String failpoint) throws Exception {
    RandomGenerator random = KILLS.random(failpoint);
    int hit = 1 + random.nextInt(40);
    String what = KILLS.named("%s:%d".formatted(failpoint, hit));
    ledgers.server().kill();
    if (ledgers.launch(List.of("-Ddormouse.halt=%s:%d".formatted(failpoint, hit)))) {
      LedgerClients clients = ledgers.clients(failpoint, random.nextLong(), false);
      assertThat(clients.complaints()).as(what).isEmpty();
    }
    assertThat(ledgers.server().exit()).as(what).isEqualTo(ServerUnderTest.KILLED);
    ledgers.start();
    ledgers.judge(what);
  }

  @Test
  void S4_between_a_rooms_file_and_the_index() throws Exception {
    try (Ledgers fresh = new Ledgers(folder.resolve("made"), LedgerRooms.WITH_SQL)) {
      assertThat(fresh.launch(List.of("-Ddormouse.halt=%s:3".formatted(SqlFailpoints.FILE_MADE))))
          .isTrue();
      LedgerClients clients = fresh.clients("m", 1, false);
      assertThat(clients.complaints()).isEmpty();
      assertThat(fresh.server().exit()).isEqualTo(ServerUnderTest.KILLED);
      fresh.start();
      fresh.judge("a file that no index names");
    }
  }

  /// Past the last one everything is decided.
  static Stream<String> ofFailures() {
    return EACH
        ? OF_COMMITS.stream().filter(name -> !name.equals(SqlFailpoints.BEFORE_ANSWER))
        : Stream.of(SqlFailpoints.BEFORE_COMMIT, SqlFailpoints.BEFORE_SYNC);
  }

  @ParameterizedTest
  @MethodSource("ofFailures")
  void O2_nor_is_it_when_a_commit_fails_at(String failpoint) throws Exception {
    RandomGenerator random = KILLS.random("fail " + failpoint);
    String what = KILLS.named("failed " + failpoint);
    ledgers.server().kill();
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
