package storm;

import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.NamespaceProvider;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.QueueConsumer;
import dev.dormouse.saga.SagaProvider;
import java.time.Duration;
import java.util.List;

/// A queue with a group that is brought to rooms and one that is pulled, for a server under test.
public final class StormRooms implements NamespaceProvider, SagaProvider {
  private static final int ROOMS = 4;
  private static final int TRIES = 100;

  @Override
  public List<Namespace> namespaces() {
    return List.of(Namespace.named("storm-count", Count::new).build());
  }

  @Override
  public List<Queue> queues() {
    return List.of(
        Queue.named("storm")
            .group(
                "rooms",
                g ->
                    g.deliverTo(
                            "storm-count",
                            m -> "c" + Math.floorMod(m.key().hashCode(), ROOMS))
                        .unordered()
                        .lease(Duration.ofSeconds(5))
                        .retries(TRIES)
                        .backoff(Duration.ofSeconds(1), 1, Duration.ofSeconds(1)))
            .group(
                "pullers",
                g ->
                    g.unordered()
                        .lease(Duration.ofSeconds(5))
                        .retries(TRIES)
                        .backoff(Duration.ofSeconds(1), 1, Duration.ofSeconds(1)))
            .http()
            .build());
  }

  /// Counts what it is brought, and what it is brought twice.
  private record Count(RoomContext context) implements Room, QueueConsumer {
    @Override
    public void onMessages(Batch batch) {
      for (Delivery message : batch.messages()) {
        String row = "key/" + message.key();
        add(context.storage().getText(row).isPresent() ? "again" : "messages");
        context.storage().putText(row, "");
      }
    }

    private void add(String what) {
      context.storage().putText(what, Long.toString(counted(what) + 1));
    }

    private long counted(String what) {
      return context.storage().getText(what).map(Long::parseLong).orElse(0L);
    }

    @Override
    public HttpReply onRequest(HttpCall call) {
      return HttpReply.json(
          200, "{\"messages\":%d,\"again\":%d}".formatted(counted("messages"), counted("again")));
    }
  }
}
