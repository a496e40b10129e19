package dev.dormouse.storage.sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.sqlite.Function;

/// `LIKE` and `GLOB`, which in SQLite take a second for one look at a megabyte and let nobody stop
/// them. These ask now and then whether to go on. What they say is the same.
final class Like extends Function {
  /// As SQLite's own limit is set for rooms, in UTF-16 units.
  private static final int LONGEST_PATTERN = 50;

  /// How many comparisons are made between two questions whether to go on.
  private static final int TOGETHER = 1 << 16;

  private final boolean glob;
  private final BooleanSupplier spent;

  // The pattern that was used last; of the thread that works on the file.
  private String pattern = "";
  private int escape = -1;
  private List<Piece> pieces = List.of();

  /// @param glob whether it is `GLOB`
  /// @param spent whether the statement has used up what it may
  Like(boolean glob, BooleanSupplier spent) {
    this.glob = glob;
    this.spent = spent;
  }

  /// What one character, or any number of them, is compared with.
  private sealed interface Piece {
    /// Any characters, or none.
    record Many() implements Piece {}

    /// Any one.
    record One() implements Piece {}

    /// This one.
    record Same(int character) implements Piece {}

    /// One of these pairs of first and last, or none of them.
    record Among(List<Integer> ranges, boolean inside) implements Piece {}
  }

  @Override
  protected void xFunc() throws SQLException {
    String wanted = value_text(0);
    String text = value_text(1);
    int escapes = -1;
    if (args() == 3) {
      String given = value_text(2);
      if (given == null) {
        result();
        return;
      }
      if (given.codePointCount(0, given.length()) != 1) {
        error("ESCAPE expression must be a single character");
        return;
      }
      escapes = given.codePointAt(0);
    }
    if (wanted == null || text == null) {
      result();
    } else if (wanted.length() > LONGEST_PATTERN) {
      error("LIKE or GLOB pattern too complex");
    } else {
      compile(wanted, escapes);
      match(text);
    }
  }

  private void compile(String wanted, int escapes) {
    if (!wanted.equals(pattern) || escapes != escape) {
      pieces = glob ? globbed(wanted) : liked(wanted, escapes);
      pattern = wanted;
      escape = escapes;
    }
  }

  /// What no character is.
  private static final Piece NEVER = new Piece.Among(List.of(), true);

  private static List<Piece> liked(String wanted, int escapes) {
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < wanted.length(); ) {
      int c = wanted.codePointAt(i);
      i += Character.charCount(c);
      if (c == escapes) {
        if (i == wanted.length()) {
          pieces.add(NEVER);
          break;
        }
        c = wanted.codePointAt(i);
        i += Character.charCount(c);
        pieces.add(new Piece.Same(folded(c)));
      } else if (c == '%') {
        pieces.add(new Piece.Many());
      } else {
        pieces.add(c == '_' ? new Piece.One() : new Piece.Same(folded(c)));
      }
    }
    return pieces;
  }

  private static List<Piece> globbed(String wanted) {
    int[] all = wanted.codePoints().toArray();
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < all.length; i++) {
      if (all[i] == '*') {
        pieces.add(new Piece.Many());
      } else if (all[i] == '?') {
        pieces.add(new Piece.One());
      } else if (all[i] == '[') {
        i = among(all, i + 1, pieces);
      } else {
        pieces.add(new Piece.Same(all[i]));
      }
    }
    return pieces;
  }

  /// Reads what is between brackets; returns where they close.
  private static int among(int[] all, int from, List<Piece> pieces) {
    int at = from;
    boolean inside = at == all.length || all[at] != '^';
    if (!inside) {
      at++;
    }
    List<Integer> ranges = new ArrayList<>();
    if (at < all.length && all[at] == ']') {
      ranges.addAll(List.of(all[at], all[at]));
      at++;
    }
    int before = 0;
    for (; at < all.length && all[at] != ']'; at++) {
      if (all[at] == '-' && before > 0 && at + 1 < all.length && all[at + 1] != ']') {
        at++;
        ranges.addAll(List.of(before, all[at]));
        before = 0;
      } else {
        before = all[at];
        ranges.addAll(List.of(before, before));
      }
    }
    pieces.add(at == all.length ? NEVER : new Piece.Among(List.copyOf(ranges), inside));
    return at;
  }

  private static int folded(int c) {
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
  }

  private boolean is(Piece piece, int c) {
    return switch (piece) {
      case Piece.Many _ -> false;
      case Piece.One _ -> true;
      case Piece.Same(int character) -> character == (glob ? c : folded(c));
      case Piece.Among(List<Integer> ranges, boolean inside) -> {
        boolean found = false;
        for (int i = 0; i < ranges.size() && !found; i += 2) {
          found = c >= ranges.get(i) && c <= ranges.get(i + 1);
        }
        yield found == inside;
      }
    };
  }

  /// Where a piece that takes any number has to take one more, the search goes on from there: no
  /// earlier one can do better.
  private void match(String text) throws SQLException {
    int at = 0;
    int piece = 0;
    int many = -1;
    int resume = 0;
    for (long compared = 1; at < text.length(); compared++) {
      if (compared % TOGETHER == 0 && spent.getAsBoolean()) {
        error(Functions.TOO_LONG);
        return;
      }
      int c = text.codePointAt(at);
      Piece now = piece < pieces.size() ? pieces.get(piece) : null;
      if (now instanceof Piece.Many) {
        many = piece++;
        resume = at;
      } else if (now != null && is(now, c)) {
        piece++;
        at += Character.charCount(c);
      } else if (many >= 0) {
        piece = many + 1;
        resume += Character.charCount(text.codePointAt(resume));
        at = resume;
      } else {
        result(0);
        return;
      }
    }
    while (piece < pieces.size() && pieces.get(piece) instanceof Piece.Many) {
      piece++;
    }
    result(piece == pieces.size() ? 1 : 0);
  }
}
