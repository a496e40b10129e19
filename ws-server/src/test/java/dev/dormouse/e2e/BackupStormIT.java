package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.JvmFlags;
import dev.dormouse.server.Main;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Twenty ledger rooms in two shard files, written to over HTTP and WebSocket while the command
/// line makes a backup: what it makes of it is each room as it was, at one moment for all.
@DisplayName("A backup made while clients write")
class BackupStormIT {
  private static final int ROOMS = 20;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private final List<Account> accounts =
      IntStream.range(0, ROOMS).mapToObj(n -> new Account("room-" + n)).toList();

  private ServerPlan plan() throws Exception {
    return ServerPlan.in(folder)
        .port(ServerProcess.quietPort())
        .flags("--rooms", LedgerRooms.jar(folder).toString(), "--log-level", "warn")
        .flags("--admin", "0", "--store-files", "2");
  }

  private void does(String... words) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(JvmFlags.inside());
    command.addAll(List.of("-cp", String.join(":", ServerPlan.serverClassPath())));
    command.add(Main.class.getName());
    command.addAll(List.of(words));
    Path said = folder.resolve("command.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String out = java.nio.file.Files.readString(said);
    System.out.print("BackupStormIT: " + out);
    assertThat(process.exitValue()).as(out).isZero();
  }

  private Map<String, Map<String, String>> rows(ServerProcess server) throws Exception {
    Map<String, Map<String, String>> all = new TreeMap<>();
    try (Asking http = new Asking(server.port(), LedgerRooms.NAME)) {
      for (Account account : accounts) {
        all.put(account.room(), Account.rows(http.get(account.room(), "all")));
      }
    }
    return all;
  }

  private static Map<String, String> below(Map<String, String> rows, String prefix) {
    Map<String, String> found = new TreeMap<>();
    rows.forEach((key, value) -> {
      if (key.startsWith(prefix)) {
        found.put(key.substring(prefix.length()), value);
      }
    });
    return found;
  }

  @Test
  void has_of_each_room_what_it_had_at_one_moment_of_all() throws Exception {
    ServerPlan plan = plan();
    Path backup = folder.resolve("backup");
    Map<String, Map<String, String>> before;
    Map<String, Map<String, String>> after;
    try (ServerProcess server = ServerProcess.start(plan)) {
      LedgerClients clients =
          LedgerClients.start(server, LedgerRooms.NAME, accounts, "b", 1, false);
      clients.awaitFirstAnswers();
      before = rows(server);
      does("backup", "--data", plan.data().toString(), "--to", backup.toString());
      after = rows(server);
      server.kill();
      assertThat(clients.complaints()).isEmpty();
    }
    Path restored = folder.resolve("restored");
    does("restore", "--from", backup.toString(), "--to", restored.toString());
    try (ServerProcess server = ServerProcess.start(plan.data(restored))) {
      Map<String, Map<String, String>> then = rows(server);
      for (Account account : accounts) {
        isPrefix(
            then.getOrDefault(account.room(), Map.of()),
            before.getOrDefault(account.room(), Map.of()),
            after.getOrDefault(account.room(), Map.of()));
      }
      isOneMoment(then);
      // It takes up its work.
      try (Asking http = new Asking(server.port(), LedgerRooms.NAME)) {
        http.get("room-0", "add?op=after");
      }
    }
  }

  private static void isPrefix(
      Map<String, String> then, Map<String, String> before, Map<String, String> after) {
    Map<String, String> ops = below(then, "op/");
    assertThat(ops).containsAllEntriesOf(below(before, "op/"));
    assertThat(below(after, "op/")).containsAllEntriesOf(ops);
    assertThat(ops).hasSize(Integer.parseInt(then.getOrDefault("count", "0")));
    // Each count once: none is missing in between, none is there twice.
    assertThat(
            ops.values().stream()
                .map(entry -> Integer.parseInt(entry.split(" ", -1)[0]))
                .sorted()
                .toList())
        .isEqualTo(IntStream.rangeClosed(1, ops.size()).boxed().toList());
  }

  /// A room that was told something by another is not ahead of it, nor behind what it has answered.
  private static void isOneMoment(Map<String, Map<String, String>> then) {
    then.forEach((room, rows) ->
        below(rows, "in/")
            .forEach((op, _) ->
                assertThat(then.values())
                    .as("%s took %s, which somebody sent", room, op)
                    .anySatisfy(other -> assertThat(other).containsEntry("out/" + op, room))));
    then.forEach((room, rows) ->
        below(rows, "sent/")
            .forEach((op, _) ->
                assertThat(then.get(rows.get("out/" + op)))
                    .as("%s was told that %s has arrived", room, op)
                    .containsKey("in/" + op)));
  }
}
