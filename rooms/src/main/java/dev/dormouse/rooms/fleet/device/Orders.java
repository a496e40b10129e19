package dev.dormouse.rooms.fleet.device;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.room.KeyRange;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomContext;
import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.json.Json;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Commands to the device: each waits until it is answered or its time is up, whether the device is
/// there or not. Told again with every connection; the device knows one it has seen by its id.
final class Orders {
  static final String ALARM = "commands";

  private static final String ROW = "command/";
  private static final String NUMBER = "commands";
  private static final int MOST_PENDING = 32;
  private static final int MOST_KEPT = 64;

  private final RoomContext context;
  private final Line line;

  Orders(RoomContext context, Line line) {
    this.context = context;
    this.line = line;
  }

  /// How a command stands.
  enum State {
    PENDING,
    DONE,
    FAILED,
    EXPIRED
  }

  /// A command.
  ///
  /// @param payload JSON text; empty for none
  /// @param result JSON text; empty for none
  record Order(
      long number,
      String id,
      String name,
      String payload,
      long issued,
      long deadline,
      State state,
      String result)
      implements Serializable {

    boolean isPending() {
      return state == State.PENDING;
    }

    Order ended(State how, String what) {
      return new Order(number, id, name, payload, issued, deadline, how, what);
    }
  }

  Optional<Order> find(String id) {
    return context.storage().getValue(ROW + id, Order.class);
  }

  /// All that are kept, oldest first.
  List<Order> all() {
    return context.storage().list(KeyRange.prefixed(ROW)).stream()
        .map(row -> context.storage().getValue(row.key(), Order.class).orElseThrow())
        .sorted(Comparator.comparingLong(Order::number))
        .toList();
  }

  /// Gives a command, unless one of this id is there already.
  ///
  /// @param id empty to have one made
  Order give(String id, String name, String payload, Duration patience) {
    Optional<Order> known = id.isEmpty() ? Optional.empty() : find(id);
    if (known.isPresent()) {
      return known.get();
    }
    List<Order> all = all();
    if (all.stream().filter(Order::isPending).count() >= MOST_PENDING) {
      throw new Refusal.Refused(409, MOST_PENDING + " commands wait for this device already");
    }
    all.stream()
        .filter(order -> !order.isPending())
        .limit(Math.max(0, all.size() + 1 - MOST_KEPT))
        .forEach(order -> context.storage().delete(ROW + order.id()));
    long number = context.storage().getText(NUMBER).map(Long::parseLong).orElse(0L) + 1;
    context.storage().putText(NUMBER, Long.toString(number));
    long now = context.clock().millis();
    Order order =
        new Order(
            number,
            id.isEmpty() ? "c" + number : id,
            name,
            payload,
            now,
            now + patience.toMillis(),
            State.PENDING,
            "");
    put(order);
    tell(order);
    return order;
  }

  /// Tells the device all that it has not answered.
  void tell() {
    all().stream().filter(Order::isPending).forEach(this::tell);
  }

  private void tell(Order order) {
    line.say(new Told.Command(order.id(), order.name(), json(order.payload()), order.deadline()));
  }

  private static @Nullable JsonNode json(String text) {
    try {
      return text.isEmpty()
          ? null
          : Json.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    } catch (BadJsonException e) {
      throw new IllegalStateException("a stored command is damaged", e);
    }
  }

  /// The device has answered. A second answer, or one that comes too late, changes nothing.
  void done(Said.Done done) {
    find(done.command())
        .filter(Order::isPending)
        .ifPresent(order ->
            put(
                order.ended(
                    done.ok() ? State.DONE : State.FAILED,
                    done.result() == null ? "" : Json.write(done.result()))));
  }

  void rang() {
    long now = context.clock().millis();
    all().stream()
        .filter(order -> order.isPending() && order.deadline() <= now)
        .forEach(order -> put(order.ended(State.EXPIRED, "")));
    arm();
  }

  private void put(Order order) {
    context.storage().putValue(ROW + order.id(), order);
    arm();
  }

  private void arm() {
    all().stream()
        .filter(Order::isPending)
        .mapToLong(Order::deadline)
        .min()
        .ifPresentOrElse(
            due -> context.alarms().set(ALARM, Instant.ofEpochMilli(due)),
            () -> context.alarms().delete(ALARM));
  }
}
