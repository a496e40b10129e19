package dev.dormouse.loadtest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Gets peers that come as packages of npm.
public final class Npm {
  private static final long TO_INSTALL_SECONDS = 300;
  private static final Pattern VERSION = Pattern.compile("\"version\": *\"([^\"]+)\"");

  private Npm() {}

  /// Runs npm in `folder`, for at most five minutes; blocks meanwhile. What it says is appended to
  /// `npm.log` in `work`.
  ///
  /// @return whether it did what was asked; false too if this machine has no npm
  public static boolean run(Path folder, Path work, String... arguments) {
    Process npm;
    try {
      npm =
          new ProcessBuilder(Stream.concat(Stream.of("npm"), List.of(arguments).stream()).toList())
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(work.resolve("npm.log").toFile()))
              .start();
    } catch (IOException _) {
      return false; // The caller says that there is no peer.
    }
    try {
      if (npm.waitFor(TO_INSTALL_SECONDS, TimeUnit.SECONDS)) {
        return npm.exitValue() == 0;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    npm.descendants().forEach(ProcessHandle::destroy);
    npm.destroy();
    return false;
  }

  /// The version that a package's `package.json` says.
  public static String version(Path manifest) throws IOException {
    Matcher version = VERSION.matcher(Files.readString(manifest));
    return version.find() ? version.group(1) : "(version unknown)";
  }
}
