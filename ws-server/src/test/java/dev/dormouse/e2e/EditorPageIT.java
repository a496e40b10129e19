package dev.dormouse.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// People in real browsers on the editor page, by `e2e/editor.mjs`; and beside them, because it
/// takes as long, an editor that has nothing to say. Screenshots go to `target/editor-page`.
@DisplayName("The editor page")
class EditorPageIT {
  private static final long SEED = Long.getLong("dormouse.seed", System.nanoTime() % 1_000_000);
  private static final Path SHOTS = Path.of("target", "editor-page").toAbsolutePath();

  /// `y-websocket` gives up a connection on which it has heard nothing for 30 s, and looks every 3.
  private static final long SILENCE_SECONDS = 35;

  @TempDir static Path folder;

  // Null where Node is not.
  private static @Nullable ServerProcess server;
  private static @Nullable NodeEditor lonely;
  private static long since;

  @BeforeAll
  static void start() throws Exception {
    if (NodeEditor.Node.missing() != null) {
      return; // each test says so by itself
    }
    ServerProcess started = ServerProcess.start(ServerPlan.in(folder));
    server = started;
    NodeEditor silent = NodeEditor.start(started.port(), "silence", 1);
    lonely = silent;
    silent.join();
    since = System.nanoTime();
  }

  @BeforeEach
  void needs_node() throws Exception {
    NodeEditor.Node.require();
  }

  @AfterAll
  static void stop() {
    if (lonely != null) {
      lonely.close();
    }
    if (server != null) {
      server.close();
    }
  }

  /// The first browser there is.
  static String chromium() {
    String named = System.getenv("CHROMIUM");
    return Stream.of(named == null ? "" : named, "/usr/bin/chromium", "/usr/bin/google-chrome")
        .filter(path -> !path.isEmpty() && Files.isExecutable(Path.of(path)))
        .findFirst()
        .orElse("");
  }

  @Test
  void is_where_people_write_together() throws Exception {
    plays("editor.mjs");
    assertThat(SHOTS).isDirectoryContaining("glob:**.png");
  }

  @Test
  void C6_H1_lets_the_room_sleep_while_people_look_at_it_and_a_key_wakes_it() throws Exception {
    plays("sleep.mjs");
  }

  /// Runs a play of the folder `e2e` in a browser.
  private static void plays(String play) throws Exception {
    String chromium = chromium();
    assumeTrue(!chromium.isEmpty(), "chromium was not found; set CHROMIUM to one");
    Path said = folder.resolve(play + ".txt");
    Process browser =
        new ProcessBuilder(
                List.of(
                    "node",
                    NodeEditor.Node.folder().resolve(play).toString(),
                    "--url",
                    requireNonNull(server).url(),
                    "--chromium",
                    chromium,
                    "--shots",
                    SHOTS.toString(),
                    "--seed",
                    Long.toString(SEED)))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertThat(browser.waitFor(150, TimeUnit.SECONDS))
          .as("ended in time:\n%s", Files.readString(said))
          .isTrue();
      assertThat(browser.exitValue()).as(Files.readString(said)).isZero();
    } finally {
      end(browser);
    }
  }

  /// Ends it with all that it has started.
  static void end(Process process) {
    List<ProcessHandle> all = process.descendants().toList();
    process.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void keeps_the_connection_of_somebody_who_says_nothing()
      throws IOException, InterruptedException {
    long silent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
    TimeUnit.MILLISECONDS.sleep(Math.max(0, TimeUnit.SECONDS.toMillis(SILENCE_SECONDS) - silent));
    NodeEditor editor = requireNonNull(lonely);
    assertThat(editor.command("status").path("connected").asBoolean()).isTrue();
    assertThat(editor.disconnections()).isZero();
  }
}
