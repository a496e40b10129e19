package dev.dormouse.rooms.booking;

import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client says: one JSON object a text frame, told apart by `type`.
sealed interface Said {

  /// Wants something to be booked.
  record Book(Request request) implements Said {}

  /// Wants a try to be turned back.
  record Cancel(String id) implements Said {}

  /// Asks how the order stands.
  record Look() implements Said {}

  /// Every field that any of them has.
  record Raw(
      @Nullable String type,
      @Nullable String id,
      @Nullable String shop,
      @Nullable List<Request.@Nullable RawLine> items,
      @Nullable Long amount,
      @Nullable String currency,
      @Nullable String to) {
    Request.Raw request() {
      return new Request.Raw(id, shop, items, amount, currency, to);
    }
  }

  /// @throws BadJsonException with a sentence for whoever sent it
  static Said of(byte[] frame) throws BadJsonException {
    Raw raw = Json.readOrder(frame, Raw.class);
    return switch (raw.type() == null ? "" : raw.type()) {
      case "book" -> new Book(Request.of(raw.request()));
      case "cancel" -> new Cancel(Request.id(raw.id()));
      case "state" -> new Look();
      default -> throw new BadJsonException("'type' is book, cancel or state");
    };
  }
}
