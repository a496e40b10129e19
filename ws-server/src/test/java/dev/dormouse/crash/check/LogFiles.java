package dev.dormouse.crash.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads a queue's log from the bytes of its files, without the library that writes them: a folder
/// for each segment, named by the position of its first entry, with one file of documents.
final class LogFiles {
  /// Bits of a document's head; the rest is its length. Little-endian, at multiples of four.
  private static final int INCOMPLETE = 0x80000000;

  private static final int META = 0x40000000;
  private static final int LENGTH = 0x3fffffff;

  /// One entry.
  ///
  /// @param origin what queue it comes from, if it is a dead letter; else empty
  /// @param file the file that it is in, the document from `at` on
  /// @param length of what the entry's own length and sum cover, with those
  record Entry(
      long position,
      String source,
      long sequence,
      String key,
      String origin,
      Path file,
      int at,
      int length) {}

  /// @param first where the oldest segment begins
  /// @param end behind the last entry
  record Log(long first, long end, List<Entry> entries) {
    static final Log NONE = new Log(0, 0, List.of());
  }

  private LogFiles() {}

  static Log read(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Log.NONE;
    }
    List<Path> segments;
    try (Stream<Path> all = Files.list(folder)) {
      segments =
          all.filter(path -> path.getFileName().toString().matches("\\d{19}")).sorted().toList();
    }
    if (segments.isEmpty()) {
      return Log.NONE;
    }
    List<Entry> entries = new ArrayList<>();
    long end = 0;
    for (Path segment : segments) {
      long base = Long.parseLong(segment.getFileName().toString());
      List<Entry> more = segment(segment, base);
      entries.addAll(more);
      end = base + more.size();
    }
    return new Log(Long.parseLong(segments.getFirst().getFileName().toString()), end, entries);
  }

  /// The whole entries that a segment begins with.
  private static List<Entry> segment(Path segment, long base) throws IOException {
    List<Entry> entries = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> all = Files.list(segment)) {
      files = all.filter(path -> path.toString().endsWith(".cq4")).toList();
    }
    for (Path file : files) {
      // Mapped, since most of it is a hole.
      ByteBuffer bytes;
      try (FileChannel channel = FileChannel.open(file)) {
        bytes =
            channel
                .map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                .order(ByteOrder.LITTLE_ENDIAN);
      }
      int at = 0;
      while (at + 4 <= bytes.limit()) {
        int head = bytes.getInt(at);
        int length = head & LENGTH;
        if (head == 0 || (head & INCOMPLETE) != 0 || at + 4 + length > bytes.limit()) {
          break;
        }
        if ((head & META) == 0) {
          byte[] document = new byte[length];
          bytes.get(at + 4, document);
          Entry entry = entry(base + entries.size(), document, file, at);
          if (entry == null) {
            return entries;
          }
          entries.add(entry);
        }
        at = (at + 4 + length + 3) & ~3;
      }
    }
    return entries;
  }

  private static @Nullable Entry entry(long position, byte[] document, Path file, int at) {
    ByteBuffer in = ByteBuffer.wrap(document);
    int length = in.getInt();
    int sum = in.getInt();
    if (length <= 0 || length > in.remaining()) {
      return null;
    }
    CRC32C crc = new CRC32C();
    crc.update(document, 8, length);
    if ((int) crc.getValue() != sum || in.get() != 1 || in.getLong() != position) {
      return null;
    }
    in.getLong(); // when it was appended
    String source = utf(in);
    long sequence = in.getLong();
    String key = utf(in);
    utf(in); // its type
    in.get(); // what its payload is
    in.getLong(); // not before
    utf(in); // its ordering key
    String origin = in.get() == 0 ? "" : utf(in);
    return new Entry(position, source, sequence, key, origin, file, at, 8 + length);
  }

  /// Two bytes of length, then the text; what these tests send is ASCII.
  static String utf(ByteBuffer in) {
    byte[] text = new byte[in.getShort() & 0xffff];
    in.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
