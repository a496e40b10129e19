package dev.dormouse.saga.facility;

import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.engine.RowKeys;
import dev.dormouse.saga.engine.SagaRow;
import dev.dormouse.saga.engine.SheetCodec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Removes what ended sagas have left when it was kept for long enough: many at a time, bounded for
/// each turn.
final class Trimming {
  static final String ALARM = "trim";
  private static final String ENDED = "ended/";

  /// How many sagas, and how many of their rows, one turn removes at most.
  private static final int SAGAS = 100;

  private static final int ROWS = 250;

  private final FacilityRoom room;
  private final Duration retention;

  Trimming(FacilityRoom room, Duration retention) {
    this.room = room;
    this.retention = retention;
  }

  /// A saga has ended, in the turn at hand.
  void ended(SagaRow saga) {
    room.put(ENDED + "%019d".formatted(saga.ended()) + "/" + saga.id(), new byte[] {1});
    if (!room.hasAlarm(ALARM)) {
      room.setAlarm(ALARM, saga.ended() + retention.toMillis());
    }
  }

  /// The alarm rings. It is set for the next saga that has to go, or at once if there are more.
  void ring() {
    long now = room.clock().millis();
    int left = ROWS;
    List<Storage.Entry> page = room.list(ENDED, SAGAS + 1);
    for (int i = 0; i < page.size(); i++) {
      String key = page.get(i).key();
      int slash = key.lastIndexOf('/');
      long due = Long.parseLong(key.substring(ENDED.length(), slash)) + retention.toMillis();
      if (due > now || left <= 0 || i == SAGAS) {
        room.setAlarm(ALARM, Math.max(due, now));
        return;
      }
      left -= trim(key.substring(slash + 1), left);
      if (left > 0) {
        room.delete(key);
      } else {
        // The saga may not be gone whole: looked at again.
        room.setAlarm(ALARM, now);
        return;
      }
    }
  }

  /// Removes a saga, its head last: while that is there nobody can take the id.
  ///
  /// @return how many rows it had; `most` if there may be more
  private int trim(String saga, int most) {
    int count = 0;
    for (String prefix : List.of(RowKeys.prefix(saga), RowKeys.DEAD + saga + "/")) {
      List<Storage.Entry> rows = room.list(prefix, most - count);
      rows.forEach(row -> room.delete(row.key()));
      count += rows.size();
      if (count == most) {
        return count;
      }
    }
    Optional<byte[]> head = room.get(RowKeys.head(saga));
    if (head.isPresent()) {
      room.unmark(Marks.of(SheetCodec.head(head.get())).name());
      room.delete(RowKeys.head(saga));
    }
    return count;
  }
}
