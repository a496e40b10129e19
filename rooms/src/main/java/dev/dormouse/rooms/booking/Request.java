package dev.dormouse.rooms.booking;

import dev.dormouse.room.RoomId;
import dev.dormouse.rooms.inventory.Goods.Line;
import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.shipment.Parcel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a client wants to have booked, checked.
///
/// @param id chosen by the client: asking again with it books nothing else. The saga has it too
/// @param items each SKU once, in the order in which they were named
record Request(String id, String shop, List<Line> items, long amount, String currency, String to) {
  static final int MAX_ITEMS = 50;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
  private static final long MAX_QUANTITY = 1_000_000;
  private static final long MAX_AMOUNT = 1_000_000_000_000L;

  /// As it came.
  record Raw(
      @Nullable String id,
      @Nullable String shop,
      @Nullable List<@Nullable RawLine> items,
      @Nullable Long amount,
      @Nullable String currency,
      @Nullable String to) {}

  record RawLine(@Nullable String sku, @Nullable Long quantity) {}

  /// @throws BadJsonException with a sentence for whoever sent it
  static Request of(Raw raw) throws BadJsonException {
    String shop = raw.shop() == null ? "" : raw.shop();
    require(NAME.matcher(shop).matches(), "'shop' is an inventory: 1 to 64 of A-Z a-z 0-9 . _ -");
    String currency = raw.currency() == null ? "EUR" : raw.currency();
    require(CURRENCY.matcher(currency).matches(), "'currency' is three capital letters");
    String to = raw.to() == null ? "" : raw.to().strip();
    require(
        !to.isEmpty() && to.length() <= Parcel.MAX_ADDRESS && to.chars().noneMatch(c -> c < ' '),
        "'to' is an address of 1 to " + Parcel.MAX_ADDRESS + " characters, on one line");
    return new Request(
        id(raw.id()),
        shop,
        items(raw.items()),
        within("amount", raw.amount(), MAX_AMOUNT),
        currency,
        to);
  }

  static String id(@Nullable String text) throws BadJsonException {
    if (text == null || !ID.matcher(text).matches()) {
      throw new BadJsonException("'id' is of your choice: 1 to 64 of A-Z a-z 0-9 . _ : -");
    }
    return text;
  }

  private static List<Line> items(@Nullable List<@Nullable RawLine> raw) throws BadJsonException {
    if (raw == null || raw.isEmpty() || raw.size() > MAX_ITEMS) {
      throw new BadJsonException("'items' are 1 to " + MAX_ITEMS + " of {\"sku\",\"quantity\"}");
    }
    Map<String, Long> wanted = new LinkedHashMap<>();
    for (RawLine line : raw) {
      String sku = line == null ? null : line.sku();
      if (line == null || sku == null || !NAME.matcher(sku).matches()) {
        throw new BadJsonException("a 'sku' has 1 to 64 of A-Z a-z 0-9 . _ -");
      }
      wanted.merge(sku, within("quantity", line.quantity(), MAX_QUANTITY), Long::sum);
    }
    List<Line> items = new ArrayList<>();
    wanted.forEach((sku, quantity) -> items.add(new Line(sku, quantity)));
    return List.copyOf(items);
  }

  private static long within(String name, @Nullable Long value, long max) throws BadJsonException {
    if (value == null || value < 1 || value > max) {
      throw new BadJsonException("'%s' is a number from 1 to %d".formatted(name, max));
    }
    return value;
  }

  private static void require(boolean holds, String otherwise) throws BadJsonException {
    if (!holds) {
      throw new BadJsonException(otherwise);
    }
  }

  Order order(RoomId room) {
    return new Order(room.hex(), room.name().orElse(room.hex()), shop, items, amount, currency, to);
  }
}
