package dev.dormouse.loadtest;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Starts the peer: workerd's own binary with the Durable Object in `peers/workerd`.
///
/// @param program the binary of the npm package
/// @param folder where the object's configuration and code are
/// @param work where data folders and logs go
record Workerd(Path program, Path folder, Path work) implements Contender.Launch {
  /// Finds the package in `folder`, or installs it there with npm: the version that is written
  /// down, else the newest.
  ///
  /// @return empty if it cannot be had; what npm said is in `work`
  static Optional<Workerd> find(Path folder, Path work) throws IOException {
    Optional<Path> program = program(folder);
    if (program.isEmpty() && Npm.run(folder, work, "ci")) {
      program = program(folder);
    }
    if (program.isEmpty() && Npm.run(folder, work, "install", "--no-save", "workerd@latest")) {
      program = program(folder);
    }
    return program.map(found -> new Workerd(found, folder, work));
  }

  /// The binary of this machine's kind, whose package is the only one of its kinds that npm takes.
  private static Optional<Path> program(Path folder) throws IOException {
    Path kinds = folder.resolve("node_modules/@cloudflare");
    if (!Files.isDirectory(kinds)) {
      return Optional.empty();
    }
    try (Stream<Path> kind = Files.list(kinds)) {
      return kind.map(one -> one.resolve("bin/workerd")).filter(Files::isExecutable).findFirst();
    }
  }

  /// Name and version, as the package says.
  String name() throws IOException {
    return "workerd " + Npm.version(folder.resolve("node_modules/workerd/package.json"));
  }

  /// It doubles the descriptor of each socket, and keeps a room's database open with its log and
  /// index. It ends when it cannot accept for want of them.
  @Override
  public Descriptors descriptors() {
    return new Descriptors(2, 3);
  }

  @Override
  public ServerProcess start() throws IOException {
    URI address = ServerProcess.freeAddress();
    Path data = work.resolve("workerd-" + address.getPort());
    List<String> command =
        List.of(
            program.toString(),
            "serve",
            folder.resolve("config.capnp").toString(),
            "--socket-addr=http=" + address.getAuthority(),
            "--directory-path=data=" + data);
    return ServerProcess.start(command, address, data, work.resolve("workerd.log"));
  }
}
