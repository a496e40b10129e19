package dev.dormouse.storage.sql;

import java.util.Locale;

/// A piece of a statement, cut where SQLite cuts.
///
/// @param kind what it is
/// @param text a word as it was written, a quoted name or text without its quotes, a sign otherwise
record Token(Kind kind, String text) {
  /// What a token can be.
  enum Kind {
    /// A keyword or a name without quotes.
    WORD,
    /// A name in double quotes, back quotes or brackets. SQLite takes it for text where no such
    /// name is.
    NAME,
    /// Text in single quotes. SQLite takes it for a name where only a name can stand.
    TEXT,
    NUMBER,
    BLOB,
    PARAMETER,
    SIGN
  }

  /// Whether it is this keyword; upper case.
  boolean is(String keyword) {
    return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
  }

  boolean isSign(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }

  /// Whether SQLite might take it for a name.
  boolean mayName() {
    return kind == Kind.WORD || kind == Kind.NAME || kind == Kind.TEXT;
  }

  /// As SQLite compares names.
  String folded() {
    return text.toLowerCase(Locale.ROOT);
  }
}
