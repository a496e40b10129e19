package dev.dormouse.rooms.inventory;

import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Connection;
import dev.dormouse.room.Message;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.Upgrade;
import dev.dormouse.rooms.json.Json;
import java.util.List;
import java.util.Optional;

/// Tells subscribers how the stock stands and how it changes: of all SKUs, or of the one that they
/// asked for.
///
/// A change leaves the room once it is durable (O1), in the order of changes (O4), so a subscriber
/// that applies them to what it was told first always has a state that was.
final class StockFeed {
  private static final String ALL = "all";
  private static final String ONE = "sku:";

  private final RoomContext context;

  StockFeed(RoomContext context) {
    this.context = context;
  }

  /// One frame of what there is.
  ///
  /// @param version the room's, at which this was so
  /// @param more whether another such frame follows at once
  record Standing(String type, long version, List<Stock> stock, boolean more) {}

  /// What a SKU is from now on.
  record Changed(String type, long version, Stock stock) {}

  /// What was wrong with a client's message.
  record Wrong(String type, String message) {}

  Admission subscribe(Upgrade upgrade) {
    Optional<String> sku = upgrade.parameter("sku");
    if (sku.isPresent() && !Wire.isSku(sku.get())) {
      return Admission.refuse(400, Wire.SKU_RULE);
    }
    return Admission.accept().tagged(sku.map(one -> ONE + one).orElse(ALL));
  }

  /// The one SKU that a connection wants to hear of.
  static Optional<String> sku(Connection connection) {
    return connection.tags().stream()
        .filter(tag -> tag.startsWith(ONE))
        .map(tag -> tag.substring(ONE.length()))
        .findFirst();
  }

  void standing(Connection connection, List<Stock> stock, boolean more) {
    connection.send(Json.write(new Standing("stock", context.storage().version(), stock, more)));
  }

  void changed(Stock stock) {
    Message message =
        Message.of(Json.write(new Changed("change", context.storage().version() + 1, stock)));
    context.connections().broadcastTo(ALL, message);
    context.connections().broadcastTo(ONE + stock.sku(), message);
  }

  /// Nothing is expected from a subscriber.
  void heard(Connection connection, Message message) {
    switch (message) {
      case Message.Text _ ->
          connection.send(
              Json.write(new Wrong("error", "this socket only tells; change stock by HTTP")));
      case Message.Binary _ -> connection.close(CloseStatus.of(CloseCode.UNSUPPORTED));
    }
  }
}
