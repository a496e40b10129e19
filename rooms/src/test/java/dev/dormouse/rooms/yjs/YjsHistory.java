package dev.dormouse.rooms.yjs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/// Histories played with the real `yjs`, and what it answered: see `src/test/yjs/README.md`.
///
/// @param seed what to pass to the generator to play it again
@SuppressWarnings("ArrayRecordComponent") // these records are never compared
record YjsHistory(
    int seed,
    List<Listing> listings,
    List<Merge> merges,
    List<Diff> diffs,
    List<Verdict> verdicts,
    List<Mutant> mutants) {

  /// The system property that names another file of histories than the committed one.
  static final String FILE_PROPERTY = "yjs.histories";

  /// An update, and the CRC-32 of what yjs finds in it.
  record Listing(byte[] update, long crc) {}

  record Merge(List<byte[]> inputs, byte[] merged, byte[] stateVector) {}

  record Diff(byte[] update, byte[] known, byte[] diff) {}

  record Verdict(byte[] stored, byte[] update, boolean isNew) {}

  /// A damaged update, and whether yjs throws on it.
  record Mutant(byte[] bytes, boolean refused) {}

  /// All histories of the file in use: the committed one, unless the property names another.
  static List<YjsHistory> all() {
    String file = System.getProperty(FILE_PROPERTY);
    if (file == null) {
      return committed();
    }
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The committed histories.
  static List<YjsHistory> committed() {
    try (InputStream in = YjsHistory.class.getResourceAsStream("histories.bin.gz")) {
      return read(Objects.requireNonNull(in, "histories.bin.gz"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<YjsHistory> read(InputStream file) throws IOException {
    try (InputStream in = new GZIPInputStream(file)) {
      ByteReader reader = new ByteReader(in.readAllBytes());
      List<YjsHistory> histories = list(reader, YjsHistory::read);
      reader.expectEnd();
      return histories;
    } catch (MalformedUpdateException e) {
      throw new IOException("not a file of histories", e);
    }
  }

  private static YjsHistory read(ByteReader in) throws MalformedUpdateException {
    int seed = (int) in.varUint();
    List<byte[]> blobs = list(in, ByteReader::buffer);
    Read<byte[]> blob = from -> blobs.get((int) from.varUint());
    return new YjsHistory(
        seed,
        list(in, from -> new Listing(blob.from(from), from.varUint())),
        list(in, from -> new Merge(list(from, blob), blob.from(from), blob.from(from))),
        list(in, from -> new Diff(blob.from(from), blob.from(from), blob.from(from))),
        list(in, from -> new Verdict(blob.from(from), blob.from(from), from.varUint() == 1)),
        list(in, from -> new Mutant(blob.from(from), from.varUint() == 1)));
  }

  private static <T> List<T> list(ByteReader in, Read<T> read) throws MalformedUpdateException {
    int count = (int) in.varUint();
    List<T> items = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      items.add(read.from(in));
    }
    return items;
  }

  private interface Read<T> {
    T from(ByteReader in) throws MalformedUpdateException;
  }
}
