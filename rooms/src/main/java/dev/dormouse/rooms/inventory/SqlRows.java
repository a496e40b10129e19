package dev.dormouse.rooms.inventory;

import dev.dormouse.room.RoomContext;
import dev.dormouse.room.SqlCursor;
import dev.dormouse.room.SqlCursor.Row;
import dev.dormouse.rooms.inventory.Reservation.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An inventory's rows as rows of tables.
final class SqlRows implements Rows {
  static final String[] TABLES = {
    """
    CREATE TABLE IF NOT EXISTS stock (
      sku TEXT PRIMARY KEY, on_hand INTEGER NOT NULL,
      reserved INTEGER NOT NULL CHECK (reserved BETWEEN 0 AND on_hand)) WITHOUT ROWID
    """,
    """
    CREATE TABLE IF NOT EXISTS reservation (
      id TEXT PRIMARY KEY, sku TEXT NOT NULL REFERENCES stock, quantity INTEGER NOT NULL,
      state TEXT NOT NULL, key TEXT UNIQUE, expires INTEGER NOT NULL)
    """,
    """
    CREATE TABLE IF NOT EXISTS due (
      time INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (time, id)) WITHOUT ROWID
    """,
    "CREATE TABLE IF NOT EXISTS number (name TEXT PRIMARY KEY, value INTEGER NOT NULL)"
  };

  private final RoomContext context;

  /// Whether anything was written since the room is in memory.
  private boolean written;

  SqlRows(RoomContext context) {
    this.context = context;
  }

  private void exec(String statement, @Nullable Object... bindings) {
    written = true;
    context.storage().sql().exec(statement, bindings).close();
  }

  /// Reads rows, but for a room that never had any: who looks at one makes it no database.
  private <T> List<T> all(Function<Row, T> read, String statement, @Nullable Object... bindings) {
    List<T> all = new ArrayList<>();
    if (written || context.storage().version() > 0) {
      SqlCursor cursor = context.storage().sql().exec(statement, bindings);
      cursor.forEachRemaining(row -> all.add(read.apply(row)));
    }
    return all;
  }

  private <T> Optional<T> first(
      Function<Row, T> read, String statement, @Nullable Object... bindings) {
    return all(read, statement, bindings).stream().findFirst();
  }

  private static Stock stock(Row row) {
    return new Stock(row.getText("sku"), row.getLong("on_hand"), row.getLong("reserved"));
  }

  @Override
  public Optional<Stock> stock(String sku) {
    return first(SqlRows::stock, "SELECT * FROM stock WHERE sku = ?", sku);
  }

  @Override
  public List<Stock> stock(String after, int limit) {
    return all(
        SqlRows::stock, "SELECT * FROM stock WHERE sku > ? ORDER BY sku LIMIT ?", after, limit);
  }

  @Override
  public void put(Stock stock) {
    exec(
        "INSERT INTO stock VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
            + " SET on_hand = excluded.on_hand, reserved = excluded.reserved",
        stock.sku(),
        stock.onHand(),
        stock.reserved());
  }

  private static Reservation reservation(Row row) {
    return new Reservation(
        row.getText("id"),
        row.getText("sku"),
        row.getLong("quantity"),
        State.valueOf(row.getText("state")),
        row.isNull("key") ? null : row.getText("key"),
        row.getLong("expires"));
  }

  @Override
  public Optional<Reservation> reservation(String id) {
    return first(SqlRows::reservation, "SELECT * FROM reservation WHERE id = ?", id);
  }

  @Override
  public Optional<String> byKey(String key) {
    return first(row -> row.getText(0), "SELECT id FROM reservation WHERE key = ?", key);
  }

  @Override
  public List<String> byKeys(String beginning) {
    // Keys are text of a few characters; none is greater than the last of all.
    return all(
        row -> row.getText(0),
        "SELECT id FROM reservation WHERE key >= ? AND key < ? ORDER BY key",
        beginning,
        beginning + Character.toString(Character.MAX_CODE_POINT));
  }

  @Override
  public void put(Reservation it) {
    exec(
        "INSERT INTO reservation VALUES (?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT DO UPDATE SET state = excluded.state",
        it.id(),
        it.sku(),
        it.quantity(),
        it.state().name(),
        it.key(),
        it.expiresAt());
  }

  @Override
  public void remove(Reservation reservation) {
    exec("DELETE FROM reservation WHERE id = ?", reservation.id());
  }

  @Override
  public List<Due> due(int limit) {
    return all(
        row -> new Due(row.getLong(0), row.getText(1)),
        "SELECT time, id FROM due ORDER BY time, id LIMIT ?",
        limit);
  }

  @Override
  public void put(Due due) {
    exec("REPLACE INTO due VALUES (?, ?)", due.time(), due.id());
  }

  @Override
  public void remove(Due due) {
    exec("DELETE FROM due WHERE time = ? AND id = ?", due.time(), due.id());
  }

  @Override
  public long number(String name) {
    return first(row -> row.getLong(0), "SELECT value FROM number WHERE name = ?", name).orElse(0L);
  }

  @Override
  public void put(String name, long number) {
    exec("REPLACE INTO number VALUES (?, ?)", name, number);
  }
}
