package dev.dormouse.rooms.inventory;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.Storage;
import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// An inventory's rows as keys and values: `stock/{sku}`; `reservation/{id}`; `key/{key}`, the id
/// that a client's key stands for; `due/{time}/{id}`; and numbers by their names.
final class KeyRows implements Rows {
  private static final String STOCK = "stock/";
  private static final String RESERVATION = "reservation/";
  private static final String KEY = "key/";
  private static final String DUE = "due/";

  private final RoomContext context;

  KeyRows(RoomContext context) {
    this.context = context;
  }

  @Override
  public Optional<Stock> stock(String sku) {
    return storage().get(STOCK + sku).map(row -> parse(row, Stock.class));
  }

  @Override
  public List<Stock> stock(String after, int limit) {
    KeyRange range = KeyRange.prefixed(STOCK).limited(limit);
    // The smallest key behind another is that key and one more character.
    KeyRange behind = after.isEmpty() ? range : range.from(STOCK + after + "\0");
    return storage().list(behind).stream().map(row -> parse(row.value(), Stock.class)).toList();
  }

  @Override
  public void put(Stock stock) {
    storage().putText(STOCK + stock.sku(), Json.write(stock));
  }

  @Override
  public Optional<Reservation> reservation(String id) {
    return storage().get(RESERVATION + id).map(row -> parse(row, Reservation.class));
  }

  @Override
  public Optional<String> byKey(String key) {
    return storage().getText(KEY + key);
  }

  @Override
  public List<String> byKeys(String beginning) {
    return storage().list(KeyRange.prefixed(KEY + beginning)).stream()
        .map(Storage.Entry::text)
        .toList();
  }

  @Override
  public void put(Reservation reservation) {
    storage().putText(RESERVATION + reservation.id(), Json.write(reservation));
    if (reservation.key() != null) {
      storage().putText(KEY + reservation.key(), reservation.id());
    }
  }

  @Override
  public void remove(Reservation reservation) {
    storage().delete(RESERVATION + reservation.id());
    if (reservation.key() != null) {
      storage().delete(KEY + reservation.key());
    }
  }

  @Override
  public List<Due> due(int limit) {
    return storage().list(KeyRange.prefixed(DUE).limited(limit)).stream()
        .map(Storage.Entry::key)
        .map(key -> {
          int slash = key.lastIndexOf('/');
          long time = Long.parseLong(key.substring(DUE.length(), slash), 16);
          return new Due(time, key.substring(slash + 1));
        })
        .toList();
  }

  private static String key(Due due) {
    return "%s%016x/%s".formatted(DUE, due.time(), due.id());
  }

  @Override
  public void put(Due due) {
    storage().put(key(due), new byte[0]);
  }

  @Override
  public void remove(Due due) {
    storage().delete(key(due));
  }

  @Override
  public long number(String name) {
    return storage().getText(name).map(Long::parseLong).orElse(0L);
  }

  @Override
  public void put(String name, long number) {
    storage().putText(name, Long.toString(number));
  }

  private Storage storage() {
    return context.storage();
  }

  private <T> T parse(byte[] row, Class<T> type) {
    try {
      return Json.read(row, type);
    } catch (BadJsonException e) {
      throw new IllegalStateException(
          "a stored row of %s is no %s: %s"
              .formatted(
                  context.id(), type.getSimpleName(), new String(row, StandardCharsets.UTF_8)),
          e);
    }
  }
}
