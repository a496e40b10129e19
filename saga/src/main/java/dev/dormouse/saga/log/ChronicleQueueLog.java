package dev.dormouse.saga.log;

import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.saga.queue.LogPage;
import dev.dormouse.saga.queue.QueueLog;
import dev.dormouse.saga.queue.QueueMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A queue's log in files of Chronicle Queue.
///
/// Two platform threads, one that appends and syncs, one that reads and deletes, so that a reader
/// never waits for a sync. Each has its own view of the files; they share the end and the list of
/// segments. A queue costs two threads, a few open files and some tens of megabytes of address
/// space: make few of them, with keys in the messages, never one for each room.
public final class ChronicleQueueLog implements QueueLog {
  private static final Logger log = LoggerFactory.getLogger(ChronicleQueueLog.class);

  private final LogFolder folder;
  private final LogWriter writer;
  private final LogReader reader;
  private final ExecutorService writing;
  private final ExecutorService reading;
  private final AtomicBoolean closed = new AtomicBoolean();

  private ChronicleQueueLog(
      LogFolder folder,
      LogWriter writer,
      LogReader reader,
      ExecutorService writing,
      ExecutorService reading) {
    this.folder = folder;
    this.writer = writer;
    this.reader = reader;
    this.writing = writing;
    this.reading = reading;
  }

  /// Opens the log in `folder`, which is made if it is not there, and finds the end of what is
  /// durable. Blocks meanwhile, the longer the larger the newest file is.
  ///
  /// @throws LogException if this JVM or the folder cannot be used; the message says what to do
  public static ChronicleQueueLog open(Path folder, LogSettings settings, Execution execution)
      throws LogException {
    return open(folder, settings, execution, (_, _) -> {});
  }

  /// Likewise, and tells `synced` of each sync.
  static ChronicleQueueLog open(
      Path folder, LogSettings settings, Execution execution, LogWriter.Synced synced)
      throws LogException {
    JvmCheck.run();
    String name = "dormouse-queue-" + folder.getFileName();
    ExecutorService writing = thread(name + "-writer");
    ExecutorService reading = thread(name + "-reader");
    try {
      ChronicleQueueLog opened =
          call(writing, () -> openHere(folder, settings, execution, synced, writing, reading))
              .join();
      execution.failpoint(LogFailpoints.OPENED);
      return opened;
    } catch (CompletionException e) {
      writing.shutdown();
      reading.shutdown();
      if (e.getCause() instanceof LogException clear) {
        throw clear;
      }
      throw new LogException(
          LogException.Reason.UNUSABLE,
          "the log "
              + folder
              + " cannot be opened: "
              + e.getCause()
              + ". Check its owner, its permissions and the space on its disk",
          e);
    }
  }

  private static ChronicleQueueLog openHere(
      Path path,
      LogSettings settings,
      Execution execution,
      LogWriter.Synced synced,
      ExecutorService writing,
      ExecutorService reading)
      throws IOException {
    LogFolder folder = LogFolder.open(path);
    try {
      long end = findEnd(folder, settings);
      LogWriter writer = new LogWriter(folder, settings, execution, synced, end);
      LogReader reader = new LogReader(folder, settings, execution, writer::end);
      return new ChronicleQueueLog(folder, writer, reader, writing, reading);
    } catch (IOException | RuntimeException | Error e) {
      folder.close();
      throw e;
    }
  }

  /// Segments without a whole entry are what a killed process had just begun.
  private static long findEnd(LogFolder folder, LogSettings settings) throws IOException {
    while (true) {
      Map.Entry<Long, Path> newest = folder.segments().lastEntry();
      if (newest == null) {
        return 0;
      }
      long base = newest.getKey();
      SegmentReader.sync(newest.getValue());
      long end;
      try (SegmentReader segment = SegmentReader.open(base, newest.getValue(), settings)) {
        end = segment.wholeUntil();
      }
      if (end > base) {
        return end;
      }
      LogFolder.erase(folder.unname(base));
    }
  }

  private static ExecutorService thread(String name) {
    return Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
  }

  @Override
  public CompletableFuture<Long> append(List<QueueMessage> batch) {
    CompletableFuture<Long> answer = writer.add(batch);
    try {
      writing.execute(writer::drain);
    } catch (RejectedExecutionException closed) {
      answer.completeExceptionally(isClosed());
    }
    return answer;
  }

  @Override
  public CompletableFuture<LogPage> read(long from, int limit) {
    return call(reading, () -> reader.read(from, limit));
  }

  @Override
  public long first() {
    Map.Entry<Long, Path> oldest = folder.segments().firstEntry();
    return oldest == null ? end() : Math.min(oldest.getKey(), end());
  }

  @Override
  public long end() {
    return writer.end();
  }

  @Override
  public CompletableFuture<Integer> delete(long position, Instant olderThan) {
    return call(reading, () -> reader.delete(position, olderThan));
  }

  @Override
  public CompletableFuture<List<LogFile>> files() {
    return call(reading, reader::files);
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    writing.execute(this::closeWriter);
    reading.execute(reader::close);
    writing.close();
    reading.close();
    try {
      folder.close();
    } catch (IOException e) {
      log.warn("the lock of {} could not be closed", folder, e);
    }
  }

  private void closeWriter() {
    try {
      writer.close();
    } catch (IOException | RuntimeException e) {
      log.warn("the log {} did not close in good order; what was acknowledged is in it", folder, e);
    }
  }

  private static <T> CompletableFuture<T> call(ExecutorService thread, Callable<T> work) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      thread.execute(() -> {
        try {
          answer.complete(work.call());
        } catch (Throwable failure) {
          answer.completeExceptionally(failure);
        }
      });
    } catch (RejectedExecutionException closed) {
      answer.completeExceptionally(isClosed());
    }
    return answer;
  }

  static LogException isClosed() {
    return new LogException(LogException.Reason.CLOSED, "the log is closed", null);
  }
}
