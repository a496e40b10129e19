package dev.dormouse.saga.log;

import dev.dormouse.saga.queue.LogEntry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wire;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A segment that is read, from any of its entries on. One platform thread only.
final class SegmentReader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SegmentReader.class);

  private final long base;
  private final int maxBytes;
  private final SingleChronicleQueue queue;
  private final ExcerptTailer tailer;

  /// Where the tailer stands: the number of entries before it.
  private long at;

  private SegmentReader(long base, LogSettings settings, SingleChronicleQueue queue) {
    this.base = base;
    this.maxBytes = settings.blockBytes();
    this.queue = queue;
    this.tailer = queue.createTailer();
  }

  static SegmentReader open(long base, Path segment, LogSettings settings) {
    return new SegmentReader(base, settings, Chronicle.open(segment, settings));
  }

  long base() {
    return base;
  }

  /// The position behind the last of the whole entries that the segment begins with. A torn entry
  /// is the end: what was acknowledged lies before it.
  long wholeUntil() {
    moveTo(0);
    try {
      while (read() != null) {
        at++;
      }
    } catch (IOException | RuntimeException torn) {
      log.info("segment {} ends after {} entries with {}", base, at, torn.toString());
    }
    return base + at;
  }

  /// The entry at `position`, or null if it is damaged.
  ///
  /// @throws IOException if it was written by a newer version
  @Nullable LogEntry read(long position) throws IOException {
    if (position - base != at) {
      moveTo(position - base);
    }
    LogEntry entry;
    try {
      entry = read();
    } catch (RuntimeException damaged) {
      log.error("the log's entry {} cannot be read", position, damaged);
      entry = null;
    }
    at = entry == null ? -1 : at + 1;
    return entry;
  }

  /// The index of a file that lost power may lead nowhere; its entries can then be counted.
  private void moveTo(long number) {
    at = number;
    if (number > 0 && tailer.moveToIndex(queue.rollCycle().toIndex(0, number))) {
      return;
    }
    tailer.toStart();
    for (long skipped = 0; skipped < number; skipped++) {
      try (DocumentContext document = tailer.readingDocument()) {
        if (!document.isPresent()) {
          return;
        }
      }
    }
  }

  private @Nullable LogEntry read() throws IOException {
    try (DocumentContext document = tailer.readingDocument()) {
      Wire wire = document.isPresent() ? document.wire() : null;
      if (wire == null) {
        return null;
      }
      Bytes<?> bytes = wire.bytes();
      if (bytes.readRemaining() > maxBytes) {
        return null;
      }
      byte[] entry = new byte[(int) bytes.readRemaining()];
      bytes.read(entry);
      return EntryCodec.decode(base + at, entry);
    }
  }

  /// Makes all durable that can be read in a segment that another process may have left unsynced.
  static void sync(Path segment) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(segment, "*.cq4")) {
      for (Path file : files) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
  }

  @Override
  public void close() {
    tailer.close();
    queue.close();
  }
}
