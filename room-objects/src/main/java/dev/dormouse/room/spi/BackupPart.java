package dev.dormouse.room.spi;

import java.io.IOException;
import java.nio.file.Path;

/// What a store brings to a backup: its files, as of one moment that all stores share, while rooms
/// go on.
///
/// A backup asks in this order, on one platform thread: [#hold] of every part, [Hold#pin] of every
/// part, the end of every hold, and then [Pinned#copy] of one part after the other. The moment lies
/// where all parts are held: whatever was durable then is in the backup, in all of its files, and
/// nothing else is. So no room is ahead of another that it has written to.
public interface BackupPart {
  /// Lets nothing more become durable. Blocks until what is under way is durable or has failed;
  /// that is one sync, mostly.
  Hold hold() throws IOException, InterruptedException;

  /// While it is open nothing becomes durable in the part. Turns run on meanwhile, and what they
  /// say waits at their output gates: it must be milliseconds.
  interface Hold extends AutoCloseable {
    /// Sees to it that what is durable now can be copied later; copies nothing yet.
    ///
    /// @throws IOException if it cannot, or if the hold has not lasted
    Pinned pin() throws IOException;

    /// For how long it has held already, in nanoseconds; 0 if nobody waits for it.
    long nanos();

    /// Lets go.
    @Override
    void close();
  }

  /// A part as it was at the moment.
  interface Pinned extends AutoCloseable {
    /// Writes it down, at leisure, and checks what it wrote where the files can be checked.
    void copy(Target target) throws IOException, InterruptedException;

    /// Forgets the moment.
    @Override
    void close() throws IOException;
  }

  /// Where a part writes its files.
  interface Target {
    /// Makes an empty file that only its owner can read, and the folders above it.
    ///
    /// @param name its path below the backup's folder, with slashes; the restored data folder has
    ///   it at the same place
    /// @return where it is
    Path make(String name) throws IOException;

    /// So much was written since the last call: waits as long as the backup's rate asks for.
    void wrote(long bytes) throws InterruptedException;

    /// The file is complete: it is synced and its sum is taken.
    void complete(String name) throws IOException;
  }
}
