package dev.dormouse.rooms.inventory;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.Storage;
import dev.dormouse.rooms.inventory.Reservation.State;
import dev.dormouse.rooms.inventory.Rows.Due;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What holds between the rows behind an inventory. Has no memory of its own: all is in [Rows], and
/// one alarm stands at the first time that something is due: a reservation that is held expires,
/// one that ended is forgotten a day later.
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
  private static final String IDS = "ids";
  private static final String SKU_COUNT = "count/skus";
  private static final String RESERVATION_COUNT = "count/reservations";

  private final RoomContext context;
  private final StockFeed feed;
  private final Rows rows;

  Ledger(RoomContext context, StockFeed feed, Rows rows) {
    this.context = context;
    this.feed = feed;
    this.rows = rows;
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
    return rows.stock(sku);
  }

  /// SKUs in order, those behind `after`.
  List<Stock> stock(String after, int limit) {
    return rows.stock(after, limit);
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
    rows.put(stock);
    feed.changed(stock);
    return stock;
  }

  // ---- reservations

  Reservation reservation(String id) {
    return Optional.of(id)
        .filter(text -> ID.matcher(text).matches())
        .flatMap(rows::reservation)
        .orElseThrow(() -> new Refusal.NotFound("there is no reservation '" + id + "'"));
  }

  /// The reservation that a client's key stands for.
  ///
  /// @throws Refusal.Refused with 422 if it is for another SKU or quantity
  Optional<Reservation> byKey(String key, String sku, long quantity) {
    Optional<Reservation> found = rows.byKey(key).map(this::reservation);
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
    return rows.byKeys(beginning);
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
          long number = rows.number(IDS) + 1;
          rows.put(IDS, number);
          long expiresAt = context.clock().instant().plus(duration).toEpochMilli();
          Reservation held =
              new Reservation("r" + number, sku, quantity, State.HELD, key.orElse(null), expiresAt);
          write(new Stock(sku, stock.onHand(), stock.reserved() + quantity));
          rows.put(held);
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
          rows.remove(new Due(held.expiresAt(), held.id()));
          Reservation ended = held.now(state);
          rows.put(ended);
          schedule(context.clock().instant().plus(MEMORY).toEpochMilli(), held.id());
          return ended;
        });
  }

  // ---- what is due

  /// Lets reservations expire whose time is up, forgets those that ended long ago, and sets the
  /// alarm for what is due next.
  void settleDue() {
    long now = context.clock().millis();
    for (Due due : rows.due(DUE_AT_ONCE)) {
      if (due.time() > now) {
        break;
      }
      Reservation reservation = reservation(due.id());
      rows.remove(due);
      switch (reservation.state()) {
        case HELD -> end(reservation, State.EXPIRED);
        case CONFIRMED, RELEASED, EXPIRED -> forget(reservation);
      }
    }
    rows.due(1).stream().findFirst().ifPresent(due -> setAlarm(due.time()));
  }

  private void forget(Reservation reservation) {
    rows.remove(reservation);
    count(RESERVATION_COUNT, -1, MAX_RESERVATIONS);
  }

  private void schedule(long time, String id) {
    rows.put(new Due(time, id));
    boolean later =
        context.alarms().get(ALARM).filter(set -> set.due().toEpochMilli() <= time).isPresent();
    if (!later) {
      setAlarm(time);
    }
  }

  private void setAlarm(long time) {
    context.alarms().set(ALARM, Instant.ofEpochMilli(time));
  }

  // ---- rows

  private void count(String key, int more, int limit) {
    long count = rows.number(key) + more;
    if (count > limit) {
      throw new Refusal.Overloaded(
          "%s holds its %,d %s; spread them over several inventories"
              .formatted(context.id(), limit, key.substring(key.indexOf('/') + 1)));
    }
    rows.put(key, count);
  }

  private Storage storage() {
    return context.storage();
  }
}
