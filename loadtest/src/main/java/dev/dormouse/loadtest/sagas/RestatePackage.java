package dev.dormouse.loadtest.sagas;

import dev.dormouse.loadtest.Npm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// What npm has installed of Restate in `peers/restate`.
///
/// @param server the server's own binary, without the package's launcher
/// @param node the runtime of its SDK, which needs a newer one than many systems have
record RestatePackage(String version, Path server, Path node, Path folder) {
  /// Finds it, or installs it: exactly what the lock file says, and without running any script of a
  /// package, some of which report to their makers.
  ///
  /// @return empty if it cannot be had; what npm said is in `work`
  static Optional<RestatePackage> find(Path folder, Path work) throws IOException {
    Optional<RestatePackage> found = installed(folder);
    return found.isEmpty()
            && Npm.run(folder, work, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        ? installed(folder)
        : found;
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
    return Optional.of(new RestatePackage(Npm.version(manifest), server.get(), node.get(), folder));
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
}
