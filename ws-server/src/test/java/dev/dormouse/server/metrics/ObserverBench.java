package dev.dormouse.server.metrics;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.spi.RoomObserver;
import dev.dormouse.room.spi.RoomObserver.WokenBy;
import dev.dormouse.storage.StoreObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/// What counting costs: the calls that the runtime makes, in loops, by one thread and by two.
///
/// `ObserverBench [millions of calls]`; prints Markdown, in nanoseconds a round.
final class ObserverBench {
  private static final int ROUNDS = 5;

  private ObserverBench() {}

  private record Case(String name, Runnable body) {}

  public static void main(String[] args) throws Exception {
    ((Logger) LoggerFactory.getLogger("dev.dormouse")).setLevel(Level.INFO);
    int calls = (args.length > 0 ? Integer.parseInt(args[0]) : 5) * 1_000_000;
    try (ServerMetrics metrics =
        new ServerMetrics(List.of("bench"), List.of(), List.of(), "bench")) {
      RoomObserver rooms = metrics.rooms();
      StoreObserver store = metrics.store();
      RoomId room = RoomId.of("bench", new byte[RoomId.BYTES], "bench");
      List<Case> cases =
          List.of(
              new Case("eventDone", () -> rooms.eventDone(room)),
              new Case("turnEnded", () -> rooms.turnEnded(room, 12_345)),
              new Case("committed", () -> rooms.committed(room, 1_234_567)),
              new Case(
                  "an event that writes: all three",
                  () -> {
                    rooms.turnEnded(room, 12_345);
                    rooms.eventDone(room);
                    rooms.committed(room, 1_234_567);
                  }),
              new Case(
                  "a wake: roomStarted, roomFellAsleep",
                  () -> {
                    rooms.roomStarted(room, StartCause.WOKEN, WokenBy.MESSAGE, 234_567);
                    rooms.roomFellAsleep(room);
                  }),
              new Case(
                  "a batch of the store", () -> store.committed(42, 4_200, 300_000, 1_200_000)));
      System.out.println("| calls | one thread, ns | two threads, ns each |");
      System.out.println("|---|---|---|");
      for (Case each : cases) {
        System.out.printf(
            "| %s | %.0f | %.0f |%n", each.name(), best(each, calls, 1), best(each, calls, 2));
      }
    }
  }

  /// The fastest round: others use the machine too.
  private static double best(Case each, int calls, int threads) throws Exception {
    double best = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      CountDownLatch ready = new CountDownLatch(threads);
      List<Thread> all = new ArrayList<>();
      long[] took = new long[threads];
      for (int i = 0; i < threads; i++) {
        int mine = i;
        all.add(
            Thread.ofPlatform()
                .start(() -> {
                  ready.countDown();
                  long start = System.nanoTime();
                  for (int call = 0; call < calls; call++) {
                    each.body().run();
                  }
                  took[mine] = System.nanoTime() - start;
                }));
      }
      for (Thread thread : all) {
        thread.join();
      }
      for (long nanos : took) {
        best = Math.min(best, (double) nanos / calls);
      }
    }
    return best;
  }
}
