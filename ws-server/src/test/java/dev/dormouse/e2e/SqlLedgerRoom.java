package dev.dormouse.e2e;

import dev.dormouse.room.RoomContext;
import dev.dormouse.room.SqlCursor;
import dev.dormouse.room.StartCause;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A ledger whose rows are in SQL, but for the count, which is a key: one turn must cover both.
final class SqlLedgerRoom extends LedgerRoom {
  SqlLedgerRoom(RoomContext context) {
    super(context);
  }

  @Override
  public void onStart(StartCause cause) {
    storage()
        .sql()
        .exec("CREATE TABLE IF NOT EXISTS line (name TEXT PRIMARY KEY, value TEXT NOT NULL)");
    super.onStart(cause);
  }

  private static boolean isKey(String row) {
    return row.equals("count");
  }

  @Override
  void put(String row, String value) {
    if (isKey(row)) {
      super.put(row, value);
    } else {
      storage().sql().exec("REPLACE INTO line VALUES (?, ?)", row, value);
    }
  }

  @Override
  Optional<String> get(String row) {
    return isKey(row)
        ? super.get(row)
        : storage()
            .sql()
            .exec("SELECT value FROM line WHERE name = ?", row)
            .first()
            .map(found -> found.getText(0));
  }

  @Override
  void delete(String row) {
    storage().sql().exec("DELETE FROM line WHERE name = ?", row);
  }

  @Override
  SortedMap<String, String> rows() {
    SortedMap<String, String> rows = new TreeMap<>(super.rows());
    SqlCursor lines = storage().sql().exec("SELECT name, value FROM line");
    lines.forEachRemaining(line -> rows.put(line.getText(0), line.getText(1)));
    return rows;
  }
}
