package dev.dormouse.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Rooms as lines of JSON: a title, then for each room a line of its own and one for each key and
/// alarm. The system's rows are left out: they mean something only together with those of other
/// rooms. `docs/backup.md` has the format.
final class RoomLines {
  private static final String TITLE = "dormouse rooms";
  private static final int SHAPE = 1;

  /// How much one change takes at most, about, so that it is one turn of moderate size.
  private static final int CHANGE_CHARS = 1 << 20;

  private RoomLines() {}

  static void title(PrintStream out) {
    out.println(AdminPort.JSON.createObjectNode().put("what", TITLE).put("shape", SHAPE));
  }

  /// What became of a room that was to be written.
  enum Written {
    WRITTEN,
    NOTHING,
    /// It has tables, which lines cannot hold; nothing was written.
    TABLES
  }

  /// Writes one room, if it is one that can be.
  static Written write(RoomBook book, RoomAddress room, PrintStream out)
      throws IOException, InterruptedException {
    String after = "";
    do {
      Optional<JsonNode> found = book.page(room, "", after);
      if (found.isEmpty()) {
        return Written.NOTHING;
      }
      JsonNode page = found.get();
      if (page.path("tables").asBoolean()) {
        return Written.TABLES;
      }
      if (after.isEmpty()) {
        head(page, room, out);
      }
      for (JsonNode key : page.path("keys")) {
        own(key, out);
      }
      after = page.path("next").asText("");
    } while (!after.isEmpty());
    return Written.WRITTEN;
  }

  private static void head(JsonNode page, RoomAddress room, PrintStream out) {
    ObjectNode head = AdminPort.JSON.createObjectNode();
    head.put("room", page.path("name").asText(room.isId() ? "" : room.text()));
    head.put("namespace", room.namespace());
    for (String field : new String[] {"id", "version", "schema"}) {
      head.set(field, page.path(field));
    }
    out.println(head);
    for (JsonNode alarm : page.path("alarms")) {
      own(alarm, out);
    }
  }

  private static void own(JsonNode row, PrintStream out) {
    if (!row.path("system").asBoolean()) {
      out.println(row);
    }
  }

  /// Reads lines and makes each room of them what they say; other keys and alarms of its own go.
  ///
  /// @return how many rooms
  static int read(BufferedReader in, RoomBook book) throws IOException, InterruptedException {
    Reading reading = new Reading(book);
    int number = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      number++;
      try {
        reading.line(AdminPort.JSON.readTree(line), number == 1);
      } catch (JsonProcessingException e) {
        throw new CommandFailure("line " + number + " is no JSON: " + e.getOriginalMessage(), e);
      } catch (CommandFailure e) {
        throw new CommandFailure("line " + number + ": " + e.getMessage(), e);
      }
    }
    reading.end();
    return reading.rooms;
  }

  /// What has been read of the room at hand.
  private static final class Reading {
    private final RoomBook book;
    private int rooms;
    private @Nullable RoomAddress room;
    private ObjectNode edit = AdminPort.JSON.createObjectNode();
    private int chars;

    Reading(RoomBook book) {
      this.book = book;
    }

    void line(JsonNode json, boolean first) throws IOException, InterruptedException {
      if (first) {
        if (!json.path("what").asText().equals(TITLE) || json.path("shape").asInt() != SHAPE) {
          throw new CommandFailure("these are not rooms that this version has exported");
        }
      } else if (json.has("room")) {
        end();
        begin(json);
      } else if (room == null) {
        throw new CommandFailure("a key or an alarm before the first room");
      } else if (json.has("key")) {
        add("keys", ((ObjectNode) json).deepCopy().retain("key", "text", "base64"));
      } else if (json.has("alarm")) {
        add("alarms", ((ObjectNode) json).deepCopy().retain("alarm", "due"));
      } else {
        throw new CommandFailure("neither a room, nor a key, nor an alarm");
      }
    }

    private void begin(JsonNode json) {
      String name = json.path("room").asText();
      room =
          new RoomAddress(
              json.path("namespace").asText(),
              name.isEmpty() ? json.path("id").asText() : name,
              name.isEmpty());
      edit = AdminPort.JSON.createObjectNode();
      edit.put("clear", true).put("schema", json.path("schema").asInt());
      chars = 0;
      rooms++;
    }

    private void add(String what, JsonNode row) throws IOException, InterruptedException {
      ArrayNode rows = edit.withArray(what);
      rows.add(row);
      chars += row.toString().length();
      if (chars > CHANGE_CHARS) {
        send(false);
        edit = AdminPort.JSON.createObjectNode();
        chars = 0;
      }
    }

    private void send(boolean last) throws IOException, InterruptedException {
      RoomAddress at = room;
      if (at != null) {
        book.change(at, edit.put("last", last));
      }
    }

    void end() throws IOException, InterruptedException {
      send(true);
      room = null;
    }
  }
}
