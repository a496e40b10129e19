package dev.dormouse.saga.queue.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.saga.Outgoing;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.QueueConsumer;
import dev.dormouse.saga.Queues;
import dev.dormouse.saga.SagaProvider;
import dev.dormouse.testkit.RoomTester;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The Java of `docs/queues.md`, at work.
class QueueDocsTest {
  // tag::declare
  /// What is ordered.
  record Order(String customer, int cents) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  public static final class ShopQueues implements SagaProvider {
    @Override
    public List<Queue> queues() {
      return List.of(
          Queue.named("orders")
              .group(
                  "billing",
                  g ->
                      g.deliverTo("accounts", message -> message.as(Order.class).customer())
                          .batch(20)
                          .retries(5)
                          .backoff(Duration.ofSeconds(2), 2, Duration.ofMinutes(10)))
              .group("reports", g -> g.unordered().lease(Duration.ofMinutes(2)))
              .keep(Duration.ofDays(1))
              .http()
              .build());
    }
  }

  // end::declare

  interface ShopCalls {
    void order(String customer, int cents);
  }

  // tag::send
  record Shop(RoomContext context) implements Room, ShopCalls {
    @Override
    public void order(String customer, int cents) {
      context.storage().putText("last", customer);
      context
          .facility(Queues.class)
          .send("orders", Outgoing.value(new Order(customer, cents)).type("placed"));
    }
  }

  // end::send

  // tag::consume
  record Account(RoomContext context) implements Room, QueueConsumer {
    @Override
    public void onMessages(Batch batch) {
      for (Delivery message : batch.messages()) {
        Order order = message.as(Order.class);
        if (order.cents() > 1_000_000) {
          message.retry(Duration.ofHours(1), "somebody has to look at this");
          continue;
        }
        long owed = context.storage().getText("owed").map(Long::parseLong).orElse(0L);
        context.storage().putText("owed", Long.toString(owed + order.cents()));
        message.ack();
      }
    }
  }

  // end::consume

  @Test
  void orders_are_billed_once() {
    MemoryLogs logs = new MemoryLogs();
    QueueNode[] node = new QueueNode[1];
    RoomTester tester =
        RoomTester.of(
            Namespace.named("shops", Shop::new).calls(ShopCalls.class).build(),
            Namespace.named("accounts", Account::new).build(),
            Namespace.system(QueueNode.NAMESPACE, c -> node[0].namespace().factory().apply(c))
                .calls(GroupCalls.class)
                .build());
    logs.clock(tester.execution());
    try {
      node[0] =
          QueueNode.open(
              new ShopQueues().queues(), logs, tester.execution(), () -> 1, QueueObserver.NONE);
    } catch (dev.dormouse.saga.queue.LogException e) {
      throw new AssertionError(e);
    }
    tester.facility(node[0].facility());
    tester.run(t -> {
      node[0].start(t.rooms());
      ShopCalls shop = t.rooms().stub(ShopCalls.class, "shops", "main");
      shop.order("ada", 100);
      shop.order("ada", 23);
      shop.order("bob", 5);
      t.settle();
      assertThat(t.disk().text(t.id("accounts", "ada"), "owed")).contains("123");
      assertThat(t.disk().text(t.id("accounts", "bob"), "owed")).contains("5");
    });
  }
}
