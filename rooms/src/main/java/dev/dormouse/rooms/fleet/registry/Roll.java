package dev.dormouse.rooms.fleet.registry;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.Storage;
import dev.dormouse.rooms.fleet.DeviceFilter;
import dev.dormouse.rooms.fleet.DeviceNote;
import dev.dormouse.rooms.fleet.DevicePage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The rows of a registry. Keeps nothing itself.
final class Roll {
  private static final String DEVICE = "device/";
  private static final String ROLLOUT = "rollout/";
  private static final String COUNTS = "counts";

  /// How many rows one page goes through at most, whether the filter takes them or not.
  private static final int LOOKED_AT = 2_000;

  /// How many rollouts are listed.
  private static final int MOST_ROLLOUTS = 500;

  private final RoomContext context;

  Roll(RoomContext context) {
    this.context = context;
  }

  Counts counts() {
    return context.storage().getValue(COUNTS, Counts.class).orElse(Counts.NONE);
  }

  void restarted() {
    context.storage().putValue(COUNTS, counts().restarted());
  }

  /// Takes a note in, unless a later one of the same device is there.
  void note(DeviceNote note) {
    Counts counts = counts();
    Optional<Entry> known = context.storage().getValue(DEVICE + note.name(), Entry.class);
    if (known.isPresent()) {
      if (known.get().note().number() >= note.number()) {
        return;
      }
      counts = counts.plus(known.get(), -1);
    }
    Entry entry = new Entry(note, counts.epoch());
    context.storage().putValue(DEVICE + note.name(), entry);
    context.storage().putValue(COUNTS, counts.plus(entry, 1));
  }

  Optional<DeviceNote> device(String name) {
    long epoch = counts().epoch();
    return context.storage().getValue(DEVICE + name, Entry.class).map(entry -> entry.now(epoch));
  }

  DevicePage page(DeviceFilter filter, String after, int limit) {
    long epoch = counts().epoch();
    KeyRange behind = KeyRange.prefixed(DEVICE).from(DEVICE + after + '\0').limited(LOOKED_AT + 1);
    List<DeviceNote> found = new ArrayList<>();
    String last = after;
    int seen = 0;
    for (Storage.Entry row : context.storage().list(behind)) {
      if (found.size() == limit || seen++ == LOOKED_AT) {
        return new DevicePage(found, last);
      }
      last = row.key().substring(DEVICE.length());
      context
          .storage()
          .getValue(row.key(), Entry.class)
          .map(entry -> entry.now(epoch))
          .filter(filter::takes)
          .ifPresent(found::add);
    }
    return new DevicePage(found, "");
  }

  void rollout(String name, String status) {
    context.storage().putText(ROLLOUT + name, status);
  }

  /// The rollouts there are, by name, with their status.
  Map<String, String> rollouts() {
    Map<String, String> found = new TreeMap<>();
    context
        .storage()
        .list(KeyRange.prefixed(ROLLOUT).limited(MOST_ROLLOUTS))
        .forEach(row -> found.put(row.key().substring(ROLLOUT.length()), row.text()));
    return found;
  }
}
