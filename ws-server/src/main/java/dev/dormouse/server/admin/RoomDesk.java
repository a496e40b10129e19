package dev.dormouse.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.KeyRange;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.Rooms;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.RoomSize;
import dev.dormouse.room.spi.RoomStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is stored of single rooms, as it is on the disk: looking wakes nobody.
public final class RoomDesk {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /// About how much a page takes at most.
  private static final long PAGE_BYTES = 1 << 20;

  private final RoomStore store;

  /// By the namespaces' names.
  private final Map<String, RoomLimits> limits;

  private final Patience patience;

  /// @param declared those whose rooms are told from what they may have
  public RoomDesk(RoomStore store, Execution execution, Collection<Namespace> declared) {
    this.store = store;
    this.limits =
        declared.stream().collect(Collectors.toUnmodifiableMap(Namespace::name, Namespace::limits));
    this.patience = new Patience(execution, LIMIT);
  }

  /// Which of a room's keys are asked for.
  ///
  /// @param after the last key of the page before; empty for the first page
  public record Wanted(String prefix, String after, int limit) {}

  /// A page of a room's keys; the first one has the alarms too. Empty if nothing was ever stored of
  /// the room.
  ///
  /// The system's own rows come first, on the first page of a listing without a prefix.
  public Optional<ObjectNode> look(RoomId room, Wanted wanted)
      throws IOException, TimeoutException, InterruptedException {
    RoomImage image = patience.on(store.load(room), "reading " + room);
    if (image.sequence() == 0) {
      return Optional.empty();
    }
    ObjectNode json = RowsJson.room(room, image);
    stored(json.putObject("stored"), image.size(), limits.get(room.namespace()));
    KeyRange range = KeyRange.prefixed(wanted.prefix()).limited(wanted.limit() + 1);
    if (!wanted.after().isEmpty()) {
      range = range.from(wanted.after() + "\0");
    }
    List<Storage.Entry> found =
        patience.on(store.list(room, range, PAGE_BYTES), "reading the keys of " + room);
    // The store stops early once there are bytes enough.
    boolean more = !found.isEmpty() && (found.size() > wanted.limit() || bytes(found) > PAGE_BYTES);
    List<Storage.Entry> page =
        found.size() > wanted.limit() ? found.subList(0, wanted.limit()) : found;
    var keys = json.putArray("keys");
    page.forEach(entry -> keys.add(RowsJson.key(entry)));
    if (wanted.after().isEmpty()) {
      var alarms = json.putArray("alarms");
      image.alarms().forEach(row -> alarms.add(RowsJson.alarm(row)));
    }
    if (more) {
      json.put("next", page.getLast().key());
    }
    return Optional.of(json);
  }

  /// How much it has, and how much it may have.
  private static void stored(ObjectNode json, RoomSize size, @Nullable RoomLimits limits) {
    json.put("bytes", size.bytes());
    json.put("keys", size.keys());
    if (limits != null) {
      json.put("mostBytes", limits.storedBytes());
      json.put("mostKeys", limits.storedKeys());
    }
  }

  private static long bytes(List<Storage.Entry> entries) {
    return entries.stream().mapToLong(each -> each.key().length() + each.value().length).sum();
  }

  /// One key's value.
  public Optional<byte[]> value(RoomId room, String key)
      throws IOException, TimeoutException, InterruptedException {
    return patience.on(store.read(room, key), "reading '" + key + "' of " + room);
  }

  /// Changes a room's own rows on a server that runs. Blocks until the change is durable.
  ///
  /// @param edit see [RoomEdit]
  /// @throws dev.dormouse.room.RoomException if the room refuses, as any call's
  public static void edit(Rooms rooms, RoomId room, String edit) {
    rooms.stub(EditCalls.class, room).edit(edit);
  }

  /// Runs a statement on the database of a room, in a turn of the room: it wakes. Blocks until it
  /// is over, and what it changed is durable.
  ///
  /// @param write whether it may change anything
  /// @return what was said, as JSON: see `docs/admin.md`, or `refused` and `message`
  /// @throws dev.dormouse.room.RoomException if the room refuses, as any call's
  public static String sql(Rooms rooms, RoomId room, String statement, boolean write) {
    return rooms.stub(EditCalls.class, room).sql(statement, write);
  }
}
