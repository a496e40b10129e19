package dev.dormouse.rooms.inventory;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.Storage;
import dev.dormouse.rooms.inventory.Reservation.State;
import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The rows behind an inventory, and the rules that hold between them. Has no memory of its own.
///
/// `stock/{sku}`; `reservation/{id}`; `key/{key}`, the id that a client's key stands for;
/// `due/{time}/{id}`, when something is to be done about a reservation: let it expire while it is
/// held, forget it a day after it ended; `ids`, the last id given; `count/...`, how many rows there
/// are. One alarm stands at the first due time.
///
/// Every method is one transaction: it changes all that it says, or nothing and throws.
final class Ledger {
  /// The alarm at which [#settleDue] is to be called.
  static final String ALARM = "due";

  static final int MAX_SKUS = 10_000;
  static final int MAX_RESERVATIONS = 100_000;

  /// How long an ended reservation, and the key that stands for it, are remembered.
  static final Duration MEMORY = Duration.ofDays(1);

  private static final int SCHEMA = 1;
  private static final int DUE_AT_ONCE = 500;
  private static final Pattern ID = Pattern.compile("r[0-9]{1,18}");
  private static final String STOCK = "stock/";
  private static final String RESERVATION = "reservation/";
  private static final String KEY = "key/";
  private static final String DUE = "due/";
  private static final String IDS = "ids";
  private static final String SKU_COUNT = "count/skus";
  private static final String RESERVATION_COUNT = "count/reservations";

  private final RoomContext context;
  private final StockFeed feed;

  Ledger(RoomContext context, StockFeed feed) {
    this.context = context;
    this.feed = feed;
  }

  /// @throws IllegalStateException if the rows were written by a newer version
  void open() {
    if (storage().schema() > SCHEMA) {
      throw new IllegalStateException(
          "%s was written by a newer version (schema %d, known are those up to %d): update the server"
              .formatted(context.id(), storage().schema(), SCHEMA));
    }
  }

  // ---- stock

  Optional<Stock> stock(String sku) {
    return storage().get(STOCK + sku).map(row -> parse(row, Stock.class));
  }

  /// SKUs in order, those behind `after`.
  List<Stock> stock(String after, int limit) {
    KeyRange range = KeyRange.prefixed(STOCK).limited(limit);
    // The smallest key behind another is that key and one more character.
    KeyRange behind = after.isEmpty() ? range : range.from(STOCK + after + "\0");
    return storage().list(behind).stream().map(row -> parse(row.value(), Stock.class)).toList();
  }

  /// Says how much of a SKU is there.
  ///
  /// @throws Refusal.Refused with 409 if more than that is reserved
  Stock putStock(String sku, long onHand) {
    return storage()
        .transaction(() -> {
          Optional<Stock> before = stock(sku);
          long reserved = before.map(Stock::reserved).orElse(0L);
          if (reserved > onHand) {
            throw new Refusal.Refused(
                409,
                "%d of '%s' are reserved: %d on hand would be too few"
                    .formatted(reserved, sku, onHand));
          }
          if (before.isEmpty()) {
            count(SKU_COUNT, 1, MAX_SKUS);
          }
          return write(new Stock(sku, onHand, reserved));
        });
  }

  private Stock write(Stock stock) {
    storage().schema(SCHEMA);
    storage().putText(STOCK + stock.sku(), Json.write(stock));
    feed.changed(stock);
    return stock;
  }

  // ---- reservations

  Reservation reservation(String id) {
    return Optional.of(id)
        .filter(text -> ID.matcher(text).matches())
        .flatMap(known -> storage().get(RESERVATION + known))
        .map(row -> parse(row, Reservation.class))
        .orElseThrow(() -> new Refusal.NotFound("there is no reservation '" + id + "'"));
  }

  /// The reservation that a client's key stands for.
  ///
  /// @throws Refusal.Refused with 422 if it is for another SKU or quantity
  Optional<Reservation> byKey(String key, String sku, long quantity) {
    Optional<Reservation> found = storage().getText(KEY + key).map(this::reservation);
    found.ifPresent(reservation -> {
      if (!reservation.sku().equals(sku) || reservation.quantity() != quantity) {
        throw new Refusal.Refused(
            422,
            "the key '%s' stands for %d of '%s' already"
                .formatted(key, reservation.quantity(), reservation.sku()));
      }
    });
    return found;
  }

  /// The reservations whose keys begin so, by key.
  List<String> byKeys(String beginning) {
    return storage().list(KeyRange.prefixed(KEY + beginning)).stream()
        .map(Storage.Entry::text)
        .toList();
  }

  /// Sets `quantity` aside for `duration`.
  ///
  /// @param key empty if the client gave none; must not stand for a reservation yet
  /// @throws Refusal.Refused with 409 if less is available
  Reservation reserve(String sku, long quantity, Optional<String> key, Duration duration) {
    return storage()
        .transaction(() -> {
          Stock stock =
              stock(sku).orElseThrow(() -> new Refusal.NotFound("there is no SKU '" + sku + "'"));
          if (stock.available() < quantity) {
            throw new Refusal.Refused(
                409,
                "out of stock: %d of '%s' available, %d asked for"
                    .formatted(stock.available(), sku, quantity));
          }
          count(RESERVATION_COUNT, 1, MAX_RESERVATIONS);
          long number = number(IDS) + 1;
          storage().putText(IDS, Long.toString(number));
          long expiresAt = context.clock().instant().plus(duration).toEpochMilli();
          Reservation held =
              new Reservation("r" + number, sku, quantity, State.HELD, key.orElse(null), expiresAt);
          write(new Stock(sku, stock.onHand(), stock.reserved() + quantity));
          write(held);
          key.ifPresent(given -> storage().putText(KEY + given, held.id()));
          schedule(expiresAt, held.id());
          return held;
        });
  }

  /// Takes it out of the stock.
  Reservation confirm(String id) {
    Reservation reservation = reservation(id);
    return switch (reservation.state()) {
      case CONFIRMED -> reservation;
      case HELD -> end(reservation, State.CONFIRMED);
      case RELEASED, EXPIRED -> throw ended(reservation, "confirmed");
    };
  }

  /// Gives it back.
  Reservation release(String id) {
    Reservation reservation = reservation(id);
    return switch (reservation.state()) {
      case RELEASED, EXPIRED -> reservation;
      case HELD -> end(reservation, State.RELEASED);
      case CONFIRMED -> throw ended(reservation, "released");
    };
  }

  private static Refusal ended(Reservation reservation, String wish) {
    return new Refusal.Refused(
        409,
        "reservation '%s' is %s and cannot be %s"
            .formatted(
                reservation.id(), reservation.state().name().toLowerCase(Locale.ROOT), wish));
  }

  private Reservation end(Reservation held, State state) {
    return storage()
        .transaction(() -> {
          Stock stock =
              stock(held.sku())
                  .orElseThrow(
                      () -> new IllegalStateException("a reservation of nothing: " + held));
          long sold = state == State.CONFIRMED ? held.quantity() : 0;
          write(new Stock(held.sku(), stock.onHand() - sold, stock.reserved() - held.quantity()));
          storage().delete(due(held.expiresAt(), held.id()));
          Reservation ended = held.now(state);
          write(ended);
          schedule(context.clock().instant().plus(MEMORY).toEpochMilli(), held.id());
          return ended;
        });
  }

  private void write(Reservation reservation) {
    storage().putText(RESERVATION + reservation.id(), Json.write(reservation));
  }

  // ---- what is due

  /// Lets reservations expire whose time is up, forgets those that ended long ago, and sets the
  /// alarm for what is due next.
  void settleDue() {
    long now = context.clock().millis();
    List<Storage.Entry> rows = storage().list(KeyRange.prefixed(DUE).limited(DUE_AT_ONCE));
    for (Storage.Entry row : rows) {
      if (dueTime(row.key()) > now) {
        break;
      }
      Reservation reservation = reservation(row.key().substring(row.key().lastIndexOf('/') + 1));
      storage().delete(row.key());
      switch (reservation.state()) {
        case HELD -> end(reservation, State.EXPIRED);
        case CONFIRMED, RELEASED, EXPIRED -> forget(reservation);
      }
    }
    storage().list(KeyRange.prefixed(DUE).limited(1)).stream()
        .findFirst()
        .ifPresent(row -> setAlarm(dueTime(row.key())));
  }

  private void forget(Reservation reservation) {
    storage().delete(RESERVATION + reservation.id());
    if (reservation.key() != null) {
      storage().delete(KEY + reservation.key());
    }
    count(RESERVATION_COUNT, -1, MAX_RESERVATIONS);
  }

  private void schedule(long time, String id) {
    storage().put(due(time, id), new byte[0]);
    boolean later =
        context.alarms().get(ALARM).filter(set -> set.due().toEpochMilli() <= time).isPresent();
    if (!later) {
      setAlarm(time);
    }
  }

  private void setAlarm(long time) {
    context.alarms().set(ALARM, Instant.ofEpochMilli(time));
  }

  private static String due(long time, String id) {
    return "%s%016x/%s".formatted(DUE, time, id);
  }

  private static long dueTime(String key) {
    return Long.parseLong(key.substring(DUE.length(), key.lastIndexOf('/')), 16);
  }

  // ---- rows

  private void count(String key, int more, int limit) {
    long count = number(key) + more;
    if (count > limit) {
      throw new Refusal.Overloaded(
          "%s holds its %,d %s; spread them over several inventories"
              .formatted(context.id(), limit, key.substring(key.indexOf('/') + 1)));
    }
    storage().putText(key, Long.toString(count));
  }

  private long number(String key) {
    return storage().getText(key).map(Long::parseLong).orElse(0L);
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
