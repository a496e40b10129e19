package dev.dormouse.server;

import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.saga.Command;
import dev.dormouse.saga.Participant;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.Sagas;
import dev.dormouse.saga.SoFar;
import dev.dormouse.saga.StepCommand;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A toy saga for tests: shops reserve, charge and ship in the room `depot/main`, which refuses to
/// ship while it is closed to a saga. Its rooms fall asleep at once.
final class OrderRooms {
  /// The sagas for which nothing is shipped at present.
  static final Set<String> CLOSED = ConcurrentHashMap.newKeySet();

  static final Saga<String> SAGA =
      Saga.define("order", String.class)
          .deadline(Duration.ofHours(1))
          .step("reserve", it -> it.act(ask("reserve")).undo(ask("release")))
          .step("charge", it -> it.pivot().act(ask("charge")))
          .step("ship", it -> it.retriable().act(ask("ship")))
          .build();

  private OrderRooms() {}

  private static Command<String> ask(String operation) {
    return Command.toRoom("depot", _ -> "main", operation, SoFar::input);
  }

  static List<Namespace> namespaces() {
    return List.of(
        Namespace.named("shop", Shop::new).limits(drowsy()).build(),
        Namespace.named("depot", Depot::new).limits(drowsy()).build());
  }

  private static RoomLimits drowsy() {
    return RoomLimits.defaults().withIdle(Duration.ofMillis(50));
  }

  /// Starts the saga whose id is the path that it is asked for.
  private record Shop(RoomContext context) implements Room {
    @Override
    public HttpReply onRequest(HttpCall call) {
      return HttpReply.text(
          200, context.facility(Sagas.class).start("order", call.path(), "a kettle").name());
    }
  }

  private record Depot(RoomContext context) implements Room, Participant {
    @Override
    public @Nullable Object onCommand(StepCommand command) {
      if (command.step().equals("ship") && CLOSED.contains(command.sagaId())) {
        throw new Refusal.Refused(409, "the depot is closed");
      }
      return null;
    }
  }
}
