package dev.dormouse.saga.facility;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.engine.RowKeys;
import dev.dormouse.saga.engine.SheetCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which rooms would like to know whether sagas of this room's have ended.
///
/// Only in memory: who is not told by the way asks again. Used in turns only, one at a time.
final class Endings {
  /// How many steps one room can ask for, and how many rooms; what is more is told when asked for.
  private static final int STEPS = 64;

  private static final int ROOMS = 2_000;

  private final FacilityRoom room;
  private final Map<RoomId, List<StepName>> asked = new HashMap<>();

  Endings(FacilityRoom room) {
    this.room = room;
  }

  /// Another room remembers these, and is told with the next command that it gets.
  void asked(RoomId by, List<StepName> steps) {
    if (asked.size() >= ROOMS && !asked.containsKey(by)) {
      asked.clear();
    }
    List<StepName> known = asked.computeIfAbsent(by, _ -> new ArrayList<>());
    for (StepName step : steps) {
      if (known.size() < STEPS && !known.contains(step)) {
        known.add(step);
      }
    }
  }

  /// What a room can be told of what it has asked for. It is not told again.
  List<StepName> toTell(RoomId to) {
    List<StepName> steps = asked.remove(to);
    return steps == null ? List.of() : ended(steps);
  }

  /// Those whose sagas have ended, or are not there any more.
  List<StepName> ended(List<StepName> steps) {
    return steps.stream().filter(step -> hasEnded(step.saga())).toList();
  }

  private boolean hasEnded(String saga) {
    return room.get(RowKeys.head(saga)).map(SheetCodec::hasEnded).orElse(true);
  }
}
