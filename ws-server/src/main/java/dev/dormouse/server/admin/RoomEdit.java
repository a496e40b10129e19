package dev.dormouse.server.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// A change to a room's own rows that somebody asks for from outside: first `clear`, then the rest.
///
/// @param clear whether all keys and alarms of the room's own go first
/// @param keys new values; empty to delete
/// @param was what keys must have until now, empty for nothing: else nothing is changed
/// @param alarms when they are due, [Instant#MAX] for the next start; empty to delete
/// @param schema the room's own schema number; empty to leave it
/// @param last whether the room is to begin anew with what it then has
public record RoomEdit(
    boolean clear,
    Map<String, Optional<byte[]>> keys,
    Map<String, Optional<byte[]>> was,
    Map<String, Optional<Instant>> alarms,
    OptionalInt schema,
    boolean last) {

  /// What a change may say, in JSON.
  public static final Set<String> FIELDS = Set.of("clear", "keys", "alarms", "schema", "last");

  private static final ObjectReader READER =
      new ObjectMapper()
          .readerFor(JsonNode.class)
          .with(
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
              DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  /// Reads a change. Strict: what is not understood is refused.
  ///
  /// @throws IllegalArgumentException saying what is wrong
  public static RoomEdit read(String text) {
    try {
      return of(READER.readTree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a change is JSON: " + e.getOriginalMessage(), e);
    }
  }

  static RoomEdit of(JsonNode json) {
    fields(json, FIELDS);
    Map<String, Optional<byte[]>> keys = new LinkedHashMap<>();
    Map<String, Optional<byte[]>> was = new LinkedHashMap<>();
    for (JsonNode each : json.path("keys")) {
      fields(each, Set.of("key", "text", "base64", "was"));
      String key = name(each, "key");
      keys.put(key, value(each));
      if (each.has("was")) {
        was.put(key, was(each.get("was")));
      }
    }
    Map<String, Optional<Instant>> alarms = new LinkedHashMap<>();
    for (JsonNode each : json.path("alarms")) {
      fields(each, Set.of("alarm", "due"));
      alarms.put(name(each, "alarm"), due(each));
    }
    return new RoomEdit(
        json.path("clear").asBoolean(false),
        keys,
        was,
        alarms,
        json.has("schema") ? OptionalInt.of(json.path("schema").asInt()) : OptionalInt.empty(),
        json.path("last").asBoolean(true));
  }

  private static void fields(JsonNode json, Set<String> known) {
    if (!json.isObject()) {
      throw new IllegalArgumentException("a JSON object is expected, not " + json.getNodeType());
    }
    Set<String> unknown = new HashSet<>();
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      unknown.add(names.next());
    }
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("there is no " + unknown + " here; there is " + known);
    }
  }

  private static String name(JsonNode json, String field) {
    String name = json.path(field).asText("");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("'" + field + "' is a text that is not empty");
    }
    if (name.charAt(0) == '\0') {
      throw new IllegalArgumentException(
          "'"
              + name.substring(1)
              + "' is a row of the system's own: it is shown, and changed by nobody else");
    }
    return name;
  }

  private static Optional<byte[]> value(JsonNode json) {
    JsonNode text = json.get("text");
    JsonNode base64 = json.get("base64");
    if (text != null && base64 != null) {
      throw new IllegalArgumentException("a value is given as 'text' or as 'base64', not as both");
    }
    if (text != null) {
      return Optional.of(text.asText().getBytes(StandardCharsets.UTF_8));
    }
    return base64 == null
        ? Optional.empty()
        : Optional.of(Base64.getDecoder().decode(base64.asText()));
  }

  private static Optional<byte[]> was(JsonNode json) {
    if (json.isNull()) {
      return Optional.empty();
    }
    fields(json, Set.of("text", "base64"));
    return value(json);
  }

  /// The first key that has not what it must have until now.
  ///
  /// @param has reads what a key has
  <X extends Exception> Optional<String> changed(Reading<X> has) throws X {
    for (Map.Entry<String, Optional<byte[]>> each : was.entrySet()) {
      byte[] now = has.value(each.getKey()).orElse(null);
      if (!Arrays.equals(now, each.getValue().orElse(null))) {
        return Optional.of(each.getKey());
      }
    }
    return Optional.empty();
  }

  /// Reads values.
  interface Reading<X extends Exception> {
    Optional<byte[]> value(String key) throws X;
  }

  /// What is said of one that [#changed] names.
  static String words(String key) {
    return "'%s' has changed since it was looked at: look again".formatted(key);
  }

  private static Optional<Instant> due(JsonNode json) {
    String due = json.path("due").asText("");
    try {
      return due.isEmpty()
          ? Optional.empty()
          : Optional.of(due.equals(RowsJson.RESTART) ? Instant.MAX : Instant.parse(due));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "'due' is a time like 2026-03-01T06:30:00Z, or 'restart', not '" + due + "'", e);
    }
  }

  /// The keys to delete and those to write, for messages.
  public List<String> touched() {
    List<String> names = new ArrayList<>(keys.keySet());
    names.addAll(alarms.keySet());
    return names;
  }
}
