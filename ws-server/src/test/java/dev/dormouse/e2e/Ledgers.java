package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.ServerUnderTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Twenty ledger rooms, the server that has them, and an [Account] of each.
///
/// For one thread.
final class Ledgers implements AutoCloseable {
  private static final int ROOMS = 20;
  private static final int QUIET_SECONDS = 10;

  private final List<Account> accounts =
      IntStream.range(0, ROOMS).mapToObj(n -> new Account("room-" + n)).toList();
  private final ServerPlan plan;
  private final String namespace;
  private @Nullable ServerProcess server;
  private boolean watched;

  /// When the last start began, in ms.
  private long startedAt;

  Ledgers(Path folder) throws IOException {
    this(folder, LedgerRooms.NAME);
  }

  /// @param namespace of the rooms
  Ledgers(Path folder, String namespace) throws IOException {
    this.namespace = namespace;
    plan =
        ServerPlan.in(folder)
            .port(ServerProcess.quietPort())
            .flags("--rooms", LedgerRooms.jar(folder).toString(), "--log-level", "warn");
  }

  ServerProcess server() {
    if (server == null) {
      throw new IllegalStateException("no server was started yet");
    }
    return server;
  }

  /// Starts a server; it must come up.
  void start() throws IOException, InterruptedException {
    start(List.of());
  }

  /// @param options of its JVM
  void start(List<String> options) throws IOException, InterruptedException {
    if (!launch(options)) {
      throw new AssertionError("the server did not start again:\n" + server().said());
    }
    if (!watched) {
      try (Asking http = new Asking(server().port(), namespace)) {
        for (Account account : accounts) {
          http.get(account.room(), "watch-restarts");
        }
      }
      watched = true;
    }
  }

  /// Starts a server and says whether it came up.
  ///
  /// @param options of its JVM
  boolean launch(List<String> options) throws IOException, InterruptedException {
    if (watched) {
      accounts.forEach(Account::serverStarts);
    }
    startedAt = System.currentTimeMillis();
    ServerProcess fresh = ServerProcess.launch(plan.options(options));
    server = fresh;
    return fresh.ready();
  }

  /// Starts a server that is killed before it can be reached.
  void dieAtStart(String failpoint) throws IOException, InterruptedException {
    assertThat(launch(List.of("-Ddormouse.halt=" + failpoint + ":1")))
        .as("a start that passes %s", failpoint)
        .isFalse();
    assertThat(server().exit()).as("killed at %s", failpoint).isEqualTo(ServerUnderTest.KILLED);
  }

  LedgerClients clients(String round, long seed, boolean mayRefuse) throws IOException {
    return LedgerClients.start(server(), namespace, accounts, round, seed, mayRefuse);
  }

  long answers() {
    return accounts.stream().mapToLong(Account::answers).sum();
  }

  /// Compares all rooms with what clients know of them, and lets both forget it.
  ///
  /// @param what names the case in messages
  void judge(String what) throws IOException, InterruptedException {
    try (Asking http = new Asking(server().port(), namespace)) {
      Map<String, Map<String, String>> all = new TreeMap<>();
      for (Account account : accounts) {
        Map<String, String> rows = Account.rows(http.get(account.room(), "all"));
        account.judgeFirstSight(rows, startedAt);
        all.put(account.room(), rows);
      }
      for (Account account : accounts) {
        all.put(account.room(), whenQuiet(http, account));
      }
      for (Account account : accounts) {
        account.judge(all.getOrDefault(account.room(), Map.of()));
        account.judgeMoves(all);
      }
      Account.judgeArrivals(all, accounts);
      for (Account account : accounts) {
        account.forgotten(all.getOrDefault(account.room(), Map.of()));
        http.get(account.room(), "forget");
      }
    } catch (AssertionError | IOException e) {
      throw new AssertionError(what + ": " + e.getMessage() + "\n" + server().said(), e);
    }
  }

  private Map<String, String> whenQuiet(Asking http, Account account)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(QUIET_SECONDS);
    while (true) {
      Map<String, String> rows = Account.rows(http.get(account.room(), "all"));
      if (account.isQuiet(rows)) {
        return rows;
      }
      if (System.nanoTime() > until) {
        throw new AssertionError(
            "%s: alarms have not fired %d s after the start: %s"
                .formatted(account.room(), QUIET_SECONDS, rows));
      }
      Thread.sleep(10);
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
