package dev.dormouse.storage.sql;

import java.util.ArrayList;
import java.util.List;

/// Cuts a statement into tokens by SQLite's own rules. Where SQLite is more lenient than is good,
/// as with text that does not end, it says no: nothing that SQLite would see may be missed here.
final class Tokens {
  private final String sql;
  private int at;

  private Tokens(String sql) {
    this.sql = sql;
  }

  /// @throws NotAllowed if the text is none that SQLite could read
  static List<Token> of(String sql) throws NotAllowed {
    Tokens tokens = new Tokens(sql);
    List<Token> found = new ArrayList<>();
    while (tokens.skipSpace()) {
      found.add(tokens.next());
    }
    return found;
  }

  private char peek(int ahead) {
    return at + ahead < sql.length() ? sql.charAt(at + ahead) : '\0';
  }

  /// Passes over white space and comments; says whether anything is left.
  private boolean skipSpace() throws NotAllowed {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
        at++;
      } else if (c == '-' && peek(1) == '-') {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end;
      } else if (c == '/' && peek(1) == '*') {
        int end = sql.indexOf("*/", at + 2);
        if (end < 0) {
          throw new NotAllowed("a comment does not end");
        }
        at = end + 2;
      } else {
        return true;
      }
    }
    return false;
  }

  private Token next() throws NotAllowed {
    char c = sql.charAt(at);
    return switch (c) {
      case '\'' -> new Token(Token.Kind.TEXT, quoted('\'', "a text"));
      case '"' -> new Token(Token.Kind.NAME, quoted('"', "a name"));
      case '`' -> new Token(Token.Kind.NAME, quoted('`', "a name"));
      case '[' -> bracketed();
      case '?' -> {
        int from = at++;
        while (isDigit(peek(0))) {
          at++;
        }
        yield new Token(Token.Kind.PARAMETER, sql.substring(from, at));
      }
      case ':', '@', '$' -> named();
      case 'x', 'X' -> peek(1) == '\'' ? blob() : word();
      default -> {
        if (isWordStart(c)) {
          yield word();
        }
        yield isDigit(c) || (c == '.' && isDigit(peek(1))) ? number() : sign(c);
      }
    };
  }

  private String quoted(char quote, String what) throws NotAllowed {
    StringBuilder text = new StringBuilder();
    int i = at + 1;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      if (c == quote) {
        if (i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
          i++;
        } else {
          at = i + 1;
          return text.toString();
        }
      }
      text.append(c);
      i++;
    }
    throw new NotAllowed(what + " in quotes does not end");
  }

  private Token bracketed() throws NotAllowed {
    int end = sql.indexOf(']', at);
    if (end < 0) {
      throw new NotAllowed("a name in brackets does not end");
    }
    Token name = new Token(Token.Kind.NAME, sql.substring(at + 1, end));
    at = end + 1;
    return name;
  }

  private Token named() throws NotAllowed {
    int from = at++;
    while (isWordPart(peek(0))) {
      at++;
    }
    if (at == from + 1 || (peek(0) == '(' && sql.charAt(from) == '$')) {
      throw new NotAllowed("'" + sql.charAt(from) + "' is not followed by a parameter's name");
    }
    return new Token(Token.Kind.PARAMETER, sql.substring(from, at));
  }

  private Token blob() throws NotAllowed {
    int end = sql.indexOf('\'', at + 2);
    if (end < 0) {
      throw new NotAllowed("a blob does not end");
    }
    Token blob = new Token(Token.Kind.BLOB, sql.substring(at + 2, end));
    at = end + 1;
    return blob;
  }

  private Token word() {
    int from = at;
    while (isWordPart(peek(0))) {
      at++;
    }
    return new Token(Token.Kind.WORD, sql.substring(from, at));
  }

  /// Letters that follow a number belong to it: SQLite refuses them.
  private Token number() {
    int from = at;
    while (isWordPart(peek(0))
        || peek(0) == '.'
        || ((peek(0) == '+' || peek(0) == '-') && isExponent(from))) {
      at++;
    }
    return new Token(Token.Kind.NUMBER, sql.substring(from, at));
  }

  private boolean isExponent(int from) {
    char before = sql.charAt(at - 1);
    return (before == 'e' || before == 'E')
        && isDigit(peek(1))
        && sql.charAt(from) != 'x'
        && !sql.substring(from, at).toLowerCase(java.util.Locale.ROOT).startsWith("0x");
  }

  private Token sign(char c) throws NotAllowed {
    if ("+-*/%=<>!|&~(),;.".indexOf(c) < 0) {
      throw new NotAllowed("the character U+%04X has no place in a statement".formatted((int) c));
    }
    at++;
    return new Token(Token.Kind.SIGN, String.valueOf(c));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /// All beyond ASCII are letters to SQLite, but the byte order mark, which it takes for space.
  private static boolean isWordStart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '_'
        || (c >= 0x80 && c != '\uFEFF');
  }

  private static boolean isWordPart(char c) {
    return isWordStart(c) || isDigit(c) || c == '$';
  }
}
