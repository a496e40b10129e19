package dev.dormouse.saga.queue.node;

import dev.dormouse.room.RoomContext;
import dev.dormouse.saga.GroupBuilder;
import dev.dormouse.saga.Outgoing;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.QueueConsumer;
import dev.dormouse.saga.Queues;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Shops that send what they are told, and accounts that note what they get, over some log.
abstract class QueueSituation {
  /// The same logs, opened anew by each process.
  protected abstract Logs logs(InstantSource clock);

  final List<String> taken = new ArrayList<>();

  static Queues queues(RoomContext context) {
    return context.facility(Queues.class);
  }

  final Plant plant(UnaryOperator<GroupBuilder> group) {
    return plant(
        Queue.named("orders")
            .messageBytes(1_000)
            .group("billing", g -> group.apply(g.deliverTo(Plant.ACCOUNTS, message -> "main")))
            .build());
  }

  final Plant plant(Queue... declarations) {
    Plant[] self = new Plant[1];
    Plant plant =
        new Plant(1, () -> logs(() -> self[0].tester.execution().instant()), declarations);
    self[0] = plant;
    plant.shop =
        (context, what) -> {
          context.storage().putText("said", what);
          return queues(context).send("orders", Outgoing.text(what));
        };
    plant.account = (context, batch) -> batch.messages().forEach(this::note);
    return plant;
  }

  final void note(QueueConsumer.Delivery message) {
    taken.add(message.text() + "@" + message.attempt());
  }

  static List<String> dead(Plant plant) {
    return plant.node().desk().log("orders.dead", 0, 100).stream()
        .map(QueueDesk.Logged::preview)
        .toList();
  }

  static QueueDesk.GroupReport report(Plant plant) {
    return plant.node().desk().queue("orders").groups().getFirst();
  }
}
