package dev.dormouse.saga.engine;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// One flat JSON object: names with texts, whole numbers and truths. That is all the engine's rows
/// need, and it reads in any tool.
final class FlatJson {
  private final Map<String, Object> fields = new LinkedHashMap<>();

  FlatJson put(String name, String value) {
    fields.put(name, value);
    return this;
  }

  FlatJson put(String name, long value) {
    fields.put(name, value);
    return this;
  }

  FlatJson put(String name, boolean value) {
    fields.put(name, value);
    return this;
  }

  /// @throws IllegalArgumentException if there is no such text; likewise the others
  String text(String name) {
    return field(name, String.class);
  }

  Set<String> names() {
    return Collections.unmodifiableSet(fields.keySet());
  }

  boolean has(String name) {
    return fields.containsKey(name);
  }

  long number(String name) {
    return field(name, Long.class);
  }

  /// @param absent what it counts as if there is none
  long number(String name, long absent) {
    return has(name) ? number(name) : absent;
  }

  int count(String name) {
    return Math.toIntExact(number(name));
  }

  boolean truth(String name) {
    return field(name, Boolean.class);
  }

  private <T> T field(String name, Class<T> type) {
    Object value = fields.get(name);
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          "a saga's row has no " + type.getSimpleName() + " '" + name + "' but " + value);
    }
    return type.cast(value);
  }

  byte[] bytes() {
    StringBuilder text = new StringBuilder("{");
    fields.forEach((name, value) -> {
      if (text.length() > 1) {
        text.append(',');
      }
      quote(name, text);
      text.append(':');
      if (value instanceof String string) {
        quote(string, text);
      } else {
        text.append(value);
      }
    });
    return text.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void quote(String string, StringBuilder text) {
    text.append('"');
    if (isPlain(string)) {
      text.append(string).append('"');
      return;
    }
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < 0x20 || Character.isSurrogate(c)) {
        // A lone surrogate would not survive UTF-8.
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }

  private static boolean isPlain(String string) {
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c == '"' || c == '\\' || c < 0x20 || Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  /// Reads [#bytes], or the same with other spaces.
  ///
  /// @throws IllegalArgumentException if it is something else
  static FlatJson parse(byte[] bytes) {
    return new FlatJsonReader(new String(bytes, StandardCharsets.UTF_8)).object();
  }
}
