package dev.dormouse.storage.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;

/// Functions that whoever writes statements could do harm with: a statement's limits are looked at
/// between SQLite's operations, and one call of a function is one operation.
///
/// Those here take time by the product of their arguments' lengths in SQLite, hours for a few
/// megabytes, or memory without end. The ones that the driver adds build trees by recursion, which
/// ends the process if there are rows enough. What replaces them asks whether the statement may go
/// on: between operations that are no jumps SQLite does not.
final class Functions {
  /// With the number of arguments: what the driver adds; what looks for each key of one object in
  /// the other; what indents by as much as it is told.
  private static final List<Unwanted> UNWANTED =
      List.of(
          new Unwanted("lower_quartile", 1),
          new Unwanted("upper_quartile", 1),
          new Unwanted("median", 1),
          new Unwanted("mode", 1),
          new Unwanted("charindex", 2),
          new Unwanted("charindex", 3),
          new Unwanted("json_patch", 2),
          new Unwanted("jsonb_patch", 2),
          new Unwanted("json_pretty", 1),
          new Unwanted("json_pretty", 2));

  /// How many comparisons a search may take at worst: some tenths of a second.
  private static final long MOST_STEPS = 1_000_000_000;

  /// `SQLITE_INNOCUOUS`: views and triggers may use them although the schema is not trusted.
  private static final int INNOCUOUS = 0x200000;

  /// With the encoding that the driver says this is `SQLITE_ANY`: in place of what has that name in
  /// any.
  private static final int ANY_ENCODING = 1;

  /// What a statement is told that has used up its time.
  static final String TOO_LONG = "the statement takes more time than it may";

  private record Unwanted(String name, int arguments) {}

  private Functions() {}

  /// Makes a connection safe from them.
  ///
  /// @param spent whether the statement at work has used up what it may
  static void tame(Connection connection, BooleanSupplier spent) throws SQLException {
    int flags = Function.FLAG_DETERMINISTIC | INNOCUOUS | ANY_ENCODING;
    for (Unwanted unwanted : UNWANTED) {
      String name = unwanted.name();
      Function.create(connection, name, new NotHere(name), unwanted.arguments(), flags);
    }
    Function.create(connection, "trim", new Trim(true, true, spent), 2, flags);
    Function.create(connection, "ltrim", new Trim(true, false, spent), 2, flags);
    Function.create(connection, "rtrim", new Trim(false, true, spent), 2, flags);
    Function.create(connection, "instr", new Instr(spent), 2, flags);
    Function.create(connection, "replace", new Replace(spent), 3, flags);
    Function.create(connection, "like", new Like(false, spent), 2, flags);
    Function.create(connection, "like", new Like(false, spent), 3, flags);
    Function.create(connection, "glob", new Like(true, spent), 2, flags);
    Function.create(connection, "unhex", new NotHere("unhex(x, y)"), 2, flags);
  }

  private abstract static class Texts extends Function {
    private final BooleanSupplier spent;

    Texts(BooleanSupplier spent) {
      this.spent = spent;
    }

    @Override
    protected final void xFunc() throws SQLException {
      if (spent.getAsBoolean()) {
        error(TOO_LONG);
      } else {
        call();
      }
    }

    abstract void call() throws SQLException;

    /// An argument as text; null if it is NULL.
    final @Nullable String text(int argument) throws SQLException {
      return value_text(argument);
    }

    /// Says that a search would take too long; whether it would.
    final boolean isTooMuch(int length, int wanted) throws SQLException {
      boolean tooMuch = (long) length * wanted > MOST_STEPS;
      if (tooMuch) {
        error("what is searched for is too long, and what it is searched in");
      }
      return tooMuch;
    }
  }

  /// Takes characters of the second argument from the ends of the first.
  private static final class Trim extends Texts {
    private final boolean left;
    private final boolean right;

    Trim(boolean left, boolean right, BooleanSupplier spent) {
      super(spent);
      this.left = left;
      this.right = right;
    }

    @Override
    void call() throws SQLException {
      String text = text(0);
      String set = text(1);
      if (text == null || set == null) {
        result();
        return;
      }
      Set<Integer> gone = set.codePoints().boxed().collect(Collectors.toSet());
      int from = 0;
      int to = text.length();
      while (left && from < to && gone.contains(text.codePointAt(from))) {
        from += Character.charCount(text.codePointAt(from));
      }
      while (right && to > from && gone.contains(text.codePointBefore(to))) {
        to -= Character.charCount(text.codePointBefore(to));
      }
      result(text.substring(from, to));
    }
  }

  /// Where the second argument begins in the first, from 1: in bytes if both are blobs, else in
  /// characters; 0 if it is not there.
  private static final class Instr extends Texts {
    private static final int BLOB = 4;

    Instr(BooleanSupplier spent) {
      super(spent);
    }

    @Override
    void call() throws SQLException {
      if (value_type(0) == BLOB && value_type(1) == BLOB) {
        bytes(value_blob(0), value_blob(1));
        return;
      }
      String text = text(0);
      String wanted = text(1);
      if (text == null || wanted == null) {
        result();
      } else if (!isTooMuch(text.length(), wanted.length())) {
        int at = text.indexOf(wanted);
        result(at < 0 ? 0 : text.codePointCount(0, at) + 1);
      }
    }

    /// The driver gives null for an empty blob.
    private void bytes(byte @Nullable [] in, byte @Nullable [] wanted) throws SQLException {
      int length = in == null ? 0 : in.length;
      int wants = wanted == null ? 0 : wanted.length;
      if (isTooMuch(length, wants)) {
        return;
      }
      for (int at = 0; at + wants <= length; at++) {
        if (in == null || wanted == null || Arrays.equals(in, at, at + wants, wanted, 0, wants)) {
          result(at + 1);
          return;
        }
      }
      result(0);
    }
  }

  /// Puts the third argument where the second is in the first.
  private static final class Replace extends Texts {
    /// SQLite's own limit is lower, and looked at when it gets the result.
    private static final long MOST_LENGTH = 16 << 20;

    Replace(BooleanSupplier spent) {
      super(spent);
    }

    @Override
    void call() throws SQLException {
      String text = text(0);
      String wanted = text(1);
      String instead = text(2);
      if (text == null || wanted == null || instead == null) {
        result();
      } else if (wanted.isEmpty()) {
        result(text);
      } else if (!isTooMuch(text.length(), wanted.length())) {
        long most = text.length() + (long) (text.length() / wanted.length()) * instead.length();
        if (most > MOST_LENGTH && length(text, wanted, instead) > MOST_LENGTH) {
          error("string or blob too big");
        } else {
          result(text.replace(wanted, instead));
        }
      }
    }

    private static long length(String text, String wanted, String instead) {
      long length = text.length();
      for (int at = text.indexOf(wanted);
          at >= 0;
          at = text.indexOf(wanted, at + wanted.length())) {
        length += instead.length() - wanted.length();
      }
      return length;
    }
  }

  /// Refuses to be called.
  private static final class NotHere extends Function {
    private final String what;

    NotHere(String what) {
      this.what = what;
    }

    @Override
    protected void xFunc() throws SQLException {
      error(what + " is not for rooms");
    }
  }
}
