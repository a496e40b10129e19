package dev.dormouse.crash;

import dev.dormouse.saga.log.LogFailpoints;
import dev.dormouse.storage.StoreFailpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// What would be left of each shard file and of each log if the power failed now: a copy made
/// whenever a sync has returned, before anybody is told. A file's own thread makes its copies, so
/// nothing is written to it meanwhile.
///
/// `<folder>/<name>-<n>` are whole, `<name>-next` is not; a name is `shard-<i>` or `log-<queue>`.
final class Images {
  static final int FILES = 3;
  private static final String STORE_WRITER = "dormouse-store-";
  private static final String LOG_WRITER = "dormouse-queue-";

  /// What goes back to its last sync; the rest stays as it is, as if it had reached the disk by
  /// itself.
  enum What {
    SHARDS,
    LOGS,
    ALL;

    /// Each in turn.
    static What of(int round) {
      return switch (round % 3) {
        case 0 -> SHARDS;
        case 1 -> LOGS;
        default -> ALL;
      };
    }
  }

  private final Path data;
  private final Path folder;

  /// The number of the last copy of each; each used by one thread at a time.
  private final Map<String, Integer> last = new ConcurrentHashMap<>();

  Images(Path data, Path folder) throws IOException {
    this.data = data;
    this.folder = Files.createDirectories(folder);
  }

  void passes(String failpoint) {
    String thread = Thread.currentThread().getName();
    try {
      switch (failpoint) {
        case StoreFailpoints.OPENED -> {
          for (int file = 0; file < FILES; file++) {
            takeShard(file);
          }
        }
        case StoreFailpoints.AFTER_COMMIT -> takeShard(thread.charAt(STORE_WRITER.length()) - '0');
        // Whoever opens a log has synced what is in it, and nobody writes yet.
        case LogFailpoints.OPENED -> {
          for (Path log : logs(data)) {
            if (!last.containsKey("log-" + log.getFileName())) {
              takeLog(log);
            }
          }
        }
        case LogFailpoints.AFTER_SYNC -> {
          String queue =
              thread.substring(LOG_WRITER.length(), thread.length() - "-writer".length());
          takeLog(data.resolve("queues").resolve(queue));
        }
        default -> {}
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void takeShard(int file) throws IOException {
    Path next = next("shard-" + file);
    for (String name : names(file)) {
      if (Files.exists(data.resolve(name))) {
        Files.copy(data.resolve(name), next.resolve(name));
      }
    }
    took("shard-" + file, next);
  }

  private void takeLog(Path log) throws IOException {
    String name = "log-" + log.getFileName();
    Path next = next(name);
    for (Path segment : segments(log)) {
      copySegment(segment, next.resolve(segment.getFileName()));
    }
    took(name, next);
  }

  /// One that is deleted meanwhile is none of the copy's.
  private static void copySegment(Path segment, Path to) throws IOException {
    try {
      Files.createDirectories(to);
      for (Path file : list(segment)) {
        if (file.toString().endsWith(".cq4")) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    } catch (NoSuchFileException gone) {
      delete(to);
    }
  }

  private Path next(String name) throws IOException {
    Path next = folder.resolve(name + "-next");
    if (Files.exists(next)) {
      delete(next);
    }
    return Files.createDirectories(next);
  }

  private void took(String name, Path next) throws IOException {
    int number = last.merge(name, 1, Integer::sum);
    Files.move(next, folder.resolve(name + "-" + number), StandardCopyOption.ATOMIC_MOVE);
    Path before = folder.resolve(name + "-" + (number - 1));
    if (Files.exists(before)) {
      delete(before);
    }
  }

  private static List<String> names(int file) {
    return List.of("rooms-" + file + ".db", "rooms-" + file + ".db-wal");
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }

  private static List<Path> logs(Path data) throws IOException {
    Path queues = data.resolve("queues");
    return Files.isDirectory(queues) ? list(queues) : List.of();
  }

  private static List<Path> segments(Path log) throws IOException {
    return Files.isDirectory(log)
        ? list(log).stream()
            .filter(path -> path.getFileName().toString().matches("\\d{19}"))
            .toList()
        : List.of();
  }

  /// Puts the last whole copies in the place of the files of a process that is gone.
  static void restore(Path folder, Path data, What what) throws IOException {
    if (what != What.LOGS) {
      for (int file = 0; file < FILES; file++) {
        String name = "shard-" + file;
        restoreShard(
            file,
            newest(folder, name)
                .orElseThrow(() -> new IOException("no image of " + name + " in " + folder)),
            data);
      }
    }
    if (what != What.SHARDS) {
      for (Path log : logs(data)) {
        restoreLog(log, newest(folder, "log-" + log.getFileName()));
      }
    }
  }

  private static void restoreShard(int file, Path image, Path data) throws IOException {
    for (String name : names(file)) {
      Files.deleteIfExists(data.resolve(name));
      if (Files.exists(image.resolve(name))) {
        Files.copy(image.resolve(name), data.resolve(name));
      }
    }
    Files.deleteIfExists(data.resolve("rooms-" + file + ".db-shm"));
  }

  /// A segment that is not there any more was deleted, and that was synced.
  private static void restoreLog(Path log, Optional<Path> image) throws IOException {
    Set<Path> present = new HashSet<>();
    for (Path segment : segments(log)) {
      present.add(segment.getFileName());
      delete(segment);
    }
    if (image.isPresent()) {
      for (Path segment : segments(image.get())) {
        if (present.contains(segment.getFileName())) {
          copySegment(segment, log.resolve(segment.getFileName()));
        }
      }
    }
  }

  private static Optional<Path> newest(Path folder, String name) throws IOException {
    return list(folder).stream()
        .filter(path -> path.getFileName().toString().matches(name + "-\\d+"))
        .max(
            Comparator.comparingInt(path ->
                Integer.parseInt(path.getFileName().toString().substring(name.length() + 1))));
  }

  static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(folder)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}
