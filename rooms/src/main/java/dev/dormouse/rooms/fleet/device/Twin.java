package dev.dormouse.rooms.fleet.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomContext;
import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalLong;

/// What a device should be, and what it says it is: two JSON objects, each with a version that goes
/// up by one with every change of it.
///
/// Read from storage each time: an object keeps nothing.
final class Twin {
  static final String FIRMWARE = "firmware";

  private static final String DESIRED = "desired";
  private static final String REPORTED = "reported";
  private static final String SEEN = "seen";
  private static final int MAX_BYTES = 16 * 1024;

  private final RoomContext context;

  Twin(RoomContext context) {
    this.context = context;
  }

  /// One of the two.
  ///
  /// @param version 0 before the first change
  record Part(long version, ObjectNode state) {
    static final Part NONE = new Part(0, JsonNodeFactory.instance.objectNode());

    /// The field's text; empty if it is none.
    String text(String field) {
      return state.path(field).asText("");
    }
  }

  Part desired() {
    return part(DESIRED);
  }

  Part reported() {
    return part(REPORTED);
  }

  /// The firmware it says it has; empty if it never did.
  String firmware() {
    return reported().text(FIRMWARE);
  }

  /// The latest version of the desired state that it has said it acted on.
  long seen() {
    return context.storage().getText(SEEN).map(Long::parseLong).orElse(0L);
  }

  /// Merges into what it should be.
  ///
  /// @param expected the version there must be; empty for any
  /// @throws Refusal.VersionConflict if there is another
  /// @throws Refusal.TooLarge if the object would exceed 16 KiB
  Part desire(ObjectNode patch, OptionalLong expected) {
    Part before = desired();
    check(before, expected, DESIRED);
    return put(DESIRED, before, patch);
  }

  /// The firmware it should have.
  Part desire(String firmware) {
    return desire(
        JsonNodeFactory.instance.objectNode().put(FIRMWARE, firmware), OptionalLong.empty());
  }

  /// Whether it was said before something that the device has said already.
  boolean isLate(Said.Report report) {
    return report.seen().isPresent() && report.seen().getAsLong() < seen();
  }

  /// Merges into what it says it is.
  ///
  /// @throws Refusal.VersionConflict if it builds on another version than there is
  Part report(Said.Report report) {
    Part before = reported();
    check(before, report.expected(), REPORTED);
    report
        .seen()
        .ifPresent(seen -> context.storage().putText(SEEN, Long.toString(Math.max(seen, seen()))));
    return put(REPORTED, before, report.state());
  }

  private static void check(Part part, OptionalLong expected, String name) {
    if (expected.isPresent() && expected.getAsLong() != part.version()) {
      throw new Refusal.VersionConflict(
          part.version(),
          "the %s state has version %d, not %d"
              .formatted(name, part.version(), expected.getAsLong()));
    }
  }

  /// What it should change to be as desired, on the first level.
  ///
  /// All that is desired while the device may still be acting on an earlier wish: what it reports
  /// then is not what it will be.
  ObjectNode delta() {
    Part desired = desired();
    if (seen() < desired.version() - 1) {
      return desired.state();
    }
    ObjectNode delta = JsonNodeFactory.instance.objectNode();
    ObjectNode reported = reported().state();
    for (Map.Entry<String, JsonNode> field : desired.state().properties()) {
      if (!field.getValue().equals(reported.get(field.getKey()))) {
        delta.set(field.getKey(), field.getValue());
      }
    }
    return delta;
  }

  private Part part(String key) {
    String text = context.storage().getText(key).orElse("");
    if (text.isEmpty()) {
      return Part.NONE;
    }
    int colon = text.indexOf(':');
    try {
      byte[] state = text.substring(colon + 1).getBytes(StandardCharsets.UTF_8);
      return new Part(Long.parseLong(text.substring(0, colon)), Json.read(state, ObjectNode.class));
    } catch (BadJsonException e) {
      throw new IllegalStateException("the stored " + key + " state is damaged", e);
    }
  }

  private Part put(String key, Part before, ObjectNode patch) {
    ObjectNode state = before.state().deepCopy();
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      if (field.getValue().isNull()) {
        state.remove(field.getKey());
      } else {
        state.set(field.getKey(), field.getValue());
      }
    }
    Part after = new Part(before.version() + 1, state);
    String text = after.version() + ":" + Json.write(state);
    if (text.length() > MAX_BYTES) {
      throw new Refusal.TooLarge(
          "the %s state has at most %d characters".formatted(key, MAX_BYTES));
    }
    context.storage().putText(key, text);
    return after;
  }
}
