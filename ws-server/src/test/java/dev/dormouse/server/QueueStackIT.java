package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.saga.Queue;
import dev.dormouse.saga.queue.ContentType;
import dev.dormouse.saga.queue.QueueMessage;
import dev.dormouse.saga.queue.Settled;
import dev.dormouse.saga.queue.node.QueueClient;
import dev.dormouse.saga.queue.node.QueueDesk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Queues on what a server has: SQLite, Chronicle, JSON; opened again in between.
class QueueStackIT {
  private static final Duration LEASE = Duration.ofMinutes(5);
  @TempDir Path folder;

  private QueueStack open() throws Exception {
    return QueueStack.open(
        folder,
        QueueShop.namespaces(),
        Queue.named("orders")
            .group("billing", g -> g.deliverTo("accounts", message -> "main"))
            .group("reports", g -> g.retries(0))
            .http()
            .build());
  }

  private static void await(java.util.function.BooleanSupplier done) throws InterruptedException {
    for (int i = 0; i < 3_000 && !done.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    assertThat(done.getAsBoolean()).isTrue();
  }

  @Test
  void messages_survive_the_process_on_both_ways() throws Exception {
    long before = QueueShop.TAKEN.get();
    try (QueueStack stack = open()) {
      stack.rooms().stub(QueueShop.Calls.class, "shops", "a").sell(20);
      await(() -> QueueShop.TAKEN.get() == before + 20);
      QueueClient client = stack.queues().client();
      List<QueueClient.Pulled> pulled =
          client.pull("orders", "reports", 5, LEASE, Duration.ofSeconds(10));
      assertThat(pulled).isNotEmpty();
      List<String> leases = pulled.stream().map(QueueClient.Pulled::lease).toList();
      assertThat(client.ack("orders", "reports", leases)).containsOnly(Settled.ACKED);
      client.retry(
          "orders",
          "reports",
          client.pull("orders", "reports", 1, LEASE, Duration.ofSeconds(10)).stream()
              .map(QueueClient.Pulled::lease)
              .toList(),
          Duration.ZERO,
          "broken");
      QueueDesk desk = stack.queues().desk();
      await(() -> desk.log("orders.dead", 0, 10).size() == 1);
    }
    try (QueueStack stack = open()) {
      QueueDesk desk = stack.queues().desk();
      QueueDesk.QueueReport orders = desk.queue("orders");
      assertThat(orders.end()).isEqualTo(20);
      assertThat(orders.groups().getFirst().acked()).isEqualTo(20);
      assertThat(orders.groups().getLast().dead()).isEqualTo(1);
      assertThat(desk.dead("orders", "reports", 0, 10).getFirst().error()).isEqualTo("broken");
      desk.redrive("orders", "reports", desk.dead("orders", "reports", 0, 1).getFirst().position());
      stack
          .queues()
          .client()
          .publish(
              "orders",
              List.of(
                  QueueMessage.of(
                      "k",
                      ContentType.JSON,
                      "{\"article\":\"tea\",\"number\":1}".getBytes(UTF_8))));
      await(() -> QueueShop.TAKEN.get() == before + 21);
      await(() -> desk.queue("orders").groups().getFirst().backlog() == 0);
    }
  }
}
