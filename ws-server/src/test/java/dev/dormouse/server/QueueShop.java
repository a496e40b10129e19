package dev.dormouse.server;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.saga.Outgoing;
import dev.dormouse.saga.QueueConsumer;
import dev.dormouse.saga.Queues;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/// Rooms that send, and rooms that count what they are brought.
final class QueueShop {
  static final AtomicLong TAKEN = new AtomicLong();

  private QueueShop() {}

  /// How shops are called.
  interface Calls {
    void sell(int count);
  }

  /// What is sold.
  record Order(String article, int number) {}

  static List<Namespace> namespaces() {
    return List.of(
        Namespace.named("shops", Shop::new).calls(Calls.class).build(),
        Namespace.named("accounts", Account::new).build());
  }

  private record Shop(RoomContext context) implements Room, Calls {
    @Override
    public void sell(int count) {
      context
          .facility(Queues.class)
          .send(
              "orders",
              IntStream.range(0, count)
                  .mapToObj(i -> Outgoing.value(new Order("tea", i)).type("order").unordered())
                  .toList());
    }
  }

  private record Account(RoomContext context) implements Room, QueueConsumer {
    @Override
    public void onMessages(Batch batch) {
      for (Delivery each : batch.messages()) {
        TAKEN.addAndGet(each.as(Order.class).article().equals("tea") ? 1 : 0);
      }
      context.storage().putText("last", batch.messages().getLast().key());
    }
  }
}
