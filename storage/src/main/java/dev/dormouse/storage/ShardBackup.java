package dev.dormouse.storage;

import dev.dormouse.room.spi.BackupPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The shard files and the id key in a backup.
///
/// Each file is pinned by a read transaction on a connection of its own, so that neither wakes nor
/// commits wait for the copy. What it costs is room: the write-ahead log cannot begin anew before
/// the copy ends, so it grows by what is written meanwhile.
final class ShardBackup implements BackupPart {
  private final DataFolder folder;
  private final List<ShardWriter> writers;

  ShardBackup(DataFolder folder, List<ShardWriter> writers) {
    this.folder = folder;
    this.writers = writers;
  }

  @Override
  public Hold hold() throws IOException, InterruptedException {
    List<ShardCopy> copies = new ArrayList<>();
    List<WriterPause> pauses = new ArrayList<>();
    try {
      // Opened before anybody is held.
      for (ShardWriter writer : writers) {
        copies.add(ShardCopy.open(writer.file(), writer::trouble));
      }
      for (ShardWriter writer : writers) {
        pauses.add(writer.pause());
      }
      for (WriterPause pause : pauses) {
        pause.await();
      }
      return new Held(copies, pauses);
    } catch (SQLException e) {
      release(copies, pauses);
      throw new IOException("a shard file cannot be opened for a backup: " + e.getMessage(), e);
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      release(copies, pauses);
      throw e;
    }
  }

  private static void release(List<ShardCopy> copies, List<WriterPause> pauses) throws IOException {
    pauses.forEach(WriterPause::end);
    closeAll(copies);
  }

  private static void closeAll(List<ShardCopy> copies) throws IOException {
    @Nullable IOException failure = null;
    for (ShardCopy copy : copies) {
      try {
        copy.close();
      } catch (SQLException e) {
        IOException found = new IOException("a shard file was not let go: " + e.getMessage(), e);
        if (failure == null) {
          failure = found;
        } else {
          failure.addSuppressed(found);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private final class Held implements Hold {
    private final List<ShardCopy> copies;
    private final List<WriterPause> pauses;

    Held(List<ShardCopy> copies, List<WriterPause> pauses) {
      this.copies = copies;
      this.pauses = pauses;
    }

    @Override
    public Pinned pin() throws IOException {
      try {
        for (ShardCopy copy : copies) {
          copy.pin();
        }
        for (WriterPause pause : pauses) {
          pause.check();
        }
        // What a commit of unknown outcome has left is settled before anybody copies it.
        for (ShardCopy copy : copies) {
          copy.checkWell();
        }
        return new Moment(folder, copies);
      } catch (SQLException e) {
        closeAll(copies);
        throw new IOException("a shard file cannot be pinned: " + e.getMessage(), e);
      } catch (IOException e) {
        closeAll(copies);
        throw e;
      }
    }

    @Override
    public long nanos() {
      return pauses.stream().mapToLong(WriterPause::nanos).max().orElse(0);
    }

    @Override
    public void close() {
      pauses.forEach(WriterPause::end);
    }
  }

  /// The files as they were at the moment.
  private record Moment(DataFolder folder, List<ShardCopy> copies) implements Pinned {
    @Override
    public void copy(Target target) throws IOException, InterruptedException {
      Path key = target.make(IdKeyFile.FILE);
      Files.copy(folder.folder().resolve(IdKeyFile.FILE), key, StandardCopyOption.REPLACE_EXISTING);
      target.complete(IdKeyFile.FILE);
      for (ShardCopy each : copies) {
        each.copy(target);
      }
    }

    @Override
    public void close() throws IOException {
      closeAll(copies);
    }
  }
}
