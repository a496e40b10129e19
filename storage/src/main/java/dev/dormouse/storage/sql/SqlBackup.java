package dev.dormouse.storage.sql;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.BackupPart;
import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The files of rooms with SQL in a backup.
///
/// They are too many, and each is locked by whoever has it open, to be pinned one by one: while it
/// is held nothing is committed, and afterwards a room whose file is not yet in the backup puts it
/// aside before it changes ([RoomCopies]). A room waits while its own file is copied; no other
/// does.
///
/// Must be held before the index is: commits that end meanwhile tell the index.
final class SqlBackup implements BackupPart {
  /// How long commits and syncs may take to end: as long as a slow disk takes.
  private static final long PATIENCE_SECONDS = 30;

  private final RoomFiles files;
  private final CommitGate gate;
  private final Execution execution;

  SqlBackup(RoomFiles files) {
    this.files = files;
    gate = files.gate();
    execution = files.execution();
  }

  @Override
  public Hold hold() throws IOException, InterruptedException {
    // Made before anybody is held.
    RoomCopies copies = RoomCopies.begin(files.places());
    long until = execution.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    CommitGate.Shut shut = gate.shut(until);
    try {
      for (CompletionStage<?> busy : files.syncing()) {
        busy.toCompletableFuture().get(until - execution.nanoTime(), TimeUnit.NANOSECONDS);
      }
      return new Held(shut, copies);
    } catch (ExecutionException | TimeoutException e) {
      gate.open(shut);
      throw new IOException("commits of rooms with SQL do not become durable: " + e, e);
    } catch (InterruptedException | RuntimeException | Error e) {
      gate.open(shut);
      throw e;
    }
  }

  private final class Held implements Hold {
    private final CommitGate.Shut shut;
    private final RoomCopies copies;

    Held(CommitGate.Shut shut, RoomCopies copies) {
      this.shut = shut;
      this.copies = copies;
    }

    @Override
    public Pinned pin() throws IOException {
      String trouble = files.disk().trouble().orElse(null);
      if (trouble != null) {
        throw new IOException("no backup is made now: " + trouble);
      }
      files.copies(copies);
      try {
        gate.check(shut);
      } catch (IOException e) {
        files.copies(null);
        throw e;
      }
      return new Moment(copies);
    }

    @Override
    public long nanos() {
      return gate.nanos();
    }

    @Override
    public void close() {
      gate.open(shut);
    }
  }

  private final class Moment implements Pinned {
    private final RoomCopies copies;

    Moment(RoomCopies copies) {
      this.copies = copies;
    }

    @Override
    public void copy(Target target) throws IOException, InterruptedException {
      // Files that are made meanwhile may be seen or not: the index that goes with this does not
      // name their rooms.
      for (Path space : Places.inside(files.places().folder())) {
        String namespace = String.valueOf(space.getFileName());
        if (!Files.isDirectory(space) || Places.isOurs(namespace)) {
          continue;
        }
        for (Path part : Places.inside(space)) {
          for (Path file : Files.isDirectory(part) ? Places.inside(part) : List.<Path>of()) {
            Optional<RoomId> room = Places.room(namespace, file);
            if (room.isPresent()) {
              copy(room.get(), target);
            }
          }
        }
      }
      // Rooms that were there at the moment and are gone.
      for (RoomId room : copies.putAside()) {
        copy(room, target);
      }
      copies.check();
    }

    private void copy(RoomId room, Target target) throws IOException, InterruptedException {
      String name = files.places().name(room);
      Path to = target.make(name);
      CompletableFuture<Boolean> done = new CompletableFuture<>();
      files.inStrand(
          room,
          open -> {
            try {
              done.complete(copies.take(room, open, to));
            } catch (IOException | RuntimeException | Error e) {
              done.completeExceptionally(e);
            }
          });
      try {
        if (!done.get()) {
          Files.delete(to);
          return;
        }
      } catch (ExecutionException e) {
        throw new IOException("the file of " + room + " cannot be copied: " + e.getCause(), e);
      }
      RoomCopies.settle(to);
      target.wrote(Files.size(to));
      target.complete(name);
    }

    @Override
    public void close() throws IOException {
      files.copies(null);
      copies.end();
    }
  }
}
