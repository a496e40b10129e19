package dev.dormouse.rooms.shipment;

import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.json.Json;
import dev.dormouse.rooms.shipment.Shipped.State;
import dev.dormouse.saga.Participant;
import dev.dormouse.saga.StepCommand;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// The parcel of one order. Sagas have it packed and, if they go back, recalled
/// ([ShipmentCommands]); an order that is tried again gets another one. Anybody may look at it over
/// HTTP.
final class ShipmentRoom implements Room, Participant {

  private static final String PARCEL = "parcel";
  private static final String COUNT = "count";

  private final RoomContext context;

  ShipmentRoom(RoomContext context) {
    this.context = context;
  }

  @Override
  public Shipped onCommand(StepCommand command) {
    return switch (command.operation()) {
      case ShipmentCommands.SHIP -> ship(command.payload(Parcel.class));
      case ShipmentCommands.RECALL -> recall();
      case String other ->
          throw new Refusal.NotFound("a shipment does not know how to '" + other + "'");
    };
  }

  private Shipped ship(Parcel wanted) {
    if (wanted.pieces() < 1 || wanted.pieces() > Parcel.MAX_PIECES) {
      throw new Refusal.Refused(
          409, "%d pieces fit into a parcel, not %d".formatted(Parcel.MAX_PIECES, wanted.pieces()));
    }
    if (wanted.to().isBlank() || wanted.to().length() > Parcel.MAX_ADDRESS) {
      throw new Refusal.Refused(400, "an address has 1 to " + Parcel.MAX_ADDRESS + " characters");
    }
    if (shipped().filter(before -> before.state() == State.PACKED).isPresent()) {
      throw new Refusal.Refused(409, context.id() + " was shipped already");
    }
    long number = context.storage().getText(COUNT).map(Long::parseLong).orElse(0L) + 1;
    context.storage().putText(COUNT, Long.toString(number));
    String name = context.id().hex().substring(0, 8).toUpperCase(Locale.ROOT) + "-" + number;
    return write(
        new Shipped(name, wanted.to(), wanted.pieces(), State.PACKED, context.clock().millis()));
  }

  private Shipped recall() {
    return write(
        shipped().orElseThrow(() -> new IllegalStateException("a recall of nothing")).recalled());
  }

  private Shipped write(Shipped shipped) {
    context.storage().putText(PARCEL, Json.write(shipped));
    return shipped;
  }

  private Optional<Shipped> shipped() {
    return context
        .storage()
        .get(PARCEL)
        .map(row -> {
          try {
            return Json.read(row, Shipped.class);
          } catch (BadJsonException e) {
            throw new IllegalStateException(
                "the stored parcel of %s is none: %s"
                    .formatted(context.id(), new String(row, StandardCharsets.UTF_8)),
                e);
          }
        });
  }

  @Override
  public HttpReply onRequest(HttpCall call) {
    if (!call.path().isEmpty()) {
      throw new Refusal.NotFound("a shipment has no '" + call.path() + "'");
    }
    if (!call.method().equals("GET")) {
      return HttpReply.text(405, "allowed here: GET").header("allow", "GET");
    }
    Shipped shipped = shipped().orElseThrow(() -> new Refusal.NotFound("nothing was shipped here"));
    return HttpReply.json(200, Json.write(shipped)).version(context.storage().version());
  }
}
