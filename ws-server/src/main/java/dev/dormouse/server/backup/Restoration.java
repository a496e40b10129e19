package dev.dormouse.server.backup;

import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.log.LogBackup;
import dev.dormouse.saga.log.LogFile;
import dev.dormouse.saga.log.LogSettings;
import dev.dormouse.storage.OwnerOnly;
import dev.dormouse.storage.RestoredFolder;
import dev.dormouse.storage.StoredFormat;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Makes a data folder of a backup.
public final class Restoration {
  private Restoration() {}

  /// Checks that a backup is whole: every file there, of its size and its sum, and no other.
  ///
  /// @throws IOException naming what is missing or damaged
  public static Manifest check(Path backup) throws IOException {
    Manifest manifest = Manifest.read(backup);
    if (manifest.format() > StoredFormat.CURRENT) {
      throw new IOException(
          "the backup "
              + backup
              + " has data of format "
              + manifest.format()
              + ", this version knows up to "
              + StoredFormat.CURRENT
              + ": restore it with version "
              + manifest.version()
              + " or a newer one");
    }
    Map<String, Manifest.Entry> named =
        manifest.files().stream()
            .collect(Collectors.toMap(Manifest.Entry::name, Function.identity()));
    for (Manifest.Entry entry : manifest.files()) {
      check(backup, entry);
    }
    try (Stream<Path> all = Files.walk(backup)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = backup.relativize(file).toString().replace('\\', '/');
        if (!named.containsKey(name) && !name.equals(Manifest.FILE)) {
          throw new IOException(file + " does not belong to the backup: move it elsewhere");
        }
      }
    }
    return manifest;
  }

  private static void check(Path backup, Manifest.Entry entry) throws IOException {
    // In a restored folder a name must mean what it means here.
    Path name = Path.of(entry.name());
    if (name.isAbsolute() || !name.equals(name.normalize()) || name.startsWith("..")) {
      throw new IOException(
          "the manifest names '"
              + entry.name()
              + "', which is outside of the backup: do not use it");
    }
    Path file = backup.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new IOException("the backup lacks " + file + ": restore another one");
    }
    Sum sum = Sum.of(file);
    if (sum.bytes() != entry.bytes() || !sum.sha256().equals(entry.sha256())) {
      throw new IOException(
          "%s is damaged: it has %d bytes with SHA-256 %s, and should have %d with %s"
              .formatted(file, sum.bytes(), sum.sha256(), entry.bytes(), entry.sha256()));
    }
  }

  /// Checks the backup and makes a data folder of it. Must be called on a platform thread.
  ///
  /// @param data new or empty
  public static Manifest restore(Path backup, Path data, Execution execution) throws IOException {
    Manifest manifest = check(backup);
    RestoredFolder.begin(data);
    for (Manifest.Entry entry : manifest.files()) {
      Path from = backup.resolve(entry.name());
      if (entry.name().startsWith(LogBackup.FOLDER)) {
        String file = entry.name().substring(0, entry.name().length() - LogFile.SUFFIX.length());
        LogFile.restore(from, data.resolve(file), LogSettings.defaults(), execution);
      } else {
        Path to = data.resolve(entry.name());
        Path parent = to.getParent();
        if (parent != null) {
          OwnerOnly.makeFolder(parent);
        }
        copy(from, to);
        Sum sum = Sum.of(to);
        if (!sum.sha256().equals(entry.sha256())) {
          throw new IOException(to + " was not copied well: check the disk");
        }
      }
    }
    RestoredFolder.complete(data, manifest.format(), manifest.shards());
    return manifest;
  }

  /// Whatever became of the backup's permissions on its way, only the owner may read this.
  private static void copy(Path from, Path to) throws IOException {
    Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(to, fresh, OwnerOnly.file())) {
      Files.copy(from, Channels.newOutputStream(channel));
      channel.force(true);
    }
  }
}
