package dev.dormouse.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/// The stored rooms of a server or of a folder, wherever they are. What it gives and takes is the
/// JSON of `docs/backup.md`.
interface RoomBook extends AutoCloseable {
  /// Told of a room.
  interface Reader {
    /// @param room has `namespace`, `id` and, if it has one, `name`
    void room(JsonNode room) throws IOException, InterruptedException;
  }

  /// Goes through all rooms that have something stored, in order.
  void all(Optional<String> namespace, Reader reader) throws IOException, InterruptedException;

  /// A page of a room's keys, with its alarms if it is the first; empty if nothing is stored of the
  /// room.
  ///
  /// @param after `next` of the page before; empty for the first
  Optional<JsonNode> page(RoomAddress room, String prefix, String after)
      throws IOException, InterruptedException;

  /// Makes a change durable.
  void change(RoomAddress room, ObjectNode edit) throws IOException, InterruptedException;

  @Override
  void close();
}
