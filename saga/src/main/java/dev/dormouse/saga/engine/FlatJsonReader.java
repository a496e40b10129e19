package dev.dormouse.saga.engine;

/// Reads one flat JSON object; used once.
final class FlatJsonReader {
  private final String text;
  private final boolean plain;
  private int at;

  FlatJsonReader(String text) {
    this.text = text;
    plain = text.indexOf('\\') < 0;
  }

  FlatJson object() {
    FlatJson object = new FlatJson();
    expect('{');
    if (next() != '}') {
      do {
        String name = string();
        expect(':');
        value(object, name);
      } while (taken(','));
    }
    expect('}');
    if (next() != 0) {
      throw wrong("the end");
    }
    return object;
  }

  private void value(FlatJson object, String name) {
    char c = next();
    if (c == '"') {
      object.put(name, string());
    } else if (c == 't' || c == 'f') {
      String word = c == 't' ? "true" : "false";
      if (!text.startsWith(word, at)) {
        throw wrong(word);
      }
      at += word.length();
      object.put(name, c == 't');
    } else {
      int from = at;
      while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '-')) {
        at++;
      }
      if (at == from) {
        throw wrong("a text, a whole number, true or false");
      }
      object.put(name, Long.parseLong(text.substring(from, at)));
    }
  }

  private String string() {
    expect('"');
    int end = text.indexOf('"', at);
    if (plain && end >= 0) {
      String whole = text.substring(at, end);
      at = end + 1;
      return whole;
    }
    StringBuilder string = new StringBuilder();
    while (true) {
      char c = raw();
      if (c == '"') {
        return string.toString();
      }
      string.append(c == '\\' ? escaped() : c);
    }
  }

  private char escaped() {
    char c = raw();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        if (at + 4 > text.length()) {
          throw wrong("four digits");
        }
        at += 4;
        yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
      }
      default -> throw wrong("an escape");
    };
  }

  private char raw() {
    if (at == text.length()) {
      throw wrong("more");
    }
    return text.charAt(at++);
  }

  /// The next character that is no space, not taken; 0 at the end.
  private char next() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private boolean taken(char c) {
    boolean here = next() == c;
    at += here ? 1 : 0;
    return here;
  }

  private void expect(char c) {
    if (!taken(c)) {
      throw wrong("'" + c + "'");
    }
  }

  private IllegalArgumentException wrong(String expected) {
    return new IllegalArgumentException(
        "a saga's row is damaged: " + expected + " expected at " + at + " of " + text);
  }
}
