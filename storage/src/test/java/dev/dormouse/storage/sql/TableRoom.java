package dev.dormouse.storage.sql;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.SqlCursor;
import dev.dormouse.room.SqlStorage;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.Storage;
import org.jspecify.annotations.Nullable;

/// A room that does what a test hands it.
final class TableRoom implements Room {
  private final RoomContext context;
  private final Tables tables;
  StartCause cause = StartCause.CREATED;

  TableRoom(RoomContext context, Tables tables) {
    this.context = context;
    this.tables = tables;
  }

  /// Something a room does.
  interface Deed {
    @Nullable Object by(TableRoom room) throws Exception;
  }

  @Override
  public void onStart(StartCause cause) {
    this.cause = cause;
  }

  @Override
  public HttpReply onRequest(HttpCall call) throws Exception {
    return HttpReply.text(200, String.valueOf(tables.deed().by(this)));
  }

  @Override
  public void onAlarm(Alarm alarm) {
    exec("CREATE TABLE IF NOT EXISTS fired (name TEXT)");
    exec("INSERT INTO fired VALUES (?)", alarm.name());
  }

  RoomContext context() {
    return context;
  }

  Storage storage() {
    return context.storage();
  }

  SqlStorage sql() {
    return context.storage().sql();
  }

  SqlCursor exec(String sql, @Nullable Object... bindings) {
    return sql().exec(sql, bindings);
  }

  /// The first column of all rows.
  String column(String sql, @Nullable Object... bindings) {
    StringBuilder all = new StringBuilder();
    exec(sql, bindings).forEachRemaining(row -> all.append(row.get(0)).append(' '));
    return all.toString().strip();
  }
}
