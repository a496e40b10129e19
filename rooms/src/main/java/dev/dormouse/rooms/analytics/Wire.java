package dev.dormouse.rooms.analytics;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.room.Refusal;
import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What clients send and are told, checked before anything is done with it.
final class Wire {
  static final int MOST_EVENTS = 1_000;
  static final int MOST_ROWS = 1_000;
  private static final int MOST_PARAMETERS = 100;
  private static final int DATA = 16 * 1024;
  private static final long A_DAY = 86_400_000;
  private static final Pattern ID = Pattern.compile("[!-~]{1,128}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._/-]{1,64}");

  private Wire() {}

  /// An event as it came.
  record RawEvent(
      @Nullable String id, @Nullable String name, @Nullable Long at, @Nullable JsonNode data) {}

  /// Whatever a client may send: over HTTP its path says what it is, over WebSocket its `type`.
  ///
  /// @param ref of the client's choice, given back with the answer
  record Sent(
      @Nullable String type,
      @Nullable JsonNode ref,
      @Nullable List<RawEvent> events,
      @Nullable String sql,
      @Nullable List<JsonNode> parameters,
      @Nullable Integer limit,
      @Nullable Integer days) {}

  /// An event that can be stored.
  ///
  /// @param at in milliseconds since 1970 UTC
  /// @param data a JSON object
  record Event(String id, String name, long at, String data) {}

  /// What became of events.
  ///
  /// @param taken how many are new
  /// @param known how many had been taken before
  /// @param old how many were too old to be kept
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Taken(String type, @Nullable JsonNode ref, int taken, int known, int old) {}

  /// What was found.
  ///
  /// @param more whether there were more rows than were asked for, or fit into an answer
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Rows(
      String type,
      @Nullable JsonNode ref,
      List<String> columns,
      List<List<@Nullable Object>> rows,
      boolean more) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Wrong(String type, @Nullable JsonNode ref, int status, String message) {}

  /// How the room stands.
  record State(long events, long bytes, int retentionDays) {}

  static Sent sent(byte[] body) {
    try {
      return Json.read(body, Sent.class);
    } catch (BadJsonException e) {
      throw bad("this is not the JSON that belongs here: " + e.getMessage());
    }
  }

  /// @param now in milliseconds since 1970 UTC; the time of events that bring none
  static List<Event> events(Sent sent, long now) {
    List<RawEvent> raw = sent.events();
    if (raw == null || raw.isEmpty() || raw.size() > MOST_EVENTS) {
      throw bad("'events' holds 1 to %,d events".formatted(MOST_EVENTS));
    }
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < raw.size(); i++) {
      try {
        events.add(event(raw.get(i), now));
      } catch (Refusal.Refused wrong) {
        throw bad("event %d: %s".formatted(i, wrong.getMessage()));
      }
    }
    return events;
  }

  private static Event event(RawEvent raw, long now) {
    if (raw.id() == null || !ID.matcher(raw.id()).matches()) {
      throw bad("'id' has 1 to 128 printable characters without spaces");
    }
    if (raw.name() == null || !NAME.matcher(raw.name()).matches()) {
      throw bad("'name' has 1 to 64 of A-Z, a-z, 0-9, '.', '_', '/' and '-'");
    }
    long at = raw.at() == null ? now : raw.at();
    if (at < 0 || at > now + A_DAY) {
      throw bad("'at' is a time in milliseconds since 1970, and not more than a day ahead");
    }
    JsonNode given = raw.data();
    if (given != null && !given.isNull() && !given.isObject()) {
      throw bad("'data' is an object");
    }
    String data = given == null || given.isNull() ? "{}" : Json.write(given);
    if (data.length() > DATA) {
      throw bad("'data' has at most %,d characters".formatted(DATA));
    }
    return new Event(raw.id(), raw.name(), at, data);
  }

  static String sql(Sent sent) {
    if (sent.sql() == null) {
      throw bad("'sql' is missing");
    }
    return sent.sql();
  }

  static int limit(Sent sent) {
    int limit = sent.limit() == null ? MOST_ROWS : sent.limit();
    if (limit < 1 || limit > MOST_ROWS) {
      throw bad("'limit' is a number from 1 to %,d".formatted(MOST_ROWS));
    }
    return limit;
  }

  /// Null, numbers, truths and text, for the places of a statement.
  static @Nullable Object[] parameters(Sent sent) {
    List<JsonNode> given = sent.parameters() == null ? List.of() : sent.parameters();
    if (given.size() > MOST_PARAMETERS) {
      throw bad("there are at most " + MOST_PARAMETERS + " parameters");
    }
    @Nullable Object[] parameters = new @Nullable Object[given.size()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = parameter(given.get(i));
    }
    return parameters;
  }

  private static @Nullable Object parameter(@Nullable JsonNode value) {
    if (value == null || value.isNull()) {
      return null;
    }
    if (value.isTextual()) {
      return value.asText();
    }
    if (value.isBoolean()) {
      return value.asBoolean();
    }
    if (value.canConvertToLong() && value.isIntegralNumber()) {
      return value.asLong();
    }
    if (value.isNumber()) {
      return value.asDouble();
    }
    throw bad("a parameter is null, a number, a truth or text");
  }

  static int days(Sent sent) {
    if (sent.days() == null || sent.days() < 1 || sent.days() > 3_650) {
      throw bad("'days' is a number from 1 to 3,650");
    }
    return sent.days();
  }

  static Refusal.Refused bad(String why) {
    return new Refusal.Refused(400, why);
  }
}
