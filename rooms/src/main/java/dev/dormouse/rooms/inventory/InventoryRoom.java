package dev.dormouse.rooms.inventory;

import dev.dormouse.room.Admission;
import dev.dormouse.room.Alarm;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.Upgrade;
import dev.dormouse.rooms.inventory.Goods.Held;
import dev.dormouse.rooms.json.Json;
import dev.dormouse.saga.Participant;
import dev.dormouse.saga.StepCommand;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// An inventory: asked and changed over HTTP, by other rooms' calls and in sagas, watched over
/// WebSocket.
///
/// Since a room sees one event at a time, a reservation need only look at what is there and take
/// it: nobody else can between the two.
final class InventoryRoom implements Room, Inventory, Participant {
  private static final int PAGE = 500;

  private final RoomContext context;
  private final StockFeed feed;
  private final Ledger ledger;
  private final SagaCommands commands;

  InventoryRoom(RoomContext context, Rows rows) {
    this.context = context;
    this.feed = new StockFeed(context);
    this.ledger = new Ledger(context, feed, rows);
    this.commands = new SagaCommands(ledger);
  }

  @Override
  public void onStart(StartCause cause) {
    ledger.open();
  }

  // ---- calls

  @Override
  public Stock stock(String sku) {
    return ledger
        .stock(Wire.sku(sku))
        .orElseThrow(() -> new Refusal.NotFound("there is no SKU '" + sku + "'"));
  }

  @Override
  public Reservation reserve(String sku, long quantity, String key) {
    Wire.Wish wish =
        new Wire.Wish(
            Wire.sku(sku), Wire.quantity(quantity), Optional.of(Wire.key(key)), Wire.USUAL_HOLD);
    return earlier(wish).orElseGet(() -> reserve(wish));
  }

  @Override
  public Reservation confirm(String id) {
    return ledger.confirm(id);
  }

  @Override
  public Reservation release(String id) {
    return ledger.release(id);
  }

  private Optional<Reservation> earlier(Wire.Wish wish) {
    return wish.key().flatMap(key -> ledger.byKey(key, wish.sku(), wish.quantity()));
  }

  private Reservation reserve(Wire.Wish wish) {
    return ledger.reserve(wish.sku(), wish.quantity(), wish.key(), wish.hold());
  }

  // ---- sagas

  @Override
  public Held onCommand(StepCommand command) {
    return commands.carryOut(command);
  }

  // ---- time

  @Override
  public void onAlarm(Alarm alarm) {
    ledger.settleDue();
  }

  // ---- HTTP

  @Override
  public HttpReply onRequest(HttpCall call) {
    String[] path = call.path().split("/", -1);
    String shape =
        switch (path.length) {
          case 1 -> path[0];
          case 2 -> path[0] + "/*";
          case 3 -> path[0] + "/*/" + path[2];
          default -> "?";
        };
    return switch (shape) {
      case "" -> allow(call, "GET").orElseGet(() -> page(call));
      case "stock/*" -> allow(call, "GET", "PUT").orElseGet(() -> stockOf(call, path[1]));
      case "reservations" -> allow(call, "POST").orElseGet(() -> reserve(call));
      case "reservations/*" ->
          allow(call, "GET").orElseGet(() -> said(200, ledger.reservation(path[1])));
      case "reservations/*/confirm" ->
          allow(call, "POST").orElseGet(() -> said(200, ledger.confirm(path[1])));
      case "reservations/*/release" ->
          allow(call, "POST").orElseGet(() -> said(200, ledger.release(path[1])));
      default -> throw new Refusal.NotFound("an inventory has no '" + call.path() + "'");
    };
  }

  /// Nothing if the method is one of these, else the answer that it is not.
  private static Optional<HttpReply> allow(HttpCall call, String... methods) {
    return List.of(methods).contains(call.method())
        ? Optional.empty()
        : Optional.of(
            HttpReply.text(405, "allowed here: " + String.join(", ", methods))
                .header("allow", String.join(", ", methods)));
  }

  private static HttpReply said(int status, Object what) {
    return HttpReply.json(status, Json.write(what));
  }

  private HttpReply page(HttpCall call) {
    int limit = Wire.limit(call);
    String after = call.parameter("after").map(Wire::sku).orElse("");
    List<Stock> found = ledger.stock(after, limit + 1);
    List<Stock> shown = found.subList(0, Math.min(found.size(), limit));
    @Nullable String next = found.size() > limit ? shown.getLast().sku() : null;
    long version = context.storage().version();
    return said(200, new Wire.Page(version, shown, next)).version(version);
  }

  private HttpReply stockOf(HttpCall call, String name) {
    String sku = Wire.sku(name);
    if (call.method().equals("GET")) {
      return said(200, stock(sku)).version(context.storage().version());
    }
    long onHand = Wire.onHand(call);
    OptionalLong expected = call.ifMatch();
    boolean created = ledger.stock(sku).isEmpty();
    Stock written =
        expected.isPresent()
            ? context.storage().transition(expected.getAsLong(), () -> ledger.putStock(sku, onHand))
            : ledger.putStock(sku, onHand);
    return said(created ? 201 : 200, written).version(context.storage().version() + 1);
  }

  private HttpReply reserve(HttpCall call) {
    Wire.Wish wish = Wire.reserve(call);
    Optional<Reservation> earlier = earlier(wish);
    return earlier.isPresent() ? said(200, earlier.get()) : said(201, reserve(wish));
  }

  // ---- subscribers

  @Override
  public Admission onConnect(Upgrade upgrade) {
    return feed.subscribe(upgrade);
  }

  @Override
  public void onOpen(Connection connection) {
    Optional<String> one = StockFeed.sku(connection);
    if (one.isPresent()) {
      feed.standing(connection, ledger.stock(one.get()).stream().toList(), false);
      return;
    }
    String after = "";
    boolean more = true;
    while (more) {
      List<Stock> page = ledger.stock(after, PAGE);
      more = page.size() == PAGE;
      feed.standing(connection, page, more);
      after = more ? page.getLast().sku() : after;
    }
  }

  @Override
  public void onMessage(Connection connection, Message message) {
    feed.heard(connection, message);
  }
}
