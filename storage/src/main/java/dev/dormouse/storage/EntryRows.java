package dev.dormouse.storage;

import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.RoomImage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/// Entries of a room as a statement's rows, whichever table they lie in.
public final class EntryRows {
  private EntryRows() {}

  /// All keys, or word that they are too many.
  ///
  /// @param row before the first of key, the value's length in bytes, and value, in order of keys
  /// @param most how many keys are read whole; the statement must give one more if there are more
  /// @param mostBytes how many bytes of keys and values are
  public static RoomImage.Keys whole(ResultSet row, int most, long mostBytes) throws SQLException {
    NavigableMap<String, byte[]> found = KeyOrder.newMap();
    long size = 0;
    while (row.next()) {
      byte[] key = bytes(row, 1);
      // Its length is known without reading the value, which may be large.
      size += key.length + row.getLong(2);
      if (size > mostBytes || found.size() == most) {
        return new RoomImage.OnDemand();
      }
      found.put(Keys.text(key), bytes(row, 3));
    }
    return new RoomImage.Whole(found);
  }

  /// Entries until they have more than `maxBytes` bytes; the one that exceeds it is the last.
  ///
  /// @param row before the first of key and value
  public static List<Storage.Entry> list(ResultSet row, long maxBytes) throws SQLException {
    List<Storage.Entry> found = new ArrayList<>();
    long size = 0;
    while (size <= maxBytes && row.next()) {
      byte[] key = bytes(row, 1);
      byte[] value = bytes(row, 2);
      size += key.length + value.length;
      found.add(new Storage.Entry(Keys.text(key), value));
    }
    return found;
  }

  /// A blob; the driver gives null for an empty one.
  public static byte[] bytes(ResultSet row, int column) throws SQLException {
    byte @Nullable [] bytes = row.getBytes(column);
    return bytes == null ? new byte[0] : bytes;
  }
}
