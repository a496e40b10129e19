package dev.dormouse.saga.log;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.saga.queue.ContentType;
import dev.dormouse.saga.queue.QueueMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/// Appends to a log with a real sync for each batch, one batch at a time: `LogBench folder
/// seconds`. The folder says which disk; what it makes there it deletes. Not a test: run it by
/// hand.
final class LogBench {
  private static final int PAYLOAD = 256;

  private LogBench() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    double seconds = Double.parseDouble(args[1]);
    Files.createDirectories(folder);
    System.out.println("batch  entries/s  batches/s  p50 us  p99 us");
    for (int round = 0; round < 2; round++) {
      for (int size : new int[] {1, 16, 256}) {
        run(folder.resolve("bench-" + round + "-" + size), size, seconds);
      }
    }
  }

  private static void run(Path folder, int size, double seconds)
      throws IOException, InterruptedException, ExecutionException {
    long[] times = new long[1 << 20];
    int done = 0;
    try (ChronicleQueueLog log =
        ChronicleQueueLog.open(folder, LogSettings.defaults(), new SystemExecution())) {
      List<QueueMessage> batch =
          IntStream.range(0, size)
              .mapToObj(i -> QueueMessage.of("key-" + i, ContentType.BYTES, new byte[PAYLOAD]))
              .toList();
      for (long end = System.nanoTime() + (long) (seconds * 3e8); System.nanoTime() < end; ) {
        log.append(batch).get();
      }
      long begin = System.nanoTime();
      long end = begin + (long) (seconds * 1e9);
      for (long now = begin; now < end && done < times.length; ) {
        log.append(batch).get();
        long next = System.nanoTime();
        times[done++] = next - now;
        now = next;
      }
      double took = (System.nanoTime() - begin) / 1e9;
      Arrays.sort(times, 0, done);
      System.out.printf(
          Locale.ROOT,
          "%5d  %9.0f  %9.0f  %6d  %6d%n",
          size,
          done * (double) size / took,
          done / took,
          times[done / 2] / 1_000,
          times[(int) (done * 99L / 100)] / 1_000);
    }
    try (LogFolder files = LogFolder.open(folder)) {
      for (long base : List.copyOf(files.segments().keySet())) {
        LogFolder.erase(files.unname(base));
      }
    }
    Files.deleteIfExists(folder.resolve("lock"));
    Files.deleteIfExists(folder);
  }
}
