package dev.dormouse.rooms.yjs;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// Writes each merged update of the histories, what it was merged from, and its compaction, for
/// `check-compaction.mjs` to compare with the real `yjs`.
final class CompactionSamples {
  private CompactionSamples() {}

  public static void main(String[] arguments) throws IOException, MalformedUpdateException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("needs the name of the file to write");
    }
    ByteWriter out = new ByteWriter(1 << 20);
    List<YjsHistory> histories = YjsHistory.all();
    out.varUint(histories.stream().mapToInt(history -> history.merges().size()).sum());
    for (YjsHistory history : histories) {
      for (YjsHistory.Merge merge : history.merges()) {
        out.varUint(history.seed()).varUint(merge.inputs().size());
        merge.inputs().forEach(out::buffer);
        out.buffer(merge.merged());
        YUpdate update = YUpdate.decode(merge.merged(), YLimits.defaults());
        out.buffer(Compaction.compacted(update).bytes());
      }
    }
    try (OutputStream file = new GZIPOutputStream(Files.newOutputStream(Path.of(arguments[0])))) {
      file.write(out.toBytes());
    }
  }
}
