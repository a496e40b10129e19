package dev.dormouse.saga.log;

import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.queue.LogEntry;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A log as one plain file, in a backup: a title; the position behind its last entry (8 bytes,
/// big-endian like all numbers); then for each entry its position (8), its length (4) and its bytes
/// as they stand in the log, with their own checksum; in the end the position -1.
///
/// Positions are those of the log, so that consumer groups go on where they were. A position that
/// is missing was damaged in the log, and is again when it is restored.
public final class LogFile {
  /// What the names of these files end with.
  public static final String SUFFIX = ".log";

  private static final byte[] TITLE = "dormouse log 1\n".getBytes(StandardCharsets.US_ASCII);
  private static final long NO_MORE = -1;

  private LogFile() {}

  static void begin(DataOutputStream out, long end) throws IOException {
    out.write(TITLE);
    out.writeLong(end);
  }

  static void add(DataOutputStream out, LogEntry entry) throws IOException {
    byte[] bytes = EntryCodec.encode(entry.position(), entry.appendedAt(), entry.message());
    out.writeLong(entry.position());
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static void end(DataOutputStream out) throws IOException {
    out.writeLong(NO_MORE);
  }

  /// Makes a log of a file, in a folder that is not there yet. Durable when it returns; must be
  /// called on a platform thread.
  ///
  /// @throws IOException if the file is damaged, or the log cannot be written
  public static void restore(Path file, Path log, LogSettings settings, Execution execution)
      throws IOException {
    JvmCheck.run();
    try (DataInputStream in =
            new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
        LogFolder folder = LogFolder.open(log)) {
      if (!Arrays.equals(in.readNBytes(TITLE.length), TITLE)) {
        throw new IOException(file + " is not the copy of a log, or of a newer version");
      }
      in.readLong();
      copy(in, file, folder, settings, execution);
    }
  }

  private static void copy(
      DataInputStream in, Path file, LogFolder folder, LogSettings settings, Execution execution)
      throws IOException {
    @Nullable SegmentWriter segment = null;
    long bytes = 0;
    long next = 0;
    try {
      for (long position = in.readLong(); position != NO_MORE; position = in.readLong()) {
        byte[] entry = in.readNBytes(in.readInt());
        if (EntryCodec.decode(position, entry) == null || position < next) {
          throw new IOException("the entry " + position + " in " + file + " is damaged");
        }
        // A gap ends a segment: in the newest one everything must be there.
        if (segment == null || position != next || bytes >= settings.fileBytes()) {
          finish(segment);
          segment = SegmentWriter.create(folder, position, settings, execution);
          bytes = 0;
        }
        segment.append(entry);
        bytes += entry.length;
        next = position + 1;
      }
    } finally {
      finish(segment);
    }
  }

  private static void finish(@Nullable SegmentWriter segment) throws IOException {
    if (segment != null) {
      try (segment) {
        segment.sync();
      }
    }
  }
}
