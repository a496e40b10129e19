package dev.dormouse.rooms.booking;

import dev.dormouse.rooms.inventory.Goods;
import dev.dormouse.rooms.inventory.Goods.Line;
import java.io.Serializable;
import java.util.List;

/// What a booking is started with: the input of [BookingSaga].
///
/// @param room the booking's room as hexadecimal digits: unlike its name fit for any header, and
///   unlike it different on every server
/// @param name what the room is called; its parcel too
/// @param shop the inventory that has the goods
/// @param items each SKU once
/// @param amount what is paid, in the smallest unit of the currency
/// @param to the address
public record Order(
    String room,
    String name,
    String shop,
    List<Line> items,
    long amount,
    String currency,
    String to)
    implements Serializable {
  private static final long serialVersionUID = 1;

  Goods goods() {
    return new Goods(items);
  }

  long pieces() {
    return items.stream().mapToLong(Line::quantity).sum();
  }

  Charge charge() {
    return new Charge(room, amount, currency);
  }
}
