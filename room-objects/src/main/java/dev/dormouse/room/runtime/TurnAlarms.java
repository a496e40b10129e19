package dev.dormouse.room.runtime;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.Alarms;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.spi.AlarmRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Alarms as a turn sees them: the view's under the turn's own changes, without the one that fires.
final class TurnAlarms implements Alarms {
  private static final int MAX_NAME = 256;

  private final Incarnation incarnation;

  TurnAlarms(Incarnation incarnation) {
    this.incarnation = incarnation;
  }

  @Override
  public void set(String name, Instant due) {
    // Far futures are all the same to the clock; Long.MAX_VALUE means "at restart" in a row.
    long millis =
        due.isAfter(Instant.ofEpochMilli(Long.MAX_VALUE - 1))
            ? Long.MAX_VALUE - 1
            : due.isBefore(Instant.EPOCH) ? 0 : due.toEpochMilli();
    put(AlarmRow.at(name, millis));
  }

  @Override
  public void setAtRestart(String name) {
    put(AlarmRow.atRestart(name));
  }

  private void put(AlarmRow row) {
    Turn turn = incarnation.turn();
    String name = row.name();
    if (name.isEmpty() || name.length() > MAX_NAME) {
      throw new Refusal.TooLarge(
          "an alarm's name has 1 to %d characters; one of %s has %d"
              .formatted(MAX_NAME, incarnation.id(), name.length()));
    }
    Map<String, AlarmRow> all = rows();
    int limit = incarnation.host.namespace.limits().alarms();
    if (!all.containsKey(name) && all.size() >= limit) {
      throw new Refusal.TooLarge(
          "a room has at most %,d alarms; %s wants one more".formatted(limit, incarnation.id()));
    }
    if (Reserved.is(name)) {
      throw new IllegalArgumentException(
          "an alarm's name does not begin with U+0000; one of " + incarnation.id() + " does");
    }
    incarnation.host.requireWritable();
    turn.top().alarms.put(name, Optional.of(row));
  }

  @Override
  public boolean delete(String name) {
    Turn turn = incarnation.turn();
    if (!rows().containsKey(name)) {
      return false;
    }
    turn.top().alarms.put(name, Optional.empty());
    return true;
  }

  @Override
  public Optional<Alarm> get(String name) {
    return Optional.ofNullable(rows().get(name)).map(TurnAlarms::shown);
  }

  @Override
  public List<Alarm> list() {
    List<Alarm> alarms = new ArrayList<>();
    rows().values().forEach(row -> alarms.add(shown(row)));
    return alarms;
  }

  private Map<String, AlarmRow> rows() {
    Activation activation = incarnation.activation();
    Map<String, AlarmRow> rows = new TreeMap<>(incarnation.host.view().alarms());
    rows.keySet().removeIf(Reserved::is);
    AlarmRow firing = activation.firing;
    if (firing != null && isSame(rows.get(firing.name()), firing)) {
      rows.remove(firing.name());
    }
    for (Layer layer : incarnation.turn().layers) {
      if (layer.clear) {
        rows.clear();
      }
      layer.alarms.forEach((name, row) -> {
        if (row.isPresent()) {
          rows.put(name, row.get());
        } else {
          rows.remove(name);
        }
      });
    }
    return rows;
  }

  /// Whether `row` is the very row that fires: one of the same name that was set since is another,
  /// even if it reads the same.
  @SuppressWarnings("ReferenceEquality")
  static boolean isSame(@Nullable AlarmRow row, AlarmRow firing) {
    return row == firing;
  }

  static Alarm shown(AlarmRow row) {
    Instant due = row.due() == Long.MAX_VALUE ? Instant.MAX : Instant.ofEpochMilli(row.due());
    return new Alarm(row.name(), due, row.attempt(), row.state());
  }
}
