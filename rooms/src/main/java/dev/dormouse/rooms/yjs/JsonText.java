package dev.dormouse.rooms.yjs;

/// Checks that a text is JSON (RFC 8259), without building it.
///
/// Editors parse embeds, format values and awareness states as soon as they arrive and fail on a
/// bad one, each time the document is opened. So a bad one must not get in.
final class JsonText {
  private final ByteReader in;

  /// The byte that is looked at, or -1 at the end.
  private int here;

  private JsonText(ByteReader in) throws MalformedUpdateException {
    this.in = in;
    advance();
  }

  /// Steps over a length-prefixed JSON text.
  static void skip(ByteReader in, YLimits limits) throws MalformedUpdateException {
    check(text(in, limits.jsonBytes()), limits);
  }

  /// Steps over a length-prefixed JSON text, or the bare word `undefined`, which the legacy list
  /// content allows.
  static void skipOrUndefined(ByteReader in, YLimits limits) throws MalformedUpdateException {
    ByteReader text = text(in, limits.jsonBytes());
    if (text.remaining() == 9 && text.bytes()[text.position()] == 'u') {
      new JsonText(text).word("undefined");
      return;
    }
    check(text, limits);
  }

  /// Enters a length-prefixed text of at most `limit` bytes, checked to be UTF-8.
  static ByteReader text(ByteReader in, int limit) throws MalformedUpdateException {
    ByteReader text = in.part();
    if (text.remaining() > limit) {
      throw text.malformed(
          "JSON of " + text.remaining() + " bytes, more than the " + limit + " allowed");
    }
    Utf8.units(text.bytes(), text.position(), text.position() + text.remaining());
    return text;
  }

  /// Refuses `text` unless all of it is one JSON value.
  static void check(ByteReader text, YLimits limits) throws MalformedUpdateException {
    JsonText json = new JsonText(text);
    json.value(limits.nesting());
    json.blanks();
    if (json.here != -1) {
      throw json.bad();
    }
  }

  private void value(int nesting) throws MalformedUpdateException {
    blanks();
    switch (here) {
      case '{' -> object(nesting);
      case '[' -> array(nesting);
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    }
  }

  private void object(int nesting) throws MalformedUpdateException {
    open(nesting);
    if (here == '}') {
      advance();
      return;
    }
    while (true) {
      blanks();
      string();
      blanks();
      expect(':');
      value(nesting - 1);
      blanks();
      if (here == '}') {
        advance();
        return;
      }
      expect(',');
    }
  }

  private void array(int nesting) throws MalformedUpdateException {
    open(nesting);
    if (here == ']') {
      advance();
      return;
    }
    while (true) {
      value(nesting - 1);
      blanks();
      if (here == ']') {
        advance();
        return;
      }
      expect(',');
    }
  }

  private void open(int nesting) throws MalformedUpdateException {
    if (nesting == 0) {
      throw in.malformed("JSON nested too deeply");
    }
    advance();
    blanks();
  }

  private void string() throws MalformedUpdateException {
    expect('"');
    while (here != '"') {
      if (here < 0x20) { // a control character, or -1 at the end
        throw bad();
      }
      if (here == '\\') {
        advance();
        escape();
      } else {
        advance();
      }
    }
    advance();
  }

  private void escape() throws MalformedUpdateException {
    switch (here) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> advance();
      case 'u' -> {
        advance();
        for (int i = 0; i < 4; i++) {
          if (Character.digit(here, 16) < 0) {
            throw bad();
          }
          advance();
        }
      }
      default -> throw bad();
    }
  }

  private void number() throws MalformedUpdateException {
    if (here == '-') {
      advance();
    }
    if (here == '0') {
      advance();
    } else {
      digits();
    }
    if (here == '.') {
      advance();
      digits();
    }
    if (here == 'e' || here == 'E') {
      advance();
      if (here == '+' || here == '-') {
        advance();
      }
      digits();
    }
  }

  private void digits() throws MalformedUpdateException {
    if (here < '0' || here > '9') {
      throw bad();
    }
    while (here >= '0' && here <= '9') {
      advance();
    }
  }

  private void word(String word) throws MalformedUpdateException {
    for (int i = 0; i < word.length(); i++) {
      expect(word.charAt(i));
    }
  }

  private void expect(char wanted) throws MalformedUpdateException {
    if (here != wanted) {
      throw bad();
    }
    advance();
  }

  private void blanks() throws MalformedUpdateException {
    while (here == ' ' || here == '\t' || here == '\n' || here == '\r') {
      advance();
    }
  }

  private void advance() throws MalformedUpdateException {
    here = in.remaining() == 0 ? -1 : in.u8();
  }

  private MalformedUpdateException bad() {
    return in.malformed("text that is not JSON");
  }
}
