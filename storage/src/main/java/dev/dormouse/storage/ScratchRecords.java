package dev.dormouse.storage;

import dev.dormouse.room.Access;
import dev.dormouse.room.spi.ConnectionRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Records in the scratch file, by the integer of their room, with the table that finds them by
/// tag.
///
/// For the thread of the connection only.
final class ScratchRecords {
  private static final int HEARS_CLOSE = 1;
  private static final int CLOSING = 2;

  /// One of these, or neither for [Access#ADMIN].
  private static final int READS = 4;

  private static final int WRITES = 8;

  static final String READ =
      "SELECT key, flags, protocol, tags, attachment FROM record WHERE room = ? AND key = ?";
  static final String PAGE =
      "SELECT key, flags, protocol, tags, attachment FROM record"
          + " WHERE room = ? AND key > ? ORDER BY key LIMIT ?";
  static final String PAGE_OF_TAG =
      "SELECT r.key, r.flags, r.protocol, r.tags, r.attachment"
          + " FROM tag t CROSS JOIN record r ON r.room = t.room AND r.key = t.key"
          + " WHERE t.room = ? AND t.tag = ? AND t.key > ? ORDER BY t.key LIMIT ?";

  private final PreparedStatement tags;
  private final PreparedStatement put;
  private final PreparedStatement delete;
  private final PreparedStatement addTag;
  private final PreparedStatement dropTag;
  private final PreparedStatement clear;
  private final PreparedStatement clearTags;
  private final PreparedStatement read;
  private final PreparedStatement page;
  private final PreparedStatement pageOfTag;

  ScratchRecords(Connection connection) throws SQLException {
    tags = connection.prepareStatement("SELECT tags FROM record WHERE room = ? AND key = ?");
    put =
        connection.prepareStatement(
            "REPLACE INTO record (room, key, flags, protocol, tags, attachment)"
                + " VALUES (?, ?, ?, ?, ?, ?)");
    delete =
        connection.prepareStatement(
            "DELETE FROM record WHERE room = ? AND key = ? RETURNING tags, flags");
    addTag = connection.prepareStatement("INSERT INTO tag (room, tag, key) VALUES (?, ?, ?)");
    dropTag = connection.prepareStatement("DELETE FROM tag WHERE room = ? AND tag = ? AND key = ?");
    clear = connection.prepareStatement("DELETE FROM record WHERE room = ?");
    clearTags = connection.prepareStatement("DELETE FROM tag WHERE room = ?");
    read = connection.prepareStatement(READ);
    page = connection.prepareStatement(PAGE);
    pageOfTag = connection.prepareStatement(PAGE_OF_TAG);
  }

  void put(long room, ConnectionRecord record) throws SQLException {
    byte[] fresh = TagBytes.of(record.tags());
    byte[] stored = tags(room, record.key());
    if (stored == null || !Arrays.equals(stored, fresh)) {
      Set<String> before = stored == null ? Set.of() : TagBytes.read(stored);
      for (String tag : before) {
        if (!record.tags().contains(tag)) {
          change(dropTag, room, tag, record.key());
        }
      }
      for (String tag : record.tags()) {
        if (!before.contains(tag)) {
          change(addTag, room, tag, record.key());
        }
      }
    }
    put.setLong(1, room);
    put.setLong(2, record.key());
    put.setInt(
        3,
        (record.hearsClose() ? HEARS_CLOSE : 0)
            | (record.closing() ? CLOSING : 0)
            | flag(record.access()));
    put.setString(4, record.subProtocol());
    put.setBytes(5, fresh);
    put.setBytes(6, record.attachment());
    put.executeUpdate();
  }

  /// The tags of a record as they are stored, or null if there is no such record.
  private byte @Nullable [] tags(long room, long key) throws SQLException {
    tags.setLong(1, room);
    tags.setLong(2, key);
    try (ResultSet row = tags.executeQuery()) {
      return row.next() ? EntryRows.bytes(row, 1) : null;
    }
  }

  private static void change(PreparedStatement statement, long room, String tag, long key)
      throws SQLException {
    statement.setLong(1, room);
    statement.setBytes(2, TagBytes.of(Set.of(tag)));
    statement.setLong(3, key);
    statement.executeUpdate();
  }

  /// What a deleted record was.
  enum Deleted {
    NOT_THERE,
    OPEN,
    CLOSING
  }

  Deleted delete(long room, long key) throws SQLException {
    byte[] stored;
    int flags;
    delete.setLong(1, room);
    delete.setLong(2, key);
    try (ResultSet row = delete.executeQuery()) {
      if (!row.next()) {
        return Deleted.NOT_THERE;
      }
      stored = EntryRows.bytes(row, 1);
      flags = row.getInt(2);
    }
    for (String tag : TagBytes.read(stored)) {
      change(dropTag, room, tag, key);
    }
    return (flags & CLOSING) != 0 ? Deleted.CLOSING : Deleted.OPEN;
  }

  void clear(long room) throws SQLException {
    clear.setLong(1, room);
    clear.executeUpdate();
    clearTags.setLong(1, room);
    clearTags.executeUpdate();
  }

  List<ConnectionRecord> read(long room, Iterable<Long> keys) throws SQLException {
    TreeSet<Long> inOrder = new TreeSet<>();
    keys.forEach(inOrder::add);
    List<ConnectionRecord> found = new ArrayList<>(inOrder.size());
    for (long key : inOrder) {
      read.setLong(1, room);
      read.setLong(2, key);
      addAll(read, found);
    }
    return List.copyOf(found);
  }

  /// See [dev.dormouse.room.spi.ConnectionRecords#page].
  List<ConnectionRecord> page(long room, @Nullable String tag, long after, int limit)
      throws SQLException {
    PreparedStatement statement = tag == null ? page : pageOfTag;
    int parameter = 1;
    statement.setLong(parameter++, room);
    if (tag != null) {
      statement.setBytes(parameter++, TagBytes.of(Set.of(tag)));
    }
    statement.setLong(parameter++, after);
    statement.setInt(parameter, limit);
    List<ConnectionRecord> found = new ArrayList<>();
    addAll(statement, found);
    return List.copyOf(found);
  }

  private static int flag(Access access) {
    return switch (access) {
      case READ -> READS;
      case WRITE -> WRITES;
      case ADMIN -> 0;
    };
  }

  private static Access access(int flags) {
    return (flags & READS) != 0 ? Access.READ : (flags & WRITES) != 0 ? Access.WRITE : Access.ADMIN;
  }

  private static void addAll(PreparedStatement query, List<ConnectionRecord> found)
      throws SQLException {
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        int flags = row.getInt(2);
        found.add(
            new ConnectionRecord(
                row.getLong(1),
                row.getString(3),
                TagBytes.read(EntryRows.bytes(row, 4)),
                EntryRows.bytes(row, 5),
                (flags & HEARS_CLOSE) != 0,
                access(flags),
                (flags & CLOSING) != 0));
      }
    }
  }
}
