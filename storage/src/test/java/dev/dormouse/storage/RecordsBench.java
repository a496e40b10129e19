package dev.dormouse.storage;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.ConnectionRecord;
import dev.dormouse.room.spi.ConnectionRecords;
import dev.dormouse.room.spi.ConnectionRecords.Slept;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;

/// What falling asleep and waking cost in the scratch file. A cycle is `save` of one changed record
/// and `sleeps`, then `slept` and `read` of that record; each sleeper has one cycle outstanding.
/// Records have a tag and 100 bytes.
///
/// `RecordsBench [folder] [rooms] [seconds]`; prints Markdown.
final class RecordsBench {
  private static final int CONNECTIONS = 10;

  private RecordsBench() {}

  public static void main(String[] args) throws Exception {
    Path folder =
        args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("dormouse-records-bench");
    int rooms = args.length > 1 ? Integer.parseInt(args[1]) : 10_000;
    int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    try (ConnectionRecords records = SqliteConnectionRecords.open(folder, new SystemExecution())) {
      fill(records, rooms);
      System.out.println("| sleepers | cycles/s | µs of the thread a cycle | p50 µs | p99 µs |");
      System.out.println("|---|---|---|---|---|");
      for (int round = 0; round < 2; round++) {
        for (int sleepers : new int[] {1, 10, 100}) {
          cycles(records, rooms, sleepers, seconds);
        }
      }
      System.out.println();
      for (int round = 0; round < 3; round++) {
        large(records);
      }
      System.out.printf("file: %,d bytes%n", Files.size(folder.resolve("scratch.db")));
    }
  }

  private static void fill(ConnectionRecords records, int rooms) {
    long before = System.nanoTime();
    for (int room = 0; room < rooms; room++) {
      var saved = records.save(room(room), all(CONNECTIONS), List.of());
      var slept = records.sleeps(room(room), new Slept(CONNECTIONS, 0, 1));
      if (room % 100 == 0) {
        saved.join();
        slept.join();
      }
    }
    records.slept(room(0)).join();
    System.out.printf(
        "%,d rooms of %d connections saved: %.1f µs a record%n%n",
        rooms, CONNECTIONS, (System.nanoTime() - before) / 1e3 / rooms / CONNECTIONS);
  }

  private static void cycles(ConnectionRecords records, int rooms, int sleepers, int seconds)
      throws InterruptedException {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    long cpu = cpu();
    List<long[]> all = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int sleeper = 0; sleeper < sleepers; sleeper++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                long[] latencies = cycles(records, rooms, end);
                synchronized (all) {
                  all.add(latencies);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double used = cpu() - cpu;
    long[] sorted = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    System.out.printf(
        "| %d | %,d | %.1f | %.0f | %.0f |%n",
        sleepers,
        sorted.length / seconds,
        used / 1e3 / sorted.length,
        sorted[sorted.length / 2] / 1e3,
        sorted[(int) (sorted.length * 0.99)] / 1e3);
  }

  private static long[] cycles(ConnectionRecords records, int rooms, long end) {
    long[] latencies = new long[1_024];
    int count = 0;
    for (long now = System.nanoTime(); now < end; ) {
      RoomId room = room(ThreadLocalRandom.current().nextInt(rooms));
      long key = ThreadLocalRandom.current().nextLong(1, CONNECTIONS + 1);
      var saved = records.save(room, List.of(record(key, (int) now)), List.of());
      var sleeps = records.sleeps(room, new Slept(CONNECTIONS, 0, now));
      saved.join();
      sleeps.join();
      var slept = records.slept(room);
      var read = records.read(room, List.of(key));
      slept.join();
      read.join();
      if (count == latencies.length) {
        latencies = Arrays.copyOf(latencies, count * 2);
      }
      latencies[count++] = System.nanoTime() - now;
      now = System.nanoTime();
    }
    return Arrays.copyOf(latencies, count);
  }

  /// One room of 19,000 connections, with a tag that every hundredth carries.
  private static void large(ConnectionRecords records) {
    RoomId room = room(-1);
    long start = System.nanoTime();
    for (int from = 1; from <= 19_000; from += ConnectionRecords.CHUNK) {
      records
          .save(
              room,
              LongStream.range(from, Math.min(19_001, from + ConnectionRecords.CHUNK))
                  .mapToObj(key -> record(key, (int) key))
                  .toList(),
              List.of())
          .join();
    }
    long written = System.nanoTime();
    int pages = 0;
    for (long after = 0; ; pages++) {
      List<ConnectionRecord> page = records.page(room, null, after, ConnectionRecords.CHUNK).join();
      if (page.isEmpty()) {
        break;
      }
      after = page.getLast().key();
    }
    long paged = System.nanoTime();
    records.page(room, "tag 7", 10_000, ConnectionRecords.CHUNK).join();
    long tagged = System.nanoTime();
    records.forget(room).join();
    long forgotten = System.nanoTime();
    System.out.printf(
        "19,000 records: written %.0f ms, read in %d pages %.0f ms, a page by tag %.1f ms,"
            + " forgotten %.0f ms%n",
        (written - start) / 1e6,
        pages,
        (paged - written) / 1e6,
        (tagged - paged) / 1e6,
        (forgotten - tagged) / 1e6);
  }

  private static List<ConnectionRecord> all(int connections) {
    return LongStream.rangeClosed(1, connections).mapToObj(key -> record(key, 0)).toList();
  }

  private static ConnectionRecord record(long key, int salt) {
    byte[] attachment = new byte[100];
    attachment[0] = (byte) salt;
    return new ConnectionRecord(key, null, Set.of("tag " + key % 100), attachment, true, false);
  }

  private static RoomId room(int number) {
    byte[] id = new byte[RoomId.BYTES];
    new Random(number).nextBytes(id);
    return RoomId.of("bench", id, null);
  }

  /// What the scratch thread has used, in nanoseconds.
  private static long cpu() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(thread -> thread != null && thread.getThreadName().equals("dormouse-scratch"))
        .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()))
        .sum();
  }
}
