package dev.dormouse.server.backup;

import dev.dormouse.room.spi.BackupPart;
import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Makes one backup of all that is stored, as of one moment, while rooms are at work or none are.
///
/// @param parts whatever has something stored; first those that need time to be held, last those
///   that rooms wait for
/// @param format of the data folder
/// @param shards how many shard files it has
/// @param version of this server
public record Backup(
    List<BackupPart> parts, int format, int shards, String version, Execution execution) {

  /// Writes the backup and checks what it wrote. Blocks; must be called on a platform thread, which
  /// may be interrupted. If it fails, what is in the folder is no backup and can be deleted.
  ///
  /// @param folder new or empty
  /// @param bytesPerSecond how fast files may grow; 0 for as fast as they can
  public Manifest write(Path folder, long bytesPerSecond) throws IOException, InterruptedException {
    BackupFolder target = BackupFolder.begin(folder, bytesPerSecond, execution);
    Moment moment = pin();
    try {
      for (BackupPart.Pinned part : moment.parts) {
        part.copy(target);
      }
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      release(moment.parts, e);
      throw e;
    }
    release(moment.parts, null);
    Manifest manifest =
        new Manifest(
            format,
            shards,
            version,
            moment.at,
            TimeUnit.NANOSECONDS.toMicros(moment.heldNanos),
            target.files());
    target.seal(manifest);
    return manifest;
  }

  private record Moment(Instant at, long heldNanos, List<BackupPart.Pinned> parts) {}

  private Moment pin() throws IOException, InterruptedException {
    List<BackupPart.Hold> holds = new ArrayList<>();
    List<BackupPart.Pinned> pinned = new ArrayList<>();
    try {
      for (BackupPart part : parts) {
        holds.add(part.hold());
      }
      for (BackupPart.Hold hold : holds) {
        pinned.add(hold.pin());
      }
      Instant at = execution.instant();
      long held = holds.stream().mapToLong(BackupPart.Hold::nanos).max().orElse(0);
      letGo(holds);
      return new Moment(at, held, pinned);
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      letGo(holds);
      release(pinned, e);
      throw e;
    }
  }

  /// In the opposite order: whom rooms wait for goes first.
  private static void letGo(List<BackupPart.Hold> holds) {
    holds.reversed().forEach(BackupPart.Hold::close);
  }

  /// @param failure onto which a failure of releasing is suppressed; null if there was none
  private static void release(List<BackupPart.Pinned> parts, @Nullable Throwable failure)
      throws IOException {
    @Nullable IOException own = null;
    for (BackupPart.Pinned part : parts) {
      try {
        part.close();
      } catch (IOException e) {
        if (failure != null) {
          failure.addSuppressed(e);
        } else if (own == null) {
          own = e;
        } else {
          own.addSuppressed(e);
        }
      }
    }
    if (own != null) {
      throw own;
    }
  }
}
