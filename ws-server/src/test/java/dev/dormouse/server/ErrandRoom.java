package dev.dormouse.server;

import static dev.dormouse.saga.Command.toRoom;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.saga.Participant;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.Sagas;
import dev.dormouse.saga.StepCommand;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Takes part in errands: saga `errand` asks it to take, of which it says no to `"no"`, and then to
/// wait, which it answers when it is told to.
final class ErrandRoom implements Room, Participant, ErrandCalls {
  static final String SPACE = "errand";

  private static final Duration LONG = Duration.ofDays(1);

  private final RoomContext context;

  private ErrandRoom(RoomContext context) {
    this.context = context;
  }

  static Namespace namespace() {
    return Namespace.named(SPACE, ErrandRoom::new).calls(ErrandCalls.class).build();
  }

  /// Its input is what is to be taken, by the room `shop`.
  static Saga<String> saga(int version) {
    return Saga.define("errand", String.class)
        .version(version)
        .step(
            "take",
            step ->
                step.act(toRoom(SPACE, errand -> "shop", "take", errand -> errand.input()))
                    .undo(toRoom(SPACE, errand -> "shop", "give back", errand -> errand.input())))
        .step(
            "wait",
            step ->
                step.timeout(LONG)
                    .act(toRoom(SPACE, errand -> "shop", "wait", errand -> errand.input()))
                    .undo(
                        toRoom(SPACE, errand -> "shop", "stop waiting", errand -> errand.input())))
        .build();
  }

  @Override
  public @Nullable Object onCommand(StepCommand command) {
    String what = command.payload(String.class);
    return switch (command.operation()) {
      case "take" -> {
        if (what.equals("no")) {
          throw new Refusal.Refused(409, "there is none");
        }
        context.storage().putText("taken", what);
        yield what;
      }
      case "wait" -> {
        context.storage().putText("token", command.token());
        yield LATER;
      }
      case "give back" -> {
        context.storage().delete("taken");
        yield null;
      }
      default -> null;
    };
  }

  @Override
  public String taken() {
    return context.storage().getText("taken").orElse("nothing");
  }

  @Override
  public boolean goOn() {
    return context
        .storage()
        .getText("token")
        .map(token -> context.facility(Sagas.class).answer(token, "done"))
        .orElse(false);
  }
}
