package dev.dormouse.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/// The body of a request that has something done: a JSON object with few, known fields. Strict,
/// since a slip of the pen must not skip the wrong step.
///
/// @param json the object
record OrderBody(ObjectNode json) {
  /// How many bytes a body has at most.
  static final int MOST = 16_384;

  private static final int ACTOR_CHARS = 100;
  private static final int TEXT_CHARS = 1_000;

  private static final ObjectReader READER =
      Problem.JSON
          .readerFor(JsonNode.class)
          .with(
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
              DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  /// Reads the request's body; blocks until it is there.
  ///
  /// @param known the fields that may be there
  /// @throws Problem.Found with 400, 413 or 415
  static OrderBody of(Request request, Set<String> known) {
    return of(request, known, MOST);
  }

  /// The same for a body of up to `most` bytes.
  static OrderBody of(Request request, Set<String> known, int most) {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    if (type == null || !isJson(type)) {
      throw Problem.of(
              415, "unsupported-media-type", "an order is sent as application/json with a body")
          .found();
    }
    try (InputStream in = Content.Source.asInputStream(request)) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw Problem.of(413, "too-large", "an order has at most " + most + " bytes").found();
      }
      return of(bytes, known);
    } catch (IOException e) {
      throw Parameters.bad("the request's body could not be read: " + e.getMessage());
    }
  }

  private static boolean isJson(String type) {
    int semicolon = type.indexOf(';');
    String bare = semicolon < 0 ? type : type.substring(0, semicolon);
    return bare.strip().toLowerCase(Locale.ROOT).equals("application/json");
  }

  /// Reads a body's bytes.
  ///
  /// @throws Problem.Found with 400
  static OrderBody of(byte[] bytes, Set<String> known) throws IOException {
    JsonNode node;
    try {
      node = READER.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw Parameters.bad("the body is no JSON: " + e.getOriginalMessage());
    }
    if (!(node instanceof ObjectNode object)) {
      throw Parameters.bad("the body is a JSON object");
    }
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw Parameters.bad(
            "there is no '%s' here; there is %s"
                .formatted(name, String.join(", ", known.stream().sorted().toList())));
      }
    }
    return new OrderBody(object);
  }

  /// Who wants it.
  String actor() {
    return text("actor", ACTOR_CHARS);
  }

  /// A text that must be there.
  String text(String name) {
    return text(name, TEXT_CHARS);
  }

  /// A text that may be missing, and is empty then.
  String optional(String name) {
    JsonNode value = json.get(name);
    return value == null || value.isNull() || (value.isTextual() && value.textValue().isBlank())
        ? ""
        : text(name);
  }

  private String text(String name, int most) {
    JsonNode value = json.get(name);
    String text = value == null || !value.isTextual() ? "" : value.textValue().strip();
    if (text.isEmpty() || text.length() > most || text.chars().anyMatch(Character::isISOControl)) {
      throw Parameters.bad(
          "'%s' is a text of 1 to %,d characters, in one line".formatted(name, most));
    }
    return text;
  }

  /// A text that must be there, in as many lines as it likes, as it is.
  String lines(String name, int most) {
    JsonNode value = json.get(name);
    String text = value == null || !value.isTextual() ? "" : value.textValue();
    if (text.isBlank() || text.length() > most) {
      throw Parameters.bad("'%s' is a text of 1 to %,d characters".formatted(name, most));
    }
    return text;
  }

  /// A truth value that must be there.
  boolean truth(String name) {
    JsonNode value = json.get(name);
    if (value == null || !value.isBoolean()) {
      throw Parameters.bad("'" + name + "' is true or false");
    }
    return value.booleanValue();
  }

  /// A whole number that is not negative; empty if it is missing.
  OptionalLong number(String name) {
    JsonNode value = json.get(name);
    if (value == null || value.isNull()) {
      return OptionalLong.empty();
    }
    if (!value.canConvertToLong() || !value.isIntegralNumber() || value.longValue() < 0) {
      throw Parameters.bad("'" + name + "' is a whole number, not negative");
    }
    return OptionalLong.of(value.longValue());
  }
}
