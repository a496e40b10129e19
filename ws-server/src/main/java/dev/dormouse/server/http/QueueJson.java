package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.saga.queue.ContentType;
import dev.dormouse.saga.queue.GroupSettings;
import dev.dormouse.saga.queue.QueueMessage;
import dev.dormouse.saga.queue.Settled;
import dev.dormouse.saga.queue.node.QueueClient;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What clients of queues say and are told, as JSON. `docs/queues.md` describes it.
final class QueueJson {
  private static final Set<String> MESSAGE =
      Set.of("body", "contentType", "key", "type", "orderingKey", "delaySeconds");

  /// How long a number of seconds may be, before and behind its point: far more than a delay or a
  /// lease has.
  private static final int NUMBER_CHARACTERS = 40;

  private QueueJson() {}

  // ---- what they say

  /// @throws Problem.Found with 400 if that is no JSON object
  static ObjectNode object(byte[] body) {
    try {
      JsonNode node = Problem.JSON.readTree(body);
      if (node instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      throw bad(
          "the body is no JSON: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    throw bad("the body is no JSON object");
  }

  /// @throws Problem.Found with 400 if that is none
  static void checkJson(byte[] body) {
    try {
      if (Problem.JSON.readTree(body).isMissingNode()) {
        throw bad("the body is empty, and no JSON");
      }
    } catch (IOException e) {
      throw bad(
          "the body is no JSON: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  static Problem.Found bad(String message) {
    return Problem.of(400, "bad-request", message).found();
  }

  /// `{"messages": [...]}`, or a single message.
  static List<QueueMessage> messages(ObjectNode said, long now) {
    List<QueueMessage> messages = new ArrayList<>();
    if (said.has("messages")) {
      checkFields(said, Set.of("messages"));
      for (JsonNode each : array(said, "messages")) {
        if (!(each instanceof ObjectNode message)) {
          throw bad("each of 'messages' is an object");
        }
        messages.add(message(message, now));
      }
    } else {
      messages.add(message(said, now));
    }
    return messages;
  }

  private static QueueMessage message(ObjectNode said, long now) {
    checkFields(said, MESSAGE);
    JsonNode body = said.get("body");
    if (body == null) {
      throw bad("a message has a 'body'");
    }
    ContentType type =
        switch (text(said, "contentType", "json").toLowerCase(Locale.ROOT)) {
          case "json" -> ContentType.JSON;
          case "text" -> ContentType.TEXT;
          case "bytes" -> ContentType.BYTES;
          default -> throw bad("'contentType' is json, text or bytes");
        };
    return message(
        text(said, "key", ""),
        type,
        payload(type, body),
        text(said, "type", ""),
        text(said, "orderingKey", ""),
        orNone(seconds(said, "delaySeconds")),
        now);
  }

  private static byte[] payload(ContentType type, JsonNode body) {
    if (type != ContentType.JSON && !body.isTextual()) {
      throw bad("the 'body' of a message that is no JSON is a text");
    }
    return switch (type) {
      case JSON -> body.toString().getBytes(StandardCharsets.UTF_8);
      case TEXT -> body.textValue().getBytes(StandardCharsets.UTF_8);
      case BYTES -> {
        try {
          yield Base64.getDecoder().decode(body.textValue());
        } catch (IllegalArgumentException e) {
          throw bad("the 'body' of a message of bytes is Base64");
        }
      }
    };
  }

  /// @param key empty for one that is made here
  static QueueMessage message(
      String key,
      ContentType contentType,
      byte[] payload,
      String type,
      String orderingKey,
      Duration delay,
      long now) {
    if (delay.isNegative() || delay.compareTo(GroupSettings.MAX_DELAY) > 0) {
      throw bad("a message is delayed by up to 366 days");
    }
    try {
      return new QueueMessage(
          "",
          0,
          key.isEmpty() ? UUID.randomUUID().toString() : key,
          type,
          contentType,
          delay.isZero() ? 0 : now + delay.toMillis(),
          orderingKey,
          null,
          payload);
    } catch (IllegalArgumentException e) {
      throw bad(String.valueOf(e.getMessage()));
    }
  }

  static List<String> leases(ObjectNode said) {
    List<String> leases = new ArrayList<>();
    for (JsonNode each : array(said, "leases")) {
      if (!each.isTextual()) {
        throw bad("each of 'leases' is a text");
      }
      leases.add(each.textValue());
    }
    return leases;
  }

  private static JsonNode array(ObjectNode said, String name) {
    JsonNode found = said.get(name);
    if (found == null || !found.isArray()) {
      throw bad("'" + name + "' is a list");
    }
    return found;
  }

  static String text(ObjectNode said, String name, String otherwise) {
    JsonNode found = said.get(name);
    if (found == null || found.isNull()) {
      return otherwise;
    }
    if (!found.isTextual()) {
      throw bad("'" + name + "' is a text");
    }
    return found.textValue();
  }

  static int whole(ObjectNode said, String name, int otherwise) {
    JsonNode found = said.get(name);
    if (found == null || found.isNull()) {
      return otherwise;
    }
    if (!found.canConvertToInt() || !found.isIntegralNumber()) {
      throw bad("'" + name + "' is a whole number");
    }
    return found.intValue();
  }

  /// Null if nothing is said.
  static @Nullable Duration seconds(ObjectNode said, String name) {
    JsonNode found = said.get(name);
    if (found == null || found.isNull()) {
      return null;
    }
    if (!found.isNumber()) {
      throw bad("'" + name + "' is a number");
    }
    return seconds(name, found.asText());
  }

  static Duration orNone(@Nullable Duration said) {
    return said == null ? Duration.ZERO : said;
  }

  /// Reads a number of seconds. A few letters can spell a number that has a billion digits when it
  /// is written out, so its size is looked at first.
  static Duration seconds(String name, String text) {
    if (text.length() > NUMBER_CHARACTERS) {
      throw noSeconds(name);
    }
    try {
      BigDecimal seconds = new BigDecimal(text);
      if (Math.abs((long) seconds.scale()) > NUMBER_CHARACTERS) {
        throw noSeconds(name);
      }
      return Duration.ofMillis(seconds.movePointRight(3).longValueExact());
    } catch (ArithmeticException | NumberFormatException e) {
      throw noSeconds(name);
    }
  }

  private static Problem.Found noSeconds(String name) {
    return bad("'" + name + "' is a number of seconds, with up to three decimals");
  }

  static void checkFields(ObjectNode said, Set<String> known) {
    said.fieldNames()
        .forEachRemaining(name -> {
          if (!known.contains(name)) {
            throw bad("nobody knows a field '" + name + "'; there are " + known);
          }
        });
  }

  // ---- what they are told

  static ObjectNode published(long position, List<QueueMessage> messages) {
    ObjectNode answer = Problem.JSON.createObjectNode();
    answer.put("position", position);
    ArrayNode keys = answer.putArray("keys");
    messages.forEach(each -> keys.add(each.key()));
    return answer;
  }

  static ObjectNode pulled(List<QueueClient.Pulled> pulled) {
    ObjectNode answer = Problem.JSON.createObjectNode();
    ArrayNode messages = answer.putArray("messages");
    for (QueueClient.Pulled each : pulled) {
      QueueMessage message = each.entry().message();
      ObjectNode told = messages.addObject();
      told.put("lease", each.lease());
      told.put("attempt", each.attempt());
      told.put("until", each.until());
      told.put("position", each.entry().position());
      told.put("key", message.key());
      told.put("type", message.type());
      told.put("orderingKey", message.orderingKey());
      told.put("source", message.source());
      told.put("sentAt", each.entry().appendedAt());
      told.put("contentType", message.contentType().name().toLowerCase(Locale.ROOT));
      body(told, message);
    }
    return answer;
  }

  private static void body(ObjectNode told, QueueMessage message) {
    switch (message.contentType()) {
      case JSON -> {
        try {
          told.set("body", Problem.JSON.readTree(message.payload()));
        } catch (IOException noJson) {
          // A room may have said so of anything.
          told.put("body", new String(message.payload(), StandardCharsets.UTF_8));
        }
      }
      case TEXT -> told.put("body", new String(message.payload(), StandardCharsets.UTF_8));
      case BYTES -> told.put("body", Base64.getEncoder().encodeToString(message.payload()));
    }
  }

  static ObjectNode settled(List<String> leases, List<Settled> became) {
    ObjectNode answer = Problem.JSON.createObjectNode();
    ArrayNode results = answer.putArray("results");
    for (int i = 0; i < leases.size(); i++) {
      ObjectNode result = results.addObject();
      result.put("lease", leases.get(i));
      result.put("became", became.get(i).name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    return answer;
  }
}
