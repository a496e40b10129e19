package dev.dormouse.loadtest;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Writes maps, lists, texts, and numbers as JSON (RFC 8259), so that this module needs no library.
final class Json {
  private Json() {}

  /// @throws IllegalArgumentException for a value of another kind, and for numbers JSON cannot hold
  static String write(Object value) {
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
      default -> throw new IllegalArgumentException("not for JSON: " + value);
    };
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
