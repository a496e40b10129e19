package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dormouse.server.http.AdminStage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An operator at the inspector's page in a real browser, by `e2e/admin.mjs`. Screenshots of every
/// view, wide and narrow, light and dark, go to `target/admin-page`.
@DisplayName("The inspector's page")
class AdminPageIT {
  private static final Path SHOTS = Path.of("target", "admin-page").toAbsolutePath();

  private static final String TOKEN = "a token that only operators know of";

  @TempDir static Path folder;

  @Test
  void shows_sagas_queues_and_rooms_and_has_done_what_is_confirmed() throws Exception {
    NodeEditor.Node.require();
    String chromium = EditorPageIT.chromium();
    assumeTrue(!chromium.isEmpty(), "chromium was not found; set CHROMIUM to one");
    try (AdminStage stage = AdminStage.start(TOKEN)) {
      Path said = folder.resolve("admin.txt");
      Process browser =
          new ProcessBuilder(
                  List.of(
                      "node",
                      NodeEditor.Node.folder().resolve("admin.mjs").toString(),
                      "--url",
                      "http://127.0.0.1:" + stage.port(),
                      "--token",
                      TOKEN,
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
        EditorPageIT.end(browser);
      }
      assertThat(stage.sagaOrders())
          .containsExactly(
              "Retry[actor=ada, note=paper is in]",
              "Resolve[step=hotel, applied=false, actor=ada, note=called them]");
      assertThat(stage.queueOrders()).containsExactly("redrive 40", "redrive all", "purge");
      assertThat(stage.closed()).containsExactly("2 4403 too loud");
      assertThat(SHOTS).isDirectoryContaining("glob:**saga-700-dark.png");
    }
  }
}
