package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Somebody in a real browser on the fleet's page, by `e2e/fleet.mjs`. Screenshots go to
/// `target/fleet-page`.
@DisplayName("The fleet's page")
class FleetPageIT {
  private static final Path SHOTS = Path.of("target", "fleet-page").toAbsolutePath();

  @TempDir Path folder;

  /// The first browser there is.
  private static String chromium() {
    String named = System.getenv("CHROMIUM");
    return Stream.of(named == null ? "" : named, "/usr/bin/chromium", "/usr/bin/google-chrome")
        .filter(path -> !path.isEmpty() && Files.isExecutable(Path.of(path)))
        .findFirst()
        .orElse("");
  }

  @Test
  void shows_a_rollout_over_a_thousand_devices_that_fails_and_goes_back() throws Exception {
    NodeEditor.Node.require();
    String chromium = chromium();
    assumeTrue(!chromium.isEmpty(), "chromium was not found; set CHROMIUM to one");
    Path said = folder.resolve("play.txt");
    try (ServerProcess server = ServerProcess.start(ServerPlan.in(folder))) {
      Process browser =
          new ProcessBuilder(
                  List.of(
                      "node",
                      NodeEditor.Node.folder().resolve("fleet.mjs").toString(),
                      "--url",
                      server.url(),
                      "--chromium",
                      chromium,
                      "--shots",
                      SHOTS.toString()))
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      try {
        assertThat(browser.waitFor(150, TimeUnit.SECONDS))
            .as("ended in time:\n%s", Files.readString(said))
            .isTrue();
        assertThat(browser.exitValue()).as(Files.readString(said)).isZero();
      } finally {
        List<ProcessHandle> all = browser.descendants().toList();
        browser.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
      }
    }
    assertThat(SHOTS).isDirectoryContaining("glob:**.png");
  }
}
