package dev.dormouse.room.runtime;

import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.SqlTurn;
import dev.dormouse.room.spi.WriteSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What the present turn has decided so far: data, which takes effect when the turn ends and never
/// was if it throws (T2, T3).
///
/// Used by the thread that holds the turn; [#undo] also by whoever resets the room, under its lock.
final class Turn {
  private static final int MOST_LAYERS = 60;

  /// The turn's own layer first, then one for each open transaction.
  final List<Layer> layers = new ArrayList<>(1);

  final List<Effect> effects = new ArrayList<>();
  final List<Effect> ungated = new ArrayList<>();

  /// How to take back what was changed in the runtime's memory: connections' tags, attachments.
  final List<Runnable> undo = new ArrayList<>();

  /// Told when the turn's output has left or was discarded.
  final List<Consumer<@Nullable RoomReset>> left = new ArrayList<>();

  /// Done when the turn ends well: timers to set or to stop.
  final List<Runnable> atEnd = new ArrayList<>();

  /// Alarm rows that the runtime itself changes; they do not move the version (S2).
  final List<WriteSet.AlarmChange> bookkeeping = new ArrayList<>();

  /// Numbers of other rooms' write sets that this turn builds on and that are not durable yet.
  final Set<Long> after = new HashSet<>(2);

  /// Messages to other rooms that leave as soon as the turn's write set is on its way.
  final List<Early> early = new ArrayList<>(0);

  /// What the turn does in SQL; null until it does.
  @Nullable SqlTurn sql;

  /// In which layers SQL may have changed something durable, a bit for each.
  private long sqlChanges;

  final long startedAt;

  private boolean ended;

  /// Whether the second layer is a savepoint's.
  private boolean savepoint;

  /// A message to a facility's part in another room, whose write sets follow this room's.
  record Early(RoomId to, String facility, byte[] message) {}

  Turn(long startedAt) {
    this.startedAt = startedAt;
    layers.add(new Layer());
  }

  /// The turn ends well: what it decided takes effect from here on.
  void end() {
    endSavepoint();
    ended = true;
  }

  /// Whether the turn has ended well.
  boolean hasEnded() {
    return ended;
  }

  Layer top() {
    return layers.getLast();
  }

  boolean inTransaction() {
    return layers.size() > (savepoint ? 2 : 1);
  }

  /// SQL may have changed something in the present layer.
  void sqlChanged() {
    sqlChanges |= 1L << Math.min(layers.size(), MOST_LAYERS);
  }

  /// A place to come back to when a transaction throws.
  record Mark(int effects, int ungated, int undo, int left, int atEnd, int early) {}

  /// Begins a part of the turn that can be taken back by itself, like a transaction, but may wait:
  /// the turn's end ends it.
  Mark beginSavepoint() {
    Mark mark = beginTransaction();
    savepoint = true;
    return mark;
  }

  /// Keeps what was done since the savepoint, if there is one.
  void endSavepoint() {
    if (savepoint) {
      savepoint = false;
      endTransaction();
    }
  }

  /// Takes back what was done since the savepoint.
  void rollBackSavepoint(Mark mark) {
    savepoint = false;
    rollBack(mark);
  }

  Mark beginTransaction() {
    if (layers.size() == MOST_LAYERS) {
      throw new IllegalStateException("transactions are nested more than " + MOST_LAYERS + " deep");
    }
    Layer above = new Layer();
    above.size = top().size;
    layers.add(above);
    return new Mark(
        effects.size(), ungated.size(), undo.size(), left.size(), atEnd.size(), early.size());
  }

  void endTransaction() {
    Layer done = layers.removeLast();
    top().absorb(done);
    SqlTurn tables = sql;
    if (tables != null) {
      tables.release(layers.size());
      if (cutSqlChanges()) {
        sqlChanged();
      }
    }
  }

  /// Forgets what SQL changed in layers that are gone; says whether it had.
  private boolean cutSqlChanges() {
    long kept = sqlChanges & ((1L << (layers.size() + 1)) - 1);
    boolean cut = kept != sqlChanges;
    sqlChanges = kept;
    return cut;
  }

  void rollBack(Mark mark) {
    layers.removeLast();
    SqlTurn tables = sql;
    if (tables != null) {
      tables.rollBack(layers.size());
      cutSqlChanges();
    }
    cut(effects, mark.effects);
    cut(ungated, mark.ungated);
    List<Runnable> undone = undo.subList(mark.undo, undo.size());
    undone.reversed().forEach(Runnable::run);
    undone.clear();
    cut(left, mark.left);
    cut(atEnd, mark.atEnd);
    cut(early, mark.early);
  }

  private static void cut(List<?> list, int size) {
    list.subList(size, list.size()).clear();
  }

  /// Takes back the changes to the runtime's memory, and what was done in SQL.
  void undo() {
    undo.reversed().forEach(Runnable::run);
    undo.clear();
    SqlTurn tables = sql;
    if (tables != null) {
      tables.abandon();
    }
  }

  /// The layer's changes as one batch behind what `view` holds, or null if there is nothing durable
  /// in them.
  ///
  /// @param needed whether there must be a set, if only to be named
  /// @param number gives the set one if another room may come to name it
  @Nullable WriteSet writeSet(
      RoomId room, long epoch, RoomView view, boolean needed, LongSupplier number) {
    Layer layer = layers.getFirst();
    boolean changed = !layer.isEmpty() || sqlChanges != 0;
    Reserved reserved = layer.reserved;
    if (!changed && reserved == null && bookkeeping.isEmpty() && after.isEmpty() && !needed) {
      return null;
    }
    List<WriteSet.AlarmChange> alarms = new ArrayList<>(layer.alarms.size() + bookkeeping.size());
    if (layer.clear) {
      // The set clears all there is, so what facilities have is written again.
      view.alarms().values().stream()
          .filter(row -> Reserved.is(row.name()))
          .forEach(row -> alarms.add(new WriteSet.PutAlarm(row)));
    }
    if (reserved != null) {
      reserved.alarms.forEach((name, row) -> alarms.add(change(name, row)));
    }
    layer.alarms.forEach((name, row) -> alarms.add(change(name, row)));
    alarms.addAll(bookkeeping);
    return new WriteSet(
        room,
        epoch,
        view.sequence() + 1,
        view.version() + (changed ? 1 : 0),
        layer.schema != null ? layer.schema : view.schema(),
        layer.clear,
        keys(layer, view),
        alarms,
        early.isEmpty() ? 0 : number.getAsLong(),
        Set.copyOf(after),
        null,
        sql == null || sqlChanges == 0 ? 0 : sql.number());
  }

  private static SortedMap<String, Optional<byte[]>> keys(Layer layer, RoomView view) {
    if (layer.reserved == null && layer.kept.isEmpty()) {
      return layer.keys;
    }
    SortedMap<String, Optional<byte[]>> all = KeyOrder.newMap();
    all.putAll(layer.kept);
    if (layer.reserved != null) {
      layer.reserved.keys.forEach((key, value) -> {
        if (layer.clear || !isThere(key, value, view)) {
          all.put(key, value);
        }
      });
    }
    all.putAll(layer.keys);
    return all;
  }

  /// Whether a facility has put what is there already, be it after it put something else.
  private static boolean isThere(String key, Optional<byte[]> value, RoomView view) {
    return view.isWhole()
        && value.isPresent()
        && Arrays.equals(value.get(), view.get(key).orElse(null));
  }

  private static WriteSet.AlarmChange change(String name, Optional<AlarmRow> row) {
    return row.<WriteSet.AlarmChange>map(WriteSet.PutAlarm::new)
        .orElseGet(() -> new WriteSet.DeleteAlarm(name));
  }
}
