package dev.dormouse.storage;

import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Reads a shard file for loads and listings, on a platform thread of its own, so that a wake never
/// waits for a sync.
final class ShardReader implements AutoCloseable {
  /// How many reads share a transaction: each sees what was committed before it was asked for.
  private static final int TOGETHER = 256;

  private final ShardFile file;
  private final StoreSettings settings;
  private final Execution execution;
  private final Mailbox<Read<?>> waiting = new Mailbox<>();
  private final Thread thread;

  /// Held while the connection is used or replaced.
  private final ReentrantLock reading = new ReentrantLock();

  /// Null before the first read and after some failures. Guarded by [#reading].
  private @Nullable ReadConnection connection;

  /// Why nothing may be read; null while it may. Guarded by [#reading].
  private @Nullable String shut;

  /// A question to the file.
  interface Query<T> {
    T ask(ReadConnection connection) throws SQLException;
  }

  private record Read<T>(Query<T> query, CompletableFuture<T> answer) {
    /// Answers it; says whether the connection can be used as before.
    ///
    /// @throws SQLException what concerns the whole file; then there is no answer
    boolean run(ReadConnection connection, ShardFile file) throws SQLException {
      try {
        answer.complete(query.ask(connection));
        return true;
      } catch (IllegalArgumentException misuse) {
        answer.completeExceptionally(misuse);
        return true;
      } catch (SQLException failure) {
        return switch (Fault.of(failure)) {
          case FULL, FILE -> throw failure;
          // This question's own: the others are not concerned.
          case PAGES, SET -> {
            answer.completeExceptionally(
                new IOException(
                    "a room could not be read from the shard file " + file.path() + ": " + failure,
                    failure));
            yield false;
          }
        };
      }
    }
  }

  /// What the writer does to the file while nobody reads it.
  interface Repair {
    /// Null if the file can be read again, else why not.
    @Nullable String run();
  }

  ShardReader(ShardFile file, StoreSettings settings, Execution execution) {
    this.file = file;
    this.settings = settings;
    this.execution = execution;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("dormouse-store-" + file.index() + "-reader")
            .unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Asks the file; the answer comes from the reader's thread. Fails with [IOException] if the file
  /// cannot be read.
  <T> CompletableFuture<T> ask(Query<T> query) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (!waiting.put(new Read<>(query, answer))) {
      answer.completeExceptionally(new IllegalStateException("the store is closed"));
    }
    return answer;
  }

  /// Closes the connection, runs `repair` while nobody reads, and lets reads that waited go on with
  /// a new connection, or fail if the file is still beyond reading.
  void replace(Repair repair) {
    reading.lock();
    try {
      disconnect(null);
      shut = repair.run();
    } finally {
      reading.unlock();
    }
  }

  private void run() {
    for (List<Read<?>> reads = waiting.take(); !reads.isEmpty(); reads = waiting.take()) {
      for (int from = 0; from < reads.size(); from += TOGETHER) {
        answer(reads.subList(from, Math.min(from + TOGETHER, reads.size())));
      }
    }
    reading.lock();
    try {
      disconnect(null);
    } finally {
      reading.unlock();
    }
  }

  private void answer(List<Read<?>> reads) {
    reading.lock();
    try {
      if (shut != null) {
        fail(reads, new IOException(shut));
        return;
      }
      execution.failpoint(StoreFailpoints.READER);
      ReadConnection open = begin();
      for (Read<?> read : reads) {
        if (!read.run(open, file)) {
          // The driver closes a statement after most of SQLite's errors, without telling, and
          // SQLite may not end a transaction that met damage: those that wait get a new connection.
          disconnect(null);
          open = begin();
        }
      }
      open.end();
    } catch (Throwable failure) {
      // Whatever it was, the connection may be in the middle of something.
      disconnect(failure);
      fail(
          reads,
          new IOException(
              "the shard file " + file.path() + " could not be read: " + failure, failure));
    } finally {
      reading.unlock();
    }
  }

  /// Begins a transaction, on a new connection if there is none.
  private ReadConnection begin() throws SQLException {
    ReadConnection open = connection;
    if (open == null) {
      open = ReadConnection.open(file, settings);
      connection = open;
    }
    open.begin();
    return open;
  }

  private static void fail(List<Read<?>> reads, IOException reason) {
    for (Read<?> read : reads) {
      read.answer().completeExceptionally(reason);
    }
  }

  /// @param failure onto which a failure of closing is suppressed; it is nobody's otherwise
  private void disconnect(@Nullable Throwable failure) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException second) {
        if (failure != null) {
          failure.addSuppressed(second);
        }
      }
      connection = null;
    }
  }

  /// Answers what was asked, then releases the file.
  @Override
  public void close() {
    waiting.close();
    Threads.join(thread);
  }
}
