package dev.dormouse.saga.log;

import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.saga.queue.QueueMessage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes all batches that wait, appends them, syncs once, answers them.
///
/// [#add] and [#end] are for any thread; all else belongs to the log's writing thread.
final class LogWriter {
  private static final Logger log = LoggerFactory.getLogger(LogWriter.class);

  /// How much is appended before a sync, unless a single batch is larger.
  private static final long SYNC_BYTES = 8L * 1024 * 1024;

  private final LogFolder folder;
  private final LogSettings settings;
  private final Execution execution;
  private final Synced synced;
  private final ConcurrentLinkedQueue<Waiting> waiting = new ConcurrentLinkedQueue<>();

  /// Behind the last durable entry; written by the writing thread.
  private volatile long end;

  private @Nullable SegmentWriter segment;
  private Instant segmentMade = Instant.EPOCH;
  private long segmentBase;
  private long segmentBytes;

  /// Why nothing more is taken.
  private @Nullable LogException ended;

  /// Is told of each sync, on the writing thread: must be quick and must not throw.
  interface Synced {
    /// @param bytes what was appended since the last one
    /// @param nanos what it took
    void synced(long bytes, long nanos);
  }

  LogWriter(LogFolder folder, LogSettings settings, Execution execution, Synced synced, long end) {
    this.folder = folder;
    this.settings = settings;
    this.execution = execution;
    this.synced = synced;
    this.end = end;
  }

  long end() {
    return end;
  }

  /// The batch waits for [#drain].
  CompletableFuture<Long> add(List<QueueMessage> batch) {
    Waiting added = new Waiting(List.copyOf(batch), new CompletableFuture<>());
    waiting.add(added);
    return added.answer;
  }

  /// Answers everything that waits.
  void drain() {
    while (!waiting.isEmpty()) {
      appendSome();
    }
  }

  private void appendSome() {
    long first = end;
    long now = execution.instant().toEpochMilli();
    List<Encoded> group = new ArrayList<>();
    long position = first;
    long bytes = 0;
    for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
      try {
        Encoded encoded = encode(next, position, now);
        group.add(encoded);
        position += encoded.entries.size();
        bytes += encoded.bytes;
      } catch (LogException refused) {
        next.answer.completeExceptionally(refused);
      }
      if (bytes >= SYNC_BYTES) {
        break;
      }
    }
    if (position > first) {
      write(group, position, bytes);
    } else {
      // Empty batches are durable wherever they are.
      group.forEach(each -> each.answer.complete(first));
    }
  }

  private Encoded encode(Waiting batch, long position, long now) throws LogException {
    List<byte[]> entries = new ArrayList<>(batch.messages.size());
    long bytes = 0;
    for (QueueMessage message : batch.messages) {
      byte[] entry = EntryCodec.encode(position + entries.size(), now, message);
      if (entry.length > settings.messageBytes()) {
        throw new LogException(
            LogException.Reason.TOO_LARGE,
            "message "
                + message.key()
                + " takes "
                + entry.length
                + " bytes in the log, of which "
                + settings.messageBytes()
                + " are allowed",
            null);
      }
      entries.add(entry);
      bytes += entry.length;
    }
    return new Encoded(position, entries, bytes, batch.answer);
  }

  private void write(List<Encoded> group, long next, long bytes) {
    try {
      checkWritable(bytes);
      execution.failpoint(LogFailpoints.BEFORE_APPEND);
    } catch (LogException | RuntimeException refused) {
      answer(group, refused);
      return;
    }
    try {
      SegmentWriter writer = segment();
      for (Encoded batch : group) {
        batch.entries.forEach(writer::append);
      }
      segmentBytes += bytes;
      folder.bytes().merge(segmentBase, bytes, Long::sum);
      execution.failpoint(LogFailpoints.BEFORE_SYNC);
      long began = execution.nanoTime();
      writer.sync();
      synced.synced(bytes, execution.nanoTime() - began);
      execution.failpoint(LogFailpoints.AFTER_SYNC);
    } catch (IOException | RuntimeException | Error failure) {
      // A write that finds no space in a mapped file is an Error.
      log.error("the log {} takes nothing more until it is opened again", folder, failure);
      ended =
          new LogException(
              LogException.Reason.BROKEN,
              "appending to the log " + folder + " failed: " + failure,
              failure);
      answer(group, ended);
      return;
    }
    end = next;
    group.forEach(batch -> batch.answer.complete(batch.position));
  }

  private void checkWritable(long bytes) throws LogException {
    if (ended != null) {
      throw new LogException(ended.reason(), String.valueOf(ended.getMessage()), ended);
    }
    long free;
    try {
      free = folder.freeBytes();
    } catch (IOException e) {
      throw new LogException(
          LogException.Reason.FULL,
          "the disk of " + folder + " does not say what is free: " + e,
          e);
    }
    if (free < bytes + settings.reserveBytes()) {
      throw new LogException(
          LogException.Reason.FULL,
          "the disk of "
              + folder
              + " has "
              + free
              + " bytes left; "
              + settings.reserveBytes()
              + " are kept in reserve",
          null);
    }
  }

  private SegmentWriter segment() throws IOException {
    Instant now = execution.instant();
    SegmentWriter present = segment;
    if (present != null
        && segmentBytes < settings.fileBytes()
        && Duration.between(segmentMade, now).compareTo(settings.fileAge()) < 0) {
      return present;
    }
    if (present != null) {
      present.close();
    }
    present = SegmentWriter.create(folder, end, settings, execution);
    segment = present;
    segmentMade = now;
    segmentBase = end;
    segmentBytes = 0;
    return present;
  }

  private static void answer(List<Encoded> group, Exception failure) {
    group.forEach(batch -> batch.answer.completeExceptionally(failure));
  }

  void close() throws IOException {
    drain();
    ended = ChronicleQueueLog.isClosed();
    if (segment != null) {
      segment.close();
    }
  }

  private record Waiting(List<QueueMessage> messages, CompletableFuture<Long> answer) {}

  private record Encoded(
      long position, List<byte[]> entries, long bytes, CompletableFuture<Long> answer) {}
}
