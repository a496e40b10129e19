package dev.dormouse.saga.log;

import dev.dormouse.room.spi.Execution;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wire;
import org.jspecify.annotations.Nullable;

/// The segment that is being written. One platform thread only.
///
/// The sync is that of the file, not Chronicle's own `sync()`, which does nothing and says nothing
/// where its native libraries are missing, only logs a failure, and leaves out what the batch wrote
/// to an earlier block of the file.
final class SegmentWriter implements AutoCloseable {
  private final LogFolder folder;
  private final Path segment;
  private final Execution execution;
  private final SingleChronicleQueue queue;
  private final ExcerptAppender appender;
  private @Nullable FileChannel file;

  private SegmentWriter(
      LogFolder folder, Path segment, Execution execution, SingleChronicleQueue queue) {
    this.folder = folder;
    this.segment = segment;
    this.execution = execution;
    this.queue = queue;
    this.appender = queue.createAppender();
  }

  static SegmentWriter create(
      LogFolder folder, long base, LogSettings settings, Execution execution) throws IOException {
    Path segment = folder.make(base);
    SingleChronicleQueue queue = Chronicle.open(segment, settings);
    try {
      execution.failpoint(LogFailpoints.FILE_MADE);
      return new SegmentWriter(folder, segment, execution, queue);
    } catch (RuntimeException | Error e) {
      queue.close();
      throw e;
    }
  }

  void append(byte[] entry) {
    try (DocumentContext document = appender.writingDocument()) {
      Wire wire = document.wire();
      if (wire == null) {
        throw new IllegalStateException("Chronicle gives no room to write in " + segment);
      }
      try {
        wire.bytes().write(entry);
        execution.failpoint(LogFailpoints.IN_APPEND);
      } catch (Throwable failure) {
        document.rollbackOnClose();
        throw failure;
      }
    }
  }

  /// Returns when all that was appended survives a power loss.
  void sync() throws IOException {
    if (file == null) {
      File made = appender.currentFile();
      if (made == null) {
        throw new IllegalStateException("nothing has been appended to " + segment);
      }
      file = FileChannel.open(made.toPath(), StandardOpenOption.WRITE);
      file.force(true);
      folder.syncNames(segment);
    } else {
      file.force(false);
    }
  }

  @Override
  public void close() throws IOException {
    try (FileChannel _ = file) {
      appender.close();
      queue.close();
    }
  }
}
