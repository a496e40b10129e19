package dev.dormouse.loadtest.storm;

import dev.dormouse.loadtest.Json;
import dev.dormouse.loadtest.JsonObject;
import java.util.Map;
import java.util.Random;

/// Reserves goods of an inventory that nobody else uses, and confirms or releases each reservation:
/// nothing is sold twice, no reservation is forgotten, and versions only grow.
final class Buyer implements Client {
  private static final long ON_HAND = 1_000_000_000L;
  private static final String TTL = "86400";

  private final Wire wire;
  private final Findings findings;
  private final String room;
  private final Random random;

  private boolean stocked;
  private long tries;
  private long version = -1;
  private long sold;

  /// Of the reservation under way; empty before it was answered.
  private String id = "";

  private int quantity;
  private boolean confirms;

  /// Whether the last request may have been done without an answer.
  private boolean doubt;

  private long acknowledged;

  Buyer(Wire wire, Findings findings, String room, long seed) {
    this.wire = wire;
    this.findings = findings;
    this.room = "/rooms/inventory/" + room;
    this.random = new Random(seed);
  }

  @Override
  public String name() {
    return "inventory";
  }

  @Override
  public long acknowledged() {
    return acknowledged;
  }

  @Override
  public void step() throws LostException, InterruptedException {
    if (!stocked) {
      took(ask(() -> wire.put(room + "/-/stock/cup", "{\"onHand\":%d}".formatted(ON_HAND))), true);
      stocked = true;
    } else if (quantity == 0) {
      quantity = 1 + random.nextInt(3);
      confirms = random.nextInt(3) > 0;
      tries++;
    } else if (id.isEmpty()) {
      String body = "{\"sku\":\"cup\",\"quantity\":%d,\"ttlSeconds\":%s}".formatted(quantity, TTL);
      Wire.Answer answer =
          ask(() ->
              wire.post(
                  room + "/-/reservations",
                  body,
                  Map.of("content-type", "application/json", "Idempotency-Key", "k" + tries)));
      took(answer, true);
      id = Json.object(answer.text()).text("id");
    } else {
      String verb = confirms ? "confirm" : "release";
      took(ask(() -> wire.post(room + "/-/reservations/" + id + "/" + verb, "")), true);
      sold += confirms ? quantity : 0;
      id = "";
      quantity = 0;
    }
  }

  private interface Asking {
    Wire.Answer now() throws LostException, InterruptedException;
  }

  private Wire.Answer ask(Asking asking) throws LostException, InterruptedException {
    boolean doubted = doubt;
    doubt = true;
    Wire.Answer answer = asking.now();
    doubt = doubted;
    return answer;
  }

  /// @param changes whether it moved the version, unless it was done before
  private void took(Wire.Answer answer, boolean changes) {
    findings.check(
        answer.status() == 200 || answer.status() == 201,
        name(),
        "reservation %d was answered %d %s".formatted(tries, answer.status(), answer.text()));
    acknowledged++;
    if (answer.tag() >= 0) {
      boolean follows =
          (doubt || version < 0) ? answer.tag() >= version : answer.tag() == version + 1;
      findings.check(
          follows || !changes,
          name() + " version",
          "after %d came %d, doubted: %b".formatted(version, answer.tag(), doubt));
      version = answer.tag();
    }
    doubt = false;
  }

  @Override
  public String check() throws LostException, InterruptedException {
    if (!stocked || quantity != 0) {
      step();
      return "a reservation is under way";
    }
    JsonObject stock = Json.object(wire.get(room + "/-/stock/cup").text());
    findings.check(
        stock.number("onHand") == ON_HAND - sold && stock.number("reserved") == 0,
        name(),
        "sold %d, but there are %d, %d reserved"
            .formatted(sold, stock.number("onHand"), stock.number("reserved")));
    return "";
  }
}
