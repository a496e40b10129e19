package dev.dormouse.server.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.Alarm;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.RoomImage;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/// What is stored of a room, as JSON: the same on the admin port, on the command line and in
/// exports. `docs/backup.md` has the format.
final class RowsJson {
  /// When an alarm is due that waits for the next start.
  static final String RESTART = "restart";

  private static final ObjectMapper JSON = new ObjectMapper();

  private RowsJson() {}

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static ObjectNode room(RoomId room, RoomImage image) {
    ObjectNode json = JSON.createObjectNode();
    json.put("namespace", room.namespace());
    String name = room.name().orElse(image.name());
    if (name != null) {
      json.put("name", name);
    }
    json.put("id", room.hex());
    json.put("version", image.version());
    json.put("schema", image.schema());
    if (image.tables()) {
      json.put("tables", true);
    }
    return json;
  }

  static ObjectNode key(Storage.Entry entry) {
    ObjectNode json = JSON.createObjectNode();
    json.put("key", visible(entry.key()));
    if (isSystem(entry.key())) {
      json.put("system", true);
    }
    try {
      json.put(
          "text",
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(entry.value())).toString());
    } catch (CharacterCodingException _) {
      json.put("base64", Base64.getEncoder().encodeToString(entry.value()));
    }
    return json;
  }

  static ObjectNode alarm(AlarmRow row) {
    ObjectNode json = JSON.createObjectNode();
    json.put("alarm", visible(row.name()));
    if (isSystem(row.name())) {
      json.put("system", true);
    }
    json.put(
        "due",
        row.state() == Alarm.State.AT_RESTART
            ? RESTART
            : Instant.ofEpochMilli(row.due()).toString());
    if (row.attempt() > 0) {
      json.put("attempt", row.attempt());
    }
    if (row.state() == Alarm.State.PARKED) {
      json.put("parked", true);
    }
    return json;
  }

  /// Facilities' names begin with a character that nobody sees.
  static boolean isSystem(String name) {
    return name.startsWith("\0");
  }

  private static String visible(String name) {
    return isSystem(name) ? name.substring(1) : name;
  }
}
