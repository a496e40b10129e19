package dev.dormouse.rooms.fleet.device;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomContext;
import dev.dormouse.rooms.fleet.Address;
import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.json.Json;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What operators ask of a device over HTTP.
record Desk(
    RoomContext context,
    Address address,
    Twin twin,
    Orders orders,
    Updating updating,
    List<String> tags) {
  private static final Duration USUAL = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofDays(30);

  /// All there is to see.
  ///
  /// @param update the firmware update that is open; null if none is
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Device(
      String tenant,
      String name,
      boolean online,
      List<String> tags,
      Twin.Part desired,
      Twin.Part reported,
      @Nullable Open update,
      List<Command> commands) {}

  record Open(
      String rollout, String firmware, String previous, String phase, String doing, String why) {
    static Open of(Update update) {
      return new Open(
          update.rollout(),
          update.assign().firmware(),
          update.previous(),
          word(update.phase()),
          update.progress().toLowerCase(Locale.ROOT),
          update.reason());
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Command(
      String id,
      String name,
      @JsonRawValue @Nullable String payload,
      String issued,
      String deadline,
      String state,
      @JsonRawValue @Nullable String result) {
    static Command of(Orders.Order order) {
      return new Command(
          order.id(),
          order.name(),
          order.payload().isEmpty() ? null : order.payload(),
          Instant.ofEpochMilli(order.issued()).toString(),
          Instant.ofEpochMilli(order.deadline()).toString(),
          word(order.state()),
          order.result().isEmpty() ? null : order.result());
    }
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /// What a command is given with.
  record Wish(
      @Nullable String id,
      @Nullable String name,
      @Nullable JsonNode payload,
      @Nullable String within) {}

  HttpReply answer(HttpCall call) {
    String[] path = call.path().split("/", -1);
    String shape = path.length == 2 ? path[0] + "/*" : call.path();
    return switch (shape) {
      case "" -> call.method().equals("GET") ? device() : not("GET");
      case "desired" -> call.method().equals("PATCH") ? desire(call) : not("PATCH");
      case "commands" -> call.method().equals("POST") ? command(call) : not("POST");
      case "commands/*" -> call.method().equals("GET") ? command(path[1]) : not("GET");
      case "update" -> call.method().equals("DELETE") ? forget() : not("DELETE");
      default -> throw new Refusal.NotFound("a device has no '" + call.path() + "'");
    };
  }

  private static HttpReply not(String allowed) {
    return HttpReply.text(405, "allowed here: " + allowed).header("allow", allowed);
  }

  private HttpReply device() {
    Twin.Part desired = twin.desired();
    return HttpReply.json(
            200,
            Json.write(
                new Device(
                    address.tenant(),
                    address.name(),
                    context.connections().count() > 0,
                    tags,
                    desired,
                    twin.reported(),
                    updating.open().map(Open::of).orElse(null),
                    orders.all().stream().map(Command::of).toList())))
        .version(desired.version());
  }

  private HttpReply desire(HttpCall call) {
    ObjectNode patch = read(call, ObjectNode.class);
    if (patch.has(Twin.FIRMWARE) && updating.open().isPresent()) {
      throw new Refusal.Refused(
          409, "rollout " + updating.open().get().rollout() + " has the firmware in hand");
    }
    Twin.Part desired = twin.desire(patch, call.ifMatch());
    updating.tell();
    return HttpReply.json(200, Json.write(desired)).version(desired.version());
  }

  private HttpReply command(HttpCall call) {
    Wish wish = read(call, Wish.class);
    String id = wish.id() == null ? "" : wish.id();
    if (wish.name() == null) {
      throw new Refusal.Refused(400, "'name' is missing");
    }
    if (!Address.isWord(wish.name()) || (!id.isEmpty() && !Address.isWord(id))) {
      throw new Refusal.Refused(
          400, "'name', and 'id' if there is one, are 1 to 64 letters, digits, '.', '_' and '-'");
    }
    boolean isNew = id.isEmpty() || orders.find(id).isEmpty();
    String payload =
        wish.payload() == null || wish.payload().isNull() ? "" : Json.write(wish.payload());
    if (payload.length() > 4_096) {
      throw new Refusal.TooLarge("a command's payload has at most 4096 characters");
    }
    Orders.Order order = orders.give(id, wish.name(), payload, within(wish.within()));
    return HttpReply.json(isNew ? 201 : 200, Json.write(Command.of(order)));
  }

  private static Duration within(@Nullable String text) {
    try {
      Duration within = text == null ? USUAL : Duration.parse(text);
      if (within.isPositive() && within.compareTo(LONGEST) <= 0) {
        return within;
      }
    } catch (DateTimeException e) {
      throw new Refusal.Refused(400, "'within' is a duration such as PT10M");
    }
    throw new Refusal.Refused(400, "'within' is longer than nothing and at most " + LONGEST);
  }

  private HttpReply command(String id) {
    return orders
        .find(id)
        .map(order -> HttpReply.json(200, Json.write(Command.of(order))))
        .orElseThrow(() -> new Refusal.NotFound("no command '" + id + "'"));
  }

  private HttpReply forget() {
    updating.forget();
    return HttpReply.text(200, "forgotten");
  }

  private static <T> T read(HttpCall call, Class<T> type) {
    try {
      return Json.readOrder(call.body(), type);
    } catch (BadJsonException e) {
      throw new Refusal.Refused(400, String.valueOf(e.getMessage()));
    }
  }
}
