package dev.dormouse.crash;

import dev.dormouse.storage.StoreFailpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What would be left of each shard file if the power failed now: a copy made whenever a sync has
/// returned, before anybody is told. A file's own thread makes its copies, so nothing is written to
/// it meanwhile.
///
/// `<folder>/<file>-<n>` are whole, `<file>-next` is not.
final class Images {
  static final int FILES = 2;
  private static final String WRITER = "dormouse-store-";

  private final Path data;
  private final Path folder;

  /// The number of the last copy of each file; each used by one thread at a time.
  private final int[] last = new int[FILES];

  Images(Path data, Path folder) throws IOException {
    this.data = data;
    this.folder = Files.createDirectories(folder);
  }

  void passes(String failpoint) {
    try {
      if (failpoint.equals(StoreFailpoints.OPENED)) {
        for (int file = 0; file < FILES; file++) {
          take(file);
        }
      } else if (failpoint.equals(StoreFailpoints.AFTER_COMMIT)) {
        String thread = Thread.currentThread().getName();
        take(thread.charAt(WRITER.length()) - '0');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(int file) throws IOException {
    Path next = Files.createDirectories(folder.resolve(file + "-next"));
    for (String name : names(file)) {
      Path from = data.resolve(name);
      Files.deleteIfExists(next.resolve(name));
      if (Files.exists(from)) {
        Files.copy(from, next.resolve(name));
      }
    }
    Path before = folder.resolve(file + "-" + last[file]);
    last[file]++;
    Files.move(next, folder.resolve(file + "-" + last[file]), StandardCopyOption.ATOMIC_MOVE);
    if (Files.exists(before)) {
      delete(before);
    }
  }

  private static List<String> names(int file) {
    return List.of("rooms-" + file + ".db", "rooms-" + file + ".db-wal");
  }

  /// Puts the last whole copies in the place of the files of a process that is gone.
  static void restore(Path folder, Path data) throws IOException {
    for (int file = 0; file < FILES; file++) {
      String prefix = file + "-";
      Path image;
      try (Stream<Path> all = Files.list(folder)) {
        image =
            all.filter(path -> path.getFileName().toString().startsWith(prefix))
                .filter(path -> !path.getFileName().toString().endsWith("-next"))
                .max(Comparator.comparingInt(path -> number(path, prefix)))
                .orElseThrow(() -> new IOException("no image of " + prefix + " in " + folder));
      }
      for (String name : names(file)) {
        Files.deleteIfExists(data.resolve(name));
        if (Files.exists(image.resolve(name))) {
          Files.copy(image.resolve(name), data.resolve(name));
        }
      }
      Files.deleteIfExists(data.resolve("rooms-" + file + ".db-shm"));
    }
  }

  private static int number(Path image, String prefix) {
    return Integer.parseInt(image.getFileName().toString().substring(prefix.length()));
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
