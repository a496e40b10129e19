package dev.dormouse.storage;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.WriteSet;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Durable transitions a second in a closed loop: each room has one write set outstanding, that
/// writes one key of 512 bytes. A room is a virtual thread.
///
/// `StoreBench [folder] [seconds] [files]`; prints a table in Markdown.
final class StoreBench {
  private StoreBench() {}

  public static void main(String[] args) throws Exception {
    Path folder =
        args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("dormouse-store-bench");
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    int files = args.length > 2 ? Integer.parseInt(args[2]) : 1;
    System.out.println("| rooms | transitions/s | p50 ms | p99 ms | cores | writer µs a set |");
    System.out.println("|---|---|---|---|---|---|");
    for (int round = 0; round < 2; round++) {
      for (int rooms : new int[] {1, 10, 100, 1_000}) {
        Path data = folder.resolve("bench-" + round + "-" + rooms);
        try (RoomStore store =
            SqliteRoomStore.open(
                data, StoreSettings.defaults().withFiles(files), new SystemExecution())) {
          run(store, rooms, seconds);
        }
        delete(data);
      }
    }
  }

  private static void run(RoomStore store, int rooms, int seconds) throws InterruptedException {
    long warm = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    long end = warm + TimeUnit.SECONDS.toNanos(seconds);
    List<Loop> loops = new ArrayList<>();
    for (int i = 0; i < rooms; i++) {
      loops.add(new Loop(store, i, warm, end));
    }
    List<Thread> threads = loops.stream().map(Thread.ofVirtual()::start).toList();
    Thread.sleep(TimeUnit.NANOSECONDS.toMillis(warm - System.nanoTime()));
    long cpu = cpu();
    long writer = writerCpu();
    for (Thread thread : threads) {
      thread.join();
    }
    double writerNanos = writerCpu() - writer;
    double cores = (cpu() - cpu) / 1e9 / seconds;
    long[] all =
        loops.stream().flatMapToLong(loop -> Arrays.stream(loop.latencies())).sorted().toArray();
    System.out.printf(
        "| %d | %,d | %.2f | %.2f | %.1f | %.1f |%n",
        rooms,
        all.length / seconds,
        all[all.length / 2] / 1e6,
        all[(int) (all.length * 0.99)] / 1e6,
        cores,
        writerNanos / 1e3 / all.length);
  }

  private static long cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /// What the store's writer threads have used, in nanoseconds: tells more than rates where others
  /// use the machine too.
  private static long writerCpu() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(thread -> thread != null && thread.getThreadName().endsWith("-writer"))
        .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()))
        .sum();
  }

  private static void delete(Path folder) throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static final class Loop implements Runnable {
    private final RoomStore store;
    private final RoomId room;
    private final long warm;
    private final long end;
    private long[] latencies = new long[1_024];
    private int count;

    Loop(RoomStore store, int number, long warm, long end) {
      this.store = store;
      this.warm = warm;
      this.end = end;
      byte[] id = new byte[RoomId.BYTES];
      for (int i = 0; i < id.length; i++) {
        id[i] = (byte) (number * 31 + i * number);
      }
      id[1] = (byte) number;
      id[2] = (byte) (number >> 8);
      this.room = RoomId.of("bench", id, "room-" + number);
    }

    @Override
    public void run() {
      long sequence = 0;
      for (long now = System.nanoTime(); now < end; ) {
        SortedMap<String, Optional<byte[]>> changes = KeyOrder.newMap();
        changes.put("value", Optional.of(new byte[512]));
        sequence++;
        store
            .commit(
                new WriteSet(room, store.epoch(), sequence, sequence, 0, false, changes, List.of()))
            .join();
        long done = System.nanoTime();
        if (now > warm) {
          if (count == latencies.length) {
            latencies = Arrays.copyOf(latencies, count * 2);
          }
          latencies[count++] = done - now;
        }
        now = done;
      }
    }

    long[] latencies() {
      return Arrays.copyOf(latencies, count);
    }
  }
}
