package dev.dormouse.storage.sql;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.RoomSize;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.storage.EntryRows;
import dev.dormouse.storage.Keys;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A room's keys, in the table for them in its file, and how much they are.
final class EntryTable {
  private final RoomFile file;

  EntryTable(RoomFile file) {
    this.file = file;
  }

  /// Writes a set's keys.
  void apply(WriteSet set) throws SQLException {
    if (set.clear()) {
      file.run("DELETE FROM _dormouse_entry");
      size(RoomSize.NOTHING);
    }
    if (!set.changes().isEmpty()) {
      RoomSize stated = set.size();
      size(stated == null ? reckoned(set.changes()) : stated);
    }
    for (Map.Entry<String, Optional<byte[]>> change : set.changes().entrySet()) {
      PreparedStatement statement =
          file.own(
              change.getValue().isPresent()
                  ? "REPLACE INTO _dormouse_entry (key, value) VALUES (?, ?)"
                  : "DELETE FROM _dormouse_entry WHERE key = ?");
      statement.setBytes(1, Keys.utf8(change.getKey()));
      if (change.getValue().isPresent()) {
        statement.setBytes(2, change.getValue().get());
      }
      statement.executeUpdate();
    }
  }

  /// How much the room has in keys; what its code has made does not count.
  RoomSize size() throws SQLException {
    try (ResultSet row = file.own("SELECT bytes, keys FROM _dormouse_meta").executeQuery()) {
      if (!row.next()) {
        throw new SQLException("a room's file has lost its meta row");
      }
      return new RoomSize(row.getLong(1), row.getLong(2));
    }
  }

  /// [#size] less what it has under some keys.
  RoomSize sizeWithout(Collection<String> keys) throws SQLException {
    RoomSize size = size();
    for (String key : keys) {
      byte[] utf8 = Keys.utf8(key);
      size = size.change(utf8.length, length(utf8), -1);
    }
    return size;
  }

  private void size(RoomSize now) throws SQLException {
    PreparedStatement update = file.own("UPDATE _dormouse_meta SET bytes = ?, keys = ?");
    update.setLong(1, now.bytes());
    update.setLong(2, now.keys());
    update.executeUpdate();
  }

  /// How much it will have after changes, none of which is made yet.
  private RoomSize reckoned(Map<String, Optional<byte[]>> changes) throws SQLException {
    RoomSize size = size();
    for (Map.Entry<String, Optional<byte[]>> change : changes.entrySet()) {
      byte[] key = Keys.utf8(change.getKey());
      size =
          size.change(
              key.length, length(key), change.getValue().map(value -> value.length).orElse(-1));
    }
    return size;
  }

  /// What a key's value has, in bytes; -1 if it is not there.
  private long length(byte[] key) throws SQLException {
    PreparedStatement length = file.own("SELECT length(value) FROM _dormouse_entry WHERE key = ?");
    length.setBytes(1, key);
    try (ResultSet row = length.executeQuery()) {
      return row.next() ? row.getLong(1) : -1;
    }
  }

  /// All keys, or word that they are too many.
  RoomImage.Keys keys(int most, long mostBytes) throws SQLException {
    PreparedStatement entries =
        file.own("SELECT key, length(value), value FROM _dormouse_entry ORDER BY key LIMIT ?");
    entries.setInt(1, most + 1);
    try (ResultSet row = entries.executeQuery()) {
      return EntryRows.whole(row, most, mostBytes);
    }
  }

  Optional<byte[]> read(String key) throws SQLException {
    PreparedStatement entry = file.own("SELECT value FROM _dormouse_entry WHERE key = ?");
    entry.setBytes(1, Keys.utf8(key));
    try (ResultSet row = entry.executeQuery()) {
      return row.next() ? Optional.of(EntryRows.bytes(row, 1)) : Optional.empty();
    }
  }

  List<Storage.Entry> list(KeyRange range, long maxBytes) throws SQLException {
    Keys.Interval interval = Keys.Interval.of(range);
    PreparedStatement list =
        file.own(
            "SELECT key, value FROM _dormouse_entry WHERE key >= ?1"
                + " AND (?2 IS NULL OR key < ?2) ORDER BY key"
                + (range.reverse() ? " DESC" : "")
                + " LIMIT ?3");
    list.setBytes(1, interval.from());
    list.setBytes(2, interval.to());
    list.setInt(3, range.limit());
    try (ResultSet row = list.executeQuery()) {
      return EntryRows.list(row, maxBytes);
    }
  }
}
