package dev.dormouse.storage.sql;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A statement that rooms may use, found so by its tokens before SQLite sees it: SQLite's own gate
/// for this, the authorizer, cannot be reached through the driver.
///
/// What is let through can reach nothing but the room's own database, cannot touch the tables in
/// which its keys and alarms lie, and cannot end the turn's transaction. How much it may use is
/// limited elsewhere.
///
/// @param sql its text
/// @param kind what it does
/// @param gathers the function by which it may gather rows in memory that no limit counts; empty if
///   it names none
record Checked(String sql, Kind kind, Optional<String> gathers) {
  /// What a statement does.
  enum Kind {
    /// Changes nothing.
    READ,
    /// Changes rows, if any.
    WRITE,
    /// Changes tables, indexes, views or triggers.
    SHAPE
  }

  /// The longest statement, in UTF-16 units; SQLite has the same limit in bytes.
  static final int LONGEST = 100_000;

  /// What the store's own tables begin with.
  static final String RESERVED = "_dormouse_";

  private static final Set<String> MADE = Set.of("TABLE", "INDEX", "VIEW", "TRIGGER");

  /// Modules of virtual tables: those that keep what they have in this database.
  private static final Set<String> MODULES = Set.of("fts5", "fts5vocab", "rtree", "rtree_i32");

  /// Words that are no keywords of what is allowed, and do harm where they are: quoted they are
  /// names like any other.
  private static final Set<String> WORDS =
      Set.of("pragma", "attach", "detach", "vacuum", "rollback");

  /// Functions and tables that reach out of the database, show its bytes, or take memory that no
  /// limit counts.
  private static final Set<String> NAMES =
      Set.of(
          "load_extension",
          "fts3_tokenizer",
          "fts3tokenize",
          "replicate",
          "padl",
          "padr",
          "padc",
          "strfilter",
          "sqlite_log",
          "dbstat",
          "sqlite_dbpage",
          "sqlite_dbdata",
          "sqlite_dbptr",
          "sqlite_stmt",
          "sqlite_memstat",
          "bytecode",
          "rtreecheck",
          "rtreenode",
          "rtreedepth",
          "offsets",
          "matchinfo",
          "optimize",
          "tables_used",
          "fts5_insttoken",
          "sqlite_temp_master",
          "sqlite_temp_schema");

  /// Aggregates that keep what all rows gave until the last, past SQLite's limit of a value. A room
  /// knows how many rows it has; whoever asks a question can make up as many as he likes.
  private static final Set<String> GATHERING =
      Set.of(
          "json_group_array",
          "json_group_object",
          "jsonb_group_array",
          "jsonb_group_object",
          "percentile",
          "percentile_cont",
          "percentile_disc");

  /// @throws NotAllowed with a sentence for whoever wrote it
  static Checked of(String sql) throws NotAllowed {
    if (sql.length() > LONGEST) {
      throw new NotAllowed("a statement has at most %,d characters".formatted(LONGEST));
    }
    checkCharacters(sql);
    List<Token> tokens = Tokens.of(sql);
    int length = tokens.size();
    while (length > 0 && tokens.get(length - 1).isSign(";")) {
      length--;
    }
    if (length == 0) {
      throw new NotAllowed("there is no statement");
    }
    // A trigger's last statement ends with one too, but behind that comes END.
    tokens = tokens.subList(0, length);
    checkNames(tokens);
    Optional<String> gathers =
        tokens.stream()
            // A text in quotes of its own names no function.
            .filter(token -> token.mayName() && token.kind() != Token.Kind.TEXT)
            .map(Token::folded)
            .filter(GATHERING::contains)
            .findFirst();
    return new Checked(sql, kind(tokens), gathers);
  }

  private static void checkCharacters(String sql) throws NotAllowed {
    for (int i = 0; i < sql.length(); i++) {
      char c = sql.charAt(i);
      if (c == '\0') {
        // SQLite would stop reading there.
        throw new NotAllowed("a statement has no U+0000 in it");
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == sql.length()
            || !Character.isLowSurrogate(sql.charAt(i + 1))) {
          throw new NotAllowed("a statement has half a surrogate pair at " + i);
        }
        i++;
      }
    }
  }

  private static void checkNames(List<Token> tokens) throws NotAllowed {
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (!token.mayName()) {
        continue;
      }
      String name = token.folded();
      if (name.startsWith(RESERVED)) {
        throw new NotAllowed(
            "names that begin with %s are reserved; text that does belongs into a binding"
                .formatted(RESERVED));
      }
      if (isFail(tokens, i)) {
        throw new NotAllowed("FAIL keeps half of what a statement did; use ABORT or IGNORE");
      }
      if (token.kind() == Token.Kind.WORD && WORDS.contains(name)) {
        throw new NotAllowed(name.toUpperCase(Locale.ROOT) + " is not for rooms");
      }
      boolean text = token.kind() == Token.Kind.TEXT;
      if (!text || couldBeTable(tokens, i)) {
        if (name.startsWith("pragma_") || NAMES.contains(name)) {
          throw new NotAllowed("'" + name + "' is not for rooms");
        }
        if (name.equals("temp") && i + 1 < tokens.size() && tokens.get(i + 1).isSign(".")) {
          throw new NotAllowed("a room has no temporary tables");
        }
      }
    }
  }

  /// Whether it says what is done about a conflict: `OR FAIL`, `ON CONFLICT FAIL`, `RAISE(FAIL`.
  private static boolean isFail(List<Token> tokens, int i) {
    if (i == 0 || !tokens.get(i).is("FAIL")) {
      return false;
    }
    Token before = tokens.get(i - 1);
    return before.is("OR")
        || before.is("CONFLICT")
        || (before.isSign("(") && i > 1 && tokens.get(i - 2).is("RAISE"));
  }

  /// Whether text stands where SQLite might take it for the name of a table or function.
  private static boolean couldBeTable(List<Token> tokens, int i) {
    if (i + 1 < tokens.size() && (tokens.get(i + 1).isSign("(") || tokens.get(i + 1).isSign("."))) {
      return true;
    }
    if (i == 0) {
      return false;
    }
    Token before = tokens.get(i - 1);
    return (before.kind() == Token.Kind.WORD && !before.is("THEN") && !before.is("ELSE"))
        || before.isSign(".")
        || before.isSign("=")
        || before.isSign("(")
        || before.isSign(",");
  }

  private static Kind kind(List<Token> tokens) throws NotAllowed {
    Token first = tokens.getFirst();
    String keyword = first.kind() == Token.Kind.WORD ? first.folded() : "";
    if (!(keyword.equals("create") && isTrigger(tokens))) {
      checkSingle(tokens);
    }
    return switch (keyword) {
      case "select", "values" -> Kind.READ;
      case "insert", "replace", "update", "delete" -> Kind.WRITE;
      case "with" -> with(tokens);
      case "create" -> create(tokens);
      case "drop", "alter" -> {
        checkMade(tokens, 1, keyword);
        yield Kind.SHAPE;
      }
      case "explain" -> {
        // EXPLAIN alone lists SQLite's operations, and where its objects lie in memory.
        if (tokens.size() < 3 || !tokens.get(1).is("QUERY") || !tokens.get(2).is("PLAN")) {
          throw new NotAllowed("EXPLAIN is followed by QUERY PLAN");
        }
        List<Token> rest = tokens.subList(3, tokens.size());
        if (rest.isEmpty() || rest.getFirst().is("EXPLAIN")) {
          throw new NotAllowed("there is nothing to explain");
        }
        kind(rest);
        yield Kind.READ;
      }
      default ->
          throw new NotAllowed(
              "a statement of a room begins with SELECT, VALUES, INSERT, REPLACE, UPDATE, DELETE,"
                  + " WITH, CREATE, DROP, ALTER or EXPLAIN QUERY PLAN, not with '"
                  + first.text()
                  + "'");
    };
  }

  private static void checkSingle(List<Token> tokens) throws NotAllowed {
    for (Token token : tokens) {
      if (token.isSign(";")) {
        throw new NotAllowed("one statement at a time");
      }
    }
  }

  /// What follows the common tables: the first word that is one of these, outside of parentheses.
  private static Kind with(List<Token> tokens) throws NotAllowed {
    int depth = 0;
    for (Token token : tokens) {
      if (token.isSign("(")) {
        depth++;
      } else if (token.isSign(")")) {
        depth--;
      } else if (depth == 0 && (token.is("SELECT") || token.is("VALUES"))) {
        return Kind.READ;
      } else if (depth == 0
          && (token.is("INSERT")
              || token.is("REPLACE")
              || token.is("UPDATE")
              || token.is("DELETE"))) {
        return Kind.WRITE;
      }
    }
    throw new NotAllowed("WITH is followed by no statement");
  }

  private static boolean isTrigger(List<Token> tokens) {
    return tokens.size() > 1 && tokens.get(1).is("TRIGGER");
  }

  private static Kind create(List<Token> tokens) throws NotAllowed {
    if (tokens.size() > 1 && (tokens.get(1).is("TEMP") || tokens.get(1).is("TEMPORARY"))) {
      throw new NotAllowed("a room has no temporary tables");
    }
    if (tokens.size() > 1 && tokens.get(1).is("VIRTUAL")) {
      checkModule(tokens);
    } else if (isTrigger(tokens)) {
      checkTrigger(tokens);
    } else {
      int at = tokens.size() > 1 && tokens.get(1).is("UNIQUE") ? 2 : 1;
      checkMade(tokens, at, "create");
    }
    return Kind.SHAPE;
  }

  private static void checkMade(List<Token> tokens, int at, String keyword) throws NotAllowed {
    if (at >= tokens.size()
        || tokens.get(at).kind() != Token.Kind.WORD
        || !MADE.contains(tokens.get(at).text().toUpperCase(Locale.ROOT))) {
      throw new NotAllowed(
          keyword.toUpperCase(Locale.ROOT) + " is followed by TABLE, INDEX, VIEW or TRIGGER");
    }
  }

  private static void checkModule(List<Token> tokens) throws NotAllowed {
    for (int i = 2; i + 1 < tokens.size(); i++) {
      if (tokens.get(i).is("USING")) {
        if (MODULES.contains(tokens.get(i + 1).folded())) {
          return;
        }
        break;
      }
    }
    throw new NotAllowed("virtual tables are made USING one of fts5, fts5vocab, rtree, rtree_i32");
  }

  /// Its statements end with semicolons, and the last is followed by END and nothing else.
  private static void checkTrigger(List<Token> tokens) throws NotAllowed {
    int depth = 0;
    boolean begun = false;
    for (Token token : tokens) {
      if (begun && depth == 0) {
        throw new NotAllowed("one statement at a time");
      }
      if (token.is("BEGIN") && !begun) {
        begun = true;
        depth = 1;
      } else if (begun && token.is("CASE")) {
        depth++;
      } else if (begun && token.is("END")) {
        depth--;
      } else if (!begun && token.isSign(";")) {
        throw new NotAllowed("one statement at a time");
      }
    }
    if (!begun || depth != 0) {
      throw new NotAllowed("a trigger is BEGIN, statements, END");
    }
  }
}
