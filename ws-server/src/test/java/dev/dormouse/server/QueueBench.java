package dev.dormouse.server;

import dev.dormouse.saga.Queue;
import dev.dormouse.saga.queue.ContentType;
import dev.dormouse.saga.queue.QueueMessage;
import dev.dormouse.saga.queue.node.QueueClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/// Rates of queues with real syncs, without the network: `QueueBench folder [seconds]`; prints
/// Markdown. The folder says which disk; a new folder is made in it. Not a test: run it by hand.
final class QueueBench {
  private static final int PAYLOAD = 256;
  private static final Duration LEASE = Duration.ofMinutes(5);

  private QueueBench() {}

  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 5;
    Files.createDirectories(root);
    Path folder = Files.createTempDirectory(root, "queue-bench");
    try (QueueStack stack =
        QueueStack.open(
            folder,
            QueueShop.namespaces(),
            Queue.named("orders")
                .group(
                    "billing",
                    g -> g.deliverTo("accounts", message -> "" + message.key().hashCode() % 16))
                .build(),
            Queue.named("jobs").group("workers").http().build())) {
      System.out.println("| what, with real syncs | messages/s |");
      System.out.println("|---|---|");
      QueueClient client = stack.queues().client();
      AtomicLong keys = new AtomicLong();
      publish(client, keys, 1, seconds / 3);
      print("publish, 1 in flight", publish(client, keys, 1, seconds));
      print("publish, 100 in flight", publish(client, keys, 100, seconds));
      print("pull and acknowledge 100 at once, 1 worker", pull(client, 1, seconds));
      print("the same, 8 workers", pull(client, 8, seconds));
      rooms(stack, 1, 1, seconds);
      rooms(stack, 100, 1, seconds);
      rooms(stack, 16, 100, seconds);
    }
    System.out.println();
    System.out.println("data is left in " + folder);
    System.exit(0);
  }

  private static void print(String what, double rate) {
    System.out.printf(Locale.ROOT, "| %s | %.0f |%n", what, rate);
  }

  /// Runs `work` in so many threads for some time; says how much of it was done in a second.
  private static double rate(
      int threads, double seconds, java.util.concurrent.Callable<Integer> work)
      throws InterruptedException {
    AtomicLong done = new AtomicLong();
    long begin = System.nanoTime();
    long end = begin + (long) (seconds * 1e9);
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      all.add(
          Thread.ofVirtual()
              .start(() -> {
                while (System.nanoTime() < end) {
                  try {
                    done.addAndGet(work.call());
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                }
              }));
    }
    for (Thread each : all) {
      each.join();
    }
    return done.get() / ((System.nanoTime() - begin) / 1e9);
  }

  private static double publish(QueueClient client, AtomicLong keys, int inFlight, double seconds)
      throws InterruptedException {
    return rate(
        inFlight,
        seconds,
        () -> {
          client.publish(
              "jobs",
              List.of(
                  QueueMessage.of(
                      "k" + keys.incrementAndGet(), ContentType.BYTES, new byte[PAYLOAD])));
          return 1;
        });
  }

  private static double pull(QueueClient client, int workers, double seconds)
      throws InterruptedException {
    return rate(
        workers,
        seconds,
        () -> {
          List<QueueClient.Pulled> pulled =
              client.pull("jobs", "workers", 100, LEASE, Duration.ofMillis(100));
          if (!pulled.isEmpty()) {
            client.ack("jobs", "workers", pulled.stream().map(QueueClient.Pulled::lease).toList());
          }
          return pulled.size();
        });
  }

  private static void rooms(QueueStack stack, int shops, int batch, double seconds)
      throws InterruptedException {
    long before = QueueShop.TAKEN.get();
    AtomicLong next = new AtomicLong();
    long begin = System.nanoTime();
    double sent =
        rate(
            shops,
            seconds,
            () -> {
              String shop = "shop" + next.incrementAndGet() % shops;
              stack.rooms().stub(QueueShop.Calls.class, "shops", shop).sell(batch);
              return batch;
            });
    long all = Math.round(sent * seconds);
    for (int i = 0; i < 6_000 && QueueShop.TAKEN.get() - before < all * 0.99; i++) {
      Thread.sleep(10);
    }
    double took = (System.nanoTime() - begin) / 1e9;
    print("send from %d rooms, %d at once".formatted(shops, batch), sent);
    print("taken by 16 rooms meanwhile", (QueueShop.TAKEN.get() - before) / took);
  }
}
