package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A play of the folder `e2e` that is run by Node in a real browser against a server.
final class BrowserPlay {
  private static final int LIMIT_SECONDS = 150;

  private BrowserPlay() {}

  /// Runs it; skips the test where Node or a browser is missing.
  ///
  /// @param said where its words go
  /// @param shots where its screenshots go
  static void run(String play, String url, long seed, Path said, Path shots) throws Exception {
    run(play, url, seed, said, shots, "");
  }

  /// The same for a play that shows tokens.
  static void run(String play, String url, long seed, Path said, Path shots, String token)
      throws Exception {
    NodeEditor.Node.require();
    String chromium = chromium();
    assumeTrue(!chromium.isEmpty(), "chromium was not found; set CHROMIUM to one");
    String script = NodeEditor.Node.folder().resolve(play).toString();
    Process browser =
        new ProcessBuilder(
                List.of(
                    "node",
                    script,
                    "--url",
                    url,
                    "--chromium",
                    chromium,
                    "--shots",
                    shots.toString(),
                    "--seed",
                    Long.toString(seed),
                    "--token",
                    token))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertThat(browser.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
          .as("ended in time:\n%s", Files.readString(said))
          .isTrue();
      assertThat(browser.exitValue()).as(Files.readString(said)).isZero();
    } finally {
      List<ProcessHandle> all = browser.descendants().toList();
      browser.destroyForcibly();
      all.forEach(ProcessHandle::destroyForcibly);
    }
  }

  /// The first browser there is.
  private static String chromium() {
    String named = System.getenv("CHROMIUM");
    return Stream.of(named == null ? "" : named, "/usr/bin/chromium", "/usr/bin/google-chrome")
        .filter(path -> !path.isEmpty() && Files.isExecutable(Path.of(path)))
        .findFirst()
        .orElse("");
  }
}
