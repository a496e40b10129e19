package dev.dormouse.room.runtime;

import dev.dormouse.room.Codec;
import dev.dormouse.room.KeyRange;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import dev.dormouse.room.Work;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.SqlPage;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One facility's hold on one incarnation of a room: the reserved names of the view under those of
/// the turn.
final class FacilityRows implements FacilityRoom {
  private final Incarnation incarnation;
  private final String facility;
  private final String prefix;
  private final String marks;

  FacilityRows(Incarnation incarnation, String facility) {
    this.incarnation = incarnation;
    this.facility = facility;
    this.prefix = Reserved.prefix(facility);
    this.marks = Reserved.marks(facility);
  }

  @Override
  public RoomId id() {
    return incarnation.host.id;
  }

  @Override
  public Room room() {
    return incarnation.present();
  }

  @Override
  public RoomContext context() {
    return incarnation;
  }

  @Override
  public Codec codec() {
    return incarnation.host.node.codec();
  }

  @Override
  public InstantSource clock() {
    return incarnation.clock();
  }

  @Override
  public Optional<RoomId> find(String namespace, String name) {
    if (incarnation.host.node.namespace(namespace).isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(incarnation.host.node.rooms().idFromName(namespace, name));
    } catch (IllegalArgumentException notAName) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<byte[]> get(String key) {
    String full = prefix + key;
    for (Layer layer : incarnation.turn().layers.reversed()) {
      Optional<byte[]> value = layer.reserved == null ? null : layer.reserved.keys.get(full);
      if (value != null) {
        return value.map(byte[]::clone);
      }
    }
    return incarnation.host.view().get(full).map(byte[]::clone);
  }

  @Override
  public void put(String key, byte[] value) {
    write().keys.put(prefix + key, Optional.of(value.clone()));
  }

  @Override
  public void delete(String key) {
    write().keys.put(prefix + key, Optional.empty());
  }

  @Override
  public void mark(String name, byte[] note) {
    write().keys.put(marks + name, Optional.of(note.clone()));
  }

  @Override
  public void unmark(String name) {
    write().keys.put(marks + name, Optional.empty());
  }

  private Reserved write() {
    Turn turn = incarnation.turn();
    incarnation.host.requireWritable();
    return turn.top().reserved();
  }

  @Override
  public List<Storage.Entry> list(String below, String after, int limit) {
    KeyRange all = KeyRange.prefixed(prefix + below).limited(limit);
    // The first key behind another is that one and U+0000.
    KeyRange range = after.isEmpty() ? all : all.from(prefix + after + '\0');
    NavigableMap<String, Optional<byte[]>> changes = KeyOrder.newMap();
    for (Layer layer : incarnation.turn().layers) {
      if (layer.reserved != null) {
        changes.putAll(Listing.part(layer.reserved.keys, range));
      }
    }
    Iterator<Storage.Entry> found =
        Listing.overlay(
            incarnation.host.view().list(range, changes.size(), Long.MAX_VALUE).iterator(),
            changes,
            false);
    List<Storage.Entry> entries = new ArrayList<>();
    while (entries.size() < limit && found.hasNext()) {
      Storage.Entry entry = found.next();
      entries.add(new Storage.Entry(entry.key().substring(prefix.length()), entry.value().clone()));
    }
    return entries;
  }

  @Override
  public void setAlarm(String name, long due) {
    String full = prefix + name;
    write().alarms.put(full, Optional.of(AlarmRow.at(full, due)));
  }

  @Override
  public void deleteAlarm(String name) {
    String full = prefix + name;
    if (isStored(full) || isChanged(full)) {
      write().alarms.put(full, Optional.empty());
    }
  }

  private boolean isStored(String full) {
    return incarnation.host.view().alarms().containsKey(full);
  }

  private boolean isChanged(String full) {
    return incarnation.turn().layers.stream()
        .anyMatch(layer -> layer.reserved != null && layer.reserved.alarms.containsKey(full));
  }

  @Override
  public OptionalLong alarm(String name) {
    String full = prefix + name;
    for (Layer layer : incarnation.turn().layers.reversed()) {
      Optional<AlarmRow> row = layer.reserved == null ? null : layer.reserved.alarms.get(full);
      if (row != null) {
        return row.isPresent() ? OptionalLong.of(row.get().due()) : OptionalLong.empty();
      }
    }
    AlarmRow stored = incarnation.host.view().alarms().get(full);
    AlarmRow firing = incarnation.activation().firing;
    return stored != null && (firing == null || !TurnAlarms.isSame(stored, firing))
        ? OptionalLong.of(stored.due())
        : OptionalLong.empty();
  }

  @Override
  public <T extends @Nullable Object, X extends Exception> T transaction(Work<T, X> work) throws X {
    return incarnation.storage().transaction(work);
  }

  @Override
  public SqlPage look(String statement, int rows, long bytes) {
    return new TurnSql(incarnation).look(statement, rows, bytes);
  }

  @Override
  public void beginAnew(String why) {
    RoomHost host = incarnation.host;
    // Under the room's lock, once this handler counts no more.
    incarnation
        .turn()
        .atEnd
        .add(() ->
            host.incarnations.end(
                RoomReset.Reason.ABORTED, host.id + " begins anew: " + why, null));
  }

  @Override
  public void whenDurable(Runnable then) {
    incarnation
        .turn()
        .left
        .add(reset -> {
          if (reset == null) {
            then.run();
          }
        });
  }

  @Override
  public void outside(Runnable work) {
    RoomHost host = incarnation.host;
    whenDurable(() -> host.node.execution().start(facility + " of " + host.id, work));
  }

  @Override
  public boolean post(RoomId to, byte[] message) {
    RoomNode node = incarnation.host.node;
    if (node.isStopping() || node.namespace(to.namespace()).isEmpty()) {
      return false;
    }
    node.execution().failpoint("facility.posts");
    node.letters().post(to, new Item.Delivered(facility, incarnation.host.id, message, null, 0));
    return true;
  }

  @Override
  public void postAhead(RoomId to, byte[] message) {
    RoomNode node = incarnation.host.node;
    if (node.store().isTogether(incarnation.host.id, to)) {
      incarnation.turn().early.add(new Turn.Early(to, facility, message));
    } else {
      // Whether it arrives is learnt from what comes back.
      whenDurable(() -> {
        var _ = post(to, message);
      });
    }
  }
}
