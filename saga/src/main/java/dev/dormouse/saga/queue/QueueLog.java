package dev.dormouse.saga.queue;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// What was put into one queue, in order: append-only, durable, read by position.
///
/// A log is transport. Which message was handed out, settled or given up is the consumer groups' to
/// know; the log keeps no position for anybody. It may hold a message twice, when its producer did
/// not learn that it was appended: the idempotency key is then the same.
///
/// All methods may be called from any thread and none blocks. Futures complete on the log's
/// threads, exceptionally with a [LogException]; who completes must not block there.
public interface QueueLog extends AutoCloseable {

  /// Appends `batch` behind all that was appended before, and makes it durable with one sync,
  /// shared with other batches that wait. Completes then, with the position of the first entry; the
  /// others follow it.
  ///
  /// If it fails with [LogException.Reason#BROKEN] the entries may be found later, or some of them,
  /// or none. Batches that are appended meanwhile fail with it.
  CompletableFuture<Long> append(List<QueueMessage> batch);

  /// Reads at most `limit` durable entries from position `from` on, and at most a few megabytes;
  /// none if `from` is [#end] or larger.
  CompletableFuture<LogPage> read(long from, int limit);

  /// The position of the oldest entry that has not been deleted; [#end] if there is none.
  long first();

  /// The position behind the last durable entry. If it is smaller than a position that was read to
  /// before, the log has lost its tail.
  long end();

  /// Deletes the oldest files of the log as long as each holds nothing at or behind `position` and
  /// nothing that was appended at `olderThan` or later. The newest file stays. Completes with the
  /// number of deleted files.
  CompletableFuture<Integer> delete(long position, Instant olderThan);

  /// The log's files, the oldest first. May read all of a file that an earlier process has written,
  /// once.
  CompletableFuture<List<LogFile>> files();

  /// One of them.
  ///
  /// @param first the position of its first entry
  /// @param bytes about how much its entries take
  record LogFile(long first, long bytes) {}

  /// Appends what waits, then frees files and threads; blocks until then. Later calls fail.
  @Override
  void close();
}
