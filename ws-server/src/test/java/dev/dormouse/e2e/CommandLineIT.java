package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server as it is started from a shell, without anything of the tests in it but the jar with a
/// room.
@DisplayName("A server started from the command line")
class CommandLineIT {
  @TempDir static Path folder;

  @TempDir Path data;

  private ServerPlan plan;
  private ServerProcess server;

  @BeforeEach
  void start() throws Exception {
    plan =
        ServerPlan.in(data)
            .runs(Main.class, ServerPlan.serverClassPath())
            .flags("--rooms", LedgerRooms.jar(folder).toString());
    server = ServerProcess.start(plan);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String all(ServerProcess server) throws IOException {
    try (Asking http = new Asking(server.port(), LedgerRooms.NAME)) {
      return http.get("r", "all");
    }
  }

  private static void add(ServerProcess server, String op) throws IOException {
    try (Asking http = new Asking(server.port(), LedgerRooms.NAME)) {
      http.get("r", "add?op=" + op);
    }
  }

  @Test
  void says_in_one_line_where_it_is() throws Exception {
    assertThat(server.output()).matches("Dormouse is ready at http://127\\.0\\.0\\.1:\\d+\n");
  }

  @Test
  void H5_ends_within_seconds_and_well_on_ctrl_c_and_finds_everything_again() throws Exception {
    add(server, "before");
    long began = System.nanoTime();
    server.signal("INT");
    assertThat(server.exit()).as(server.said()).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));

    server = ServerProcess.start(plan);
    assertThat(all(server)).contains("op/before=1 0");
  }

  @Test
  void S5_refuses_a_second_one_on_its_data_folder_and_names_its_pid() throws Exception {
    add(server, "first");
    try (ServerProcess second = ServerProcess.launch(plan.saysIn(data.resolve("second")))) {
      assertThat(second.ready()).isFalse();
      assertThat(second.exit()).isEqualTo(1);
      assertThat(second.said())
          .contains("process " + server.pid())
          .contains(plan.data().toString())
          .doesNotContain("\tat ");
    }
    add(server, "still");
    assertThat(all(server)).contains("op/first=").contains("op/still=");
  }

  @Test
  void says_who_has_the_port_if_it_is_taken() throws Exception {
    ServerPlan other =
        plan.saysIn(data.resolve("second")).data(data.resolve("other")).port(server.port());
    try (ServerProcess second = ServerProcess.launch(other)) {
      assertThat(second.ready()).isFalse();
      assertThat(second.exit()).isEqualTo(1);
      assertThat(second.said())
          .contains("" + server.port())
          .contains("process " + server.pid())
          .doesNotContain("\tat ");
    }
  }

  /// A home that is read-only and a `/tmp` that runs nothing are no obstacle. Where mounts are
  /// allowed they are just that; everywhere, Java is told of folders that do not exist.
  @Test
  void needs_nothing_outside_its_data_folder() throws Exception {
    Path only = Files.createDirectory(folder.resolve("only"));
    String poor =
        "mount --bind '%1$s' '%1$s'".formatted(only)
            + " && mount --rbind /tmp /tmp && mount -o remount,bind,noexec /tmp"
            + " && mount --rbind ~ ~ && mount -o remount,bind,ro ~ && exec \"$@\"";
    List<String> shell = List.of("unshare", "--map-root-user", "--mount", "sh", "-c", poor, "sh");
    List<String> absent =
        List.of("-Djava.io.tmpdir=/nonexistent/tmp", "-Duser.home=/nonexistent/home");
    boolean mounts = runs(shell);
    System.out.printf("CommandLineIT: mounts are %s here%n", mounts ? "made" : "not allowed");

    try (ServerProcess there =
        ServerProcess.start(
            plan.data(only)
                .saysIn(data.resolve("poor"))
                .options(absent)
                .within(mounts ? shell : List.of()))) {
      add(there, "op");
      assertThat(all(there)).contains("op/op=");
      assertThat(there.stop()).as(there.said()).isZero();
    }
  }

  private static boolean runs(List<String> shell) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(Stream.concat(shell.stream(), Stream.of("true")).toList())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
