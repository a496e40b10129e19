package dev.dormouse.loadtest;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Writes maps, lists, texts, numbers, and truths as JSON (RFC 8259), and reads them, so that no
/// library is needed for it.
public final class Json {
  private Json() {}

  /// @throws IllegalArgumentException for a value of another kind, and for numbers JSON cannot hold
  public static String write(Object value) {
    return switch (value) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> quote(String.valueOf(entry.getKey())) + ":" + write(entry.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      case List<?> list ->
          list.stream().map(Json::write).collect(Collectors.joining(",", "[", "]"));
      case String text -> quote(text);
      case Double number when Double.isFinite(number) -> number.toString();
      case Integer number -> number.toString();
      case Long number -> number.toString();
      case Boolean truth -> truth.toString();
      default -> throw new IllegalArgumentException("not for JSON: " + value);
    };
  }

  /// Reads one object.
  ///
  /// @throws IllegalArgumentException if `text` is none
  public static JsonObject object(String text) {
    return new JsonReader(text).object();
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
