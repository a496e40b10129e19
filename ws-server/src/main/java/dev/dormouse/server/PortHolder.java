package dev.dormouse.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds out who listens on a port, on Linux and as far as this user may see: `/proc/net/tcp` has
/// the listening sockets, `/proc/<pid>/fd` who holds them.
final class PortHolder {
  /// `TCP_LISTEN` of the kernel's `tcp_states.h`, as the tables write it.
  private static final String LISTENING = "0A";

  private PortHolder() {}

  /// The process that listens on `port`, such as `process 4711 (java)`.
  static Optional<String> find(int port) {
    try {
      Set<String> sockets = new HashSet<>();
      for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
        if (Files.isReadable(Path.of(table))) {
          listening(Files.readAllLines(Path.of(table)), port, sockets);
        }
      }
      return sockets.isEmpty() ? Optional.empty() : holder(sockets);
    } catch (IOException | UncheckedIOException _) {
      // Only a hint in an error message: without it the message still says what to do.
      return Optional.empty();
    }
  }

  private static void listening(List<String> table, int port, Set<String> sockets) {
    String suffix = ":%04X".formatted(port);
    for (String line : table) {
      String[] columns = line.strip().split("\\s+", -1);
      if (columns.length > 9 && columns[1].endsWith(suffix) && columns[3].equals(LISTENING)) {
        sockets.add("socket:[" + columns[9] + "]");
      }
    }
  }

  private static Optional<String> holder(Set<String> sockets) throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process, sockets)) {
          return Optional.of("process " + process.getFileName() + name(process));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean holds(Path process, Set<String> sockets) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
          return true;
        }
      }
      return false;
    } catch (IOException | UncheckedIOException | java.nio.file.DirectoryIteratorException _) {
      // Somebody else's process, or one that has just ended.
      return false;
    }
  }

  private static String name(Path process) {
    try {
      return " (" + Files.readString(process.resolve("comm")).strip() + ")";
    } catch (IOException _) {
      return "";
    }
  }
}
