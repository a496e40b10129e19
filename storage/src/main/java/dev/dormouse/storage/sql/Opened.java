package dev.dormouse.storage.sql;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.RoomStore;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What is found where a room's file is opened, or made.
///
/// @param numbers the room's
/// @param mending done when the index says what the file says; null if it does
record Opened(
    OpenRoom room, RoomFile.Numbers numbers, @Nullable CompletionStage<Position> mending) {

  /// @param scar whether the file may hold a set that was never acknowledged
  static Opened of(RoomId id, RoomFiles files, IndexKeeper index, boolean scar)
      throws SQLException, IOException {
    Path path = files.places().of(id);
    boolean fresh = !index.hasFile();
    if (fresh) {
      // What may lie there is of a room that is gone, or never came to be.
      files.places().make(id);
      files.execution().failpoint(SqlFailpoints.FILE_MADE);
    } else if (!RoomFile.exists(path)) {
      throw new IOException(path + " is missing: put it back from a backup of this data folder");
    }
    RoomFile file = RoomFile.open(path, files.settings().cacheBytes());
    try {
      OpenRoom room = new OpenRoom(id, file, files);
      return fresh
          ? new Opened(room, index.numbers(), null)
          : found(room, file, files, index, scar);
    } catch (SQLException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static Opened found(
      OpenRoom room, RoomFile file, RoomFiles files, IndexKeeper index, boolean scar)
      throws SQLException {
    if (scar) {
      file.run("BEGIN IMMEDIATE");
      file.scar();
      file.run("COMMIT");
      file.checkpoint();
    }
    RoomFile.Numbers inFile = file.numbers();
    // Of a room that was emptied the index has them, until a first set of its new file is synced.
    RoomFile.Numbers numbers =
        index.numbers().sequence() > inFile.sequence() ? index.numbers() : inFile;
    Map<String, byte[]> marks = new HashMap<>();
    for (Storage.Entry entry :
        file.entries().list(KeyRange.prefixed(RoomStore.MARKS), Long.MAX_VALUE)) {
      marks.put(entry.key(), entry.value());
    }
    List<AlarmRow> alarms = restarted(file.alarms().all(), files.restartDue(numbers));
    return new Opened(room, numbers, index.opened(alarms, marks, !file.isEmpty(), numbers));
  }

  private static List<AlarmRow> restarted(List<AlarmRow> stored, long due) {
    if (due < 0) {
      return stored;
    }
    List<AlarmRow> rows = new ArrayList<>();
    for (AlarmRow row : stored) {
      rows.add(row.state() == Alarm.State.AT_RESTART ? AlarmRow.at(row.name(), due) : row);
    }
    return rows;
  }
}
