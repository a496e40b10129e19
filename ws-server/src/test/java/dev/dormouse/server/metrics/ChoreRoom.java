package dev.dormouse.server.metrics;

import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.saga.Command;
import dev.dormouse.saga.Outgoing;
import dev.dormouse.saga.Participant;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.QueueConsumer;
import dev.dormouse.saga.Queues;
import dev.dormouse.saga.RetryPolicy;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.Sagas;
import dev.dormouse.saga.SoFar;
import dev.dormouse.saga.StepCommand;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Starts a saga and sends two messages for each request, to other rooms of its kind, which work so
/// badly that all happens that metrics tell of.
record ChoreRoom(RoomContext context) implements Room, Participant, QueueConsumer {
  static final String NAME = "chores";

  /// Every third command fails, of whatever saga.
  private static final AtomicLong COMMANDS = new AtomicLong();

  private static final RetryPolicy SOON =
      RetryPolicy.of(50, Duration.ofMillis(100), 1, Duration.ofMillis(100), 0);

  static final Saga<String> SAGA =
      Saga.define("chore", String.class)
          .step(
              "fetch",
              it -> it.act(ask("fetch")).undo(ask("bring back")).retry(SOON).undoRetry(SOON))
          .step("carry", it -> it.pivot().act(ask("carry")).retry(SOON))
          .build();

  static final Queue QUEUE =
      Queue.named("chores")
          .group(
              "done",
              it ->
                  it.deliverTo(NAME, _ -> "consumer")
                      .retries(1)
                      .backoff(Duration.ofMillis(100), 1, Duration.ofMillis(100)))
          .build();

  private static Command<String> ask(String operation) {
    return Command.toRoom(NAME, _ -> "participant", operation, SoFar::input);
  }

  static Namespace namespace() {
    return Namespace.named(NAME, ChoreRoom::new).build();
  }

  @Override
  public HttpReply onRequest(HttpCall call) {
    context.facility(Sagas.class).start(SAGA.name(), call.path(), call.path());
    context.facility(Queues.class).send(QUEUE.name(), Outgoing.text("good"));
    context.facility(Queues.class).send(QUEUE.name(), Outgoing.text("bad"));
    return HttpReply.text(200, "begun");
  }

  @Override
  public @Nullable Object onCommand(StepCommand command) {
    if (COMMANDS.incrementAndGet() % 3 == 0) {
      throw new Refusal.Overloaded("busy");
    }
    if (command.step().equals("carry") && command.sagaId().endsWith("0")) {
      throw new Refusal.Refused(409, "too heavy");
    }
    return null;
  }

  @Override
  public void onMessages(Batch batch) {
    for (Delivery each : batch.messages()) {
      if (each.text().equals("bad")) {
        each.retry();
      }
    }
  }
}
