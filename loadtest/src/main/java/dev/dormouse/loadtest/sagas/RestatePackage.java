package dev.dormouse.loadtest.sagas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What npm has installed of Restate in `peers/restate`.
///
/// @param server the server's own binary, without the package's launcher
/// @param node the runtime of its SDK, which needs a newer one than many systems have
record RestatePackage(String version, Path server, Path node, Path folder) {
  private static final long TO_INSTALL_SECONDS = 300;
  private static final Pattern VERSION = Pattern.compile("\"version\": *\"([^\"]+)\"");

  /// Finds it, or installs it: exactly what the lock file says, and without running any script of a
  /// package, some of which report to their makers.
  ///
  /// @return empty if it cannot be had; what npm said is in `work`
  static Optional<RestatePackage> find(Path folder, Path work) throws IOException {
    Optional<RestatePackage> found = installed(folder);
    return found.isEmpty() && install(folder, work) ? installed(folder) : found;
  }

  private static Optional<RestatePackage> installed(Path folder) throws IOException {
    Path modules = folder.resolve("node_modules");
    Optional<Path> server =
        first(modules.resolve("@restatedev"), "restate-server-*/bin/restate-server");
    Optional<Path> node = first(modules, "node-*/bin/node");
    if (server.isEmpty() || node.isEmpty()) {
      return Optional.empty();
    }
    Path manifest = modules.resolve("@restatedev/restate-server/package.json");
    Matcher version = VERSION.matcher(Files.readString(manifest));
    return Optional.of(
        new RestatePackage(
            version.find() ? version.group(1) : "(version unknown)",
            server.get(),
            node.get(),
            folder));
  }

  /// Of the packages for one kind of machine each, npm takes this machine's only.
  private static Optional<Path> first(Path folder, String pattern) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    var fits = folder.getFileSystem().getPathMatcher("glob:" + folder + "/" + pattern);
    try (Stream<Path> files = Files.walk(folder, 3)) {
      return files.filter(fits::matches).filter(Files::isExecutable).findFirst();
    }
  }

  private static boolean install(Path folder, Path work) throws IOException {
    Process npm;
    try {
      npm =
          new ProcessBuilder(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(work.resolve("npm.log").toFile()))
              .start();
    } catch (IOException _) {
      return false; // No npm on this machine; the caller says that there is no peer.
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
}
