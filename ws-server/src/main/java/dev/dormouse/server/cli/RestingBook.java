package dev.dormouse.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.runtime.RoomIds;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.server.admin.RestingRooms;
import dev.dormouse.server.admin.RoomDesk;
import dev.dormouse.server.admin.RoomEdit;
import dev.dormouse.storage.SqliteRoomStore;
import dev.dormouse.storage.sql.SqlRoomStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/// The rooms of a data folder that no server has open; it has it meanwhile.
final class RestingBook implements RoomBook {
  private static final int PAGE = 1_000;

  private final Path data;
  private final SqliteRoomStore store;
  private final RoomDesk desk;
  private final RestingRooms rooms;
  private final RoomIds ids;

  RestingBook(Path data, SqliteRoomStore store, Execution execution) {
    this.data = data;
    this.store = store;
    this.desk = new RoomDesk(store, execution, List.of());
    this.rooms = new RestingRooms(store, execution);
    this.ids = new RoomIds(store.idKey());
  }

  private interface Asked<T> {
    T ask() throws IOException, TimeoutException, InterruptedException;
  }

  private static <T> T answered(Asked<T> asked) throws IOException, InterruptedException {
    try {
      return asked.ask();
    } catch (TimeoutException e) {
      throw new IOException(e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void all(Optional<String> namespace, Reader reader)
      throws IOException, InterruptedException {
    List<String> names =
        namespace.isPresent() ? List.of(namespace.get()) : store.namespaces().join();
    for (String name : names) {
      List<RoomId> page = store.rooms(name, null, PAGE).join();
      while (!page.isEmpty()) {
        for (RoomId room : page) {
          ObjectNode json = AdminPort.JSON.createObjectNode();
          json.put("namespace", room.namespace()).put("id", room.hex());
          room.name().ifPresent(it -> json.put("name", it));
          reader.room(json);
        }
        page = store.rooms(name, page.getLast(), PAGE).join();
      }
    }
  }

  @Override
  public Optional<JsonNode> page(RoomAddress room, String prefix, String after)
      throws IOException, InterruptedException {
    return answered(() -> desk.look(id(room), new RoomDesk.Wanted(prefix, after, PAGE)))
        .map(JsonNode.class::cast);
  }

  @Override
  public void change(RoomAddress room, ObjectNode edit) throws IOException, InterruptedException {
    if (room.namespace().startsWith("_")) {
      throw new CommandFailure("rooms of '" + room.namespace() + "' are the system's own");
    }
    String text = AdminPort.JSON.writeValueAsString(edit);
    answered(() -> {
      rooms.edit(id(room), RoomEdit.read(text));
      return true;
    });
  }

  /// What the store has of a room with SQL is an index of its file only.
  private RoomId id(RoomAddress room) {
    if (SqlRoomStore.hasFilesOf(data, room.namespace())) {
      throw new CommandFailure(
          "rooms of '%s' have SQL: start the server on this folder and ask it"
              .formatted(room.namespace()));
    }
    try {
      return room.isId()
          ? ids.fromString(room.namespace(), room.text())
          : ids.fromName(room.namespace(), room.text());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
