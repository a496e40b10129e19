package dev.dormouse.saga.facility;

import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.engine.RowCodec;
import dev.dormouse.saga.engine.SagaRow;
import dev.dormouse.saga.engine.SagaState;

/// The node-wide index of sagas: each has one mark, which says how far it is.
record Marks(SagaStatus status, String definition, int version, String saga) {
  static final String OPEN = "open/";
  static final String ENDED = "ended/";

  /// Where a room's saga stands after a change, in the write set of the change; nothing if all that
  /// a mark says is as it was.
  ///
  /// @param at when it changed, in milliseconds since 1970 UTC
  static void put(FacilityRoom room, SagaRow before, SagaRow next, long at) {
    boolean known = !(before.state() instanceof SagaState.NotStarted);
    String name = of(next).name();
    boolean moved = !known || !of(before).name().equals(name);
    if (known && moved) {
      room.unmark(of(before).name());
    }
    if (moved || before.paused() != next.paused() || !before.cause().equals(next.cause())) {
      room.mark(name, RowCodec.note(next, at));
    }
  }

  static Marks of(SagaRow row) {
    SagaStatus status = row.state().status();
    return new Marks(status, row.definition(), row.version(), row.id());
  }

  /// What all marks of sagas of one status begin with.
  static String below(SagaStatus status) {
    return (status.ended() ? ENDED : OPEN) + status + "/";
  }

  static String below(SagaStatus status, String definition) {
    return below(status) + definition + "/";
  }

  static String below(SagaStatus status, String definition, int version) {
    return below(status, definition) + version + "/";
  }

  String name() {
    return below(status, definition, version) + saga;
  }

  /// Reads [#name].
  ///
  /// @throws IllegalArgumentException if it is none
  static Marks parse(String name) {
    String[] parts = name.split("/", -1);
    if (parts.length != 5) {
      throw new IllegalArgumentException("not the mark of a saga: '" + name + "'");
    }
    SagaStatus status = SagaStatus.valueOf(parts[1]);
    return new Marks(status, parts[2], Integer.parseInt(parts[3]), parts[4]);
  }
}
