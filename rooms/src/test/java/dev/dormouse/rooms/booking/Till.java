package dev.dormouse.rooms.booking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.Storage;
import dev.dormouse.rooms.inventory.InventoryNamespace;
import dev.dormouse.rooms.shipment.ShipmentNamespace;
import dev.dormouse.saga.ExternalService;
import dev.dormouse.saga.facility.SagaFacility;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.RoomTester;
import java.util.List;
import java.util.Map;

/// A shop with five cups, and orders at it: what tests of bookings do again and again.
final class Till {
  static final ObjectMapper JSON = new ObjectMapper();

  private final RoomTester t;

  Till(RoomTester t) {
    this.t = t;
  }

  static RoomTester tester(ExternalService payments) {
    return tester(Map.of(BookingSaga.PAYMENTS, payments));
  }

  static RoomTester tester(Map<String, ExternalService> services) {
    return RoomTester.of(
            BookingNamespace.declaration(),
            InventoryNamespace.declaration(),
            ShipmentNamespace.declaration())
        .facility(new SagaFacility(new BookingSagas().sagas(), services));
  }

  void stocked(String sku, long onHand) {
    HttpCall put = HttpCall.of("PUT", "stock/" + sku).withBody("{\"onHand\":%d}".formatted(onHand));
    t.request("inventory", "berlin", put);
  }

  /// As `onHand-reserved`.
  String stock(String sku) throws Exception {
    JsonNode stock =
        JSON.readTree(t.request("inventory", "berlin", HttpCall.of("GET", "stock/" + sku)).text());
    return stock.get("onHand") + "-" + stock.get("reserved");
  }

  static String wish(String id, String sku, long quantity) {
    return """
    {"type":"book","id":"%s","shop":"berlin","items":[{"sku":"%s","quantity":%d}],\
    "amount":1900,"to":"Hedge 1, Underwood"}\
    """
        .formatted(id, sku, quantity);
  }

  static HttpCall book(String id, String sku, long quantity) {
    return HttpCall.of("POST", "book").withBody(wish(id, sku, quantity));
  }

  static HttpCall cancel(String id) {
    return HttpCall.of("POST", "cancel").withBody("{\"id\":\"%s\"}".formatted(id));
  }

  HttpReply ask(HttpCall call) {
    return t.request("booking", "order-1", call);
  }

  int refusal(HttpCall call) {
    return switch (t.requested("booking", "order-1", call)) {
      case Answer.Declined(RoomException error) when error instanceof Refusal refusal ->
          refusal.status();
      case Answer other -> throw new AssertionError("not refused: " + other);
    };
  }

  JsonNode booking() throws Exception {
    return JSON.readTree(ask(HttpCall.of("GET", "")).text()).path("booking");
  }

  /// How all steps stand, in order.
  static List<String> states(JsonNode booking) {
    return booking.path("steps").valueStream().map(step -> step.path("state").asText()).toList();
  }

  /// The last frame that a client got.
  static JsonNode last(FakeConnection client) throws Exception {
    return JSON.readTree(client.texts().getLast());
  }

  /// Rows of the order's sagas that are durable now, below `prefix`.
  static List<Storage.Entry> now(RoomTester t, String prefix) {
    var rows = t.node().durable(t.rooms().idFromName("booking", "order-1"), "saga", prefix, 100);
    t.settle();
    return rows.join();
  }

  boolean packed() throws Exception {
    return switch (t.requested("shipment", "order-1", HttpCall.of("GET", ""))) {
      case Answer.Replied(HttpReply reply) ->
          JSON.readTree(reply.text()).path("state").asText().equals("packed");
      case Answer _ -> false;
    };
  }
}
