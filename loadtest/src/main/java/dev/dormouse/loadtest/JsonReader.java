package dev.dormouse.loadtest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads JSON (RFC 8259) from the front: objects as [JsonObject], lists, texts, truths, numbers as
/// `Long` or `Double`. A field that is null is left out. Nesting is bounded by the stack alone: not
/// for what strangers send.
final class JsonReader {
  private static final Object NULL = new Object();

  private final String text;
  private int at;

  JsonReader(String text) {
    this.text = text;
  }

  /// @throws IllegalArgumentException unless the whole text is one object
  JsonObject object() {
    Object value = value();
    space();
    if (at < text.length() || !(value instanceof JsonObject object)) {
      throw wrong();
    }
    return object;
  }

  private Object value() {
    space();
    char first = peek();
    return switch (first) {
      case '{' -> fields();
      case '[' -> list();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", NULL);
      default -> number();
    };
  }

  private JsonObject fields() {
    Map<String, Object> fields = new HashMap<>();
    at++;
    space();
    while (peek() != '}') {
      String name = string();
      space();
      expect(':');
      Object value = value();
      if (value != NULL) {
        fields.put(name, value);
      }
      separator('}');
    }
    at++;
    return new JsonObject(fields);
  }

  private List<Object> list() {
    List<Object> list = new ArrayList<>();
    at++;
    space();
    while (peek() != ']') {
      list.add(value());
      separator(']');
    }
    at++;
    return list;
  }

  /// A comma with something behind it, or nothing before `end`.
  private void separator(char end) {
    space();
    if (peek() == ',') {
      at++;
      space();
      if (peek() == end) {
        throw wrong();
      }
    } else if (peek() != end) {
      throw wrong();
    }
  }

  private String string() {
    expect('"');
    StringBuilder string = new StringBuilder();
    while (peek() != '"') {
      char next = text.charAt(at++);
      string.append(next == '\\' ? escaped() : next);
    }
    at++;
    return string.toString();
  }

  private char escaped() {
    char kind = peek();
    at++;
    return switch (kind) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> {
        if (at + 4 > text.length()) {
          throw wrong();
        }
        at += 4;
        yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
      }
      case '"', '\\', '/' -> kind;
      default -> throw wrong();
    };
  }

  private Object number() {
    int start = at;
    while (at < text.length() && "+-0123456789.eE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String digits = text.substring(start, at);
    try {
      return digits.matches("-?[0-9]+")
          ? (Object) Long.valueOf(digits)
          : (Object) Double.valueOf(digits);
    } catch (NumberFormatException e) {
      throw wrong();
    }
  }

  private Object word(String word, Object meaning) {
    if (!text.startsWith(word, at)) {
      throw wrong();
    }
    at += word.length();
    return meaning;
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private void expect(char wanted) {
    if (peek() != wanted) {
      throw wrong();
    }
    at++;
  }

  private char peek() {
    if (at >= text.length()) {
      throw wrong();
    }
    return text.charAt(at);
  }

  private IllegalArgumentException wrong() {
    return new IllegalArgumentException("not JSON at character " + at + " of: " + text);
  }
}
