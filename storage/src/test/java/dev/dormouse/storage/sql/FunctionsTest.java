package dev.dormouse.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dormouse.room.SqlFailure.Kind;
import dev.dormouse.room.spi.SqlTurn;
import dev.dormouse.storage.Sqlite;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each function that SQLite comes with has been looked at: it is harmless, or ours, or not for
/// rooms (S4). One that a new version brings fails here until somebody has.
class FunctionsTest extends WithSqlStore {
  /// One call takes at most some time by the length of its arguments, or of what it gives, which
  /// SQLite limits; and for its rows, of which each is a step.
  private static final String HARMLESS =
      """
      -> ->> abs acos acosh asin asinh atan atan2 atanh atn2 avg bm25 ceil ceiling changes char
      coalesce concat concat_ws cos cosh cot coth count cume_dist current_date current_time
      current_timestamp date datetime degrees dense_rank difference exp first_value floor format
      fts5 fts5_get_locale fts5_locale fts5_source_id group_concat hex highlight if ifnull iif json
      json_array json_array_insert json_array_length json_error_position json_extract
      json_group_array json_group_object json_insert json_object json_quote json_remove json_replace
      json_set json_type json_valid jsonb jsonb_array jsonb_array_insert jsonb_extract
      jsonb_group_array jsonb_group_object jsonb_insert jsonb_object jsonb_remove jsonb_replace
      jsonb_set julianday lag last_insert_rowid last_value lead leftstr length likelihood likely ln
      log log10 log2 lower ltrim/1 match max min mod nth_value ntile nullif octet_length
      percent_rank percentile percentile_cont percentile_disc pi pow power printf proper quote
      radians random randomblob rank reverse rightstr round row_number rtrim/1 sign sin sinh snippet
      sqlite_compileoption_get sqlite_compileoption_used sqlite_source_id sqlite_version sqrt square
      stdev strftime string_agg substr substring subtype sum tan tanh time timediff total
      total_changes trim/1 trunc typeof unhex/1 unicode unistr unistr_quote unixepoch unlikely upper
      variance zeroblob
      """;

  /// Ours, which ask whether the statement may go on.
  private static final String OURS = "glob instr like ltrim/2 replace rtrim/2 trim/2";

  /// Calls of what is refused; those without an argument here by name alone.
  private static final String REFUSED =
      """
      charindex/2 charindex/3 fts3_tokenizer fts5_insttoken json_patch json_pretty jsonb_patch
      load_extension lower_quartile matchinfo median mode offsets optimize padc padl padr replicate
      rtreecheck rtreedepth rtreenode sqlite_log strfilter unhex/2 upper_quartile
      """;

  private static Set<String> words(String text) {
    return new HashSet<>(Arrays.asList(text.strip().split("\\s+")));
  }

  @Test
  void S4_every_function_is_known_to_be_harmless_or_bounded(@TempDir Path other) throws Exception {
    Set<String> known = words(HARMLESS + " " + OURS + " " + REFUSED);
    Set<String> unknown = new HashSet<>();
    try (Connection connection = Sqlite.connect(other.resolve("any.db"));
        ResultSet row =
            connection
                .createStatement()
                .executeQuery("SELECT name, narg FROM pragma_function_list")) {
      while (row.next()) {
        String name = row.getString(1);
        if (!known.contains(name) && !known.contains(name + "/" + row.getInt(2))) {
          unknown.add(name + "/" + row.getInt(2));
        }
      }
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void S4_what_is_refused_cannot_be_called_with_any_number_of_arguments() {
    SqlTurn turn = store.sqlTurn(A);
    for (String each : words(REFUSED)) {
      String name = each.replaceAll("/.*", "");
      for (int count = 1; count <= 3; count++) {
        if (each.contains("/") && !each.endsWith("/" + count)) {
          continue;
        }
        String call = "SELECT %s('[1]'%s)".formatted(name, ", '[1]'".repeat(count - 1));
        assertThat(failure(turn, call).kind()).as(call).isIn(Kind.WRONG, Kind.NOT_ALLOWED);
      }
    }
    turn.end();
  }

  @Test
  void S4_two_objects_are_not_compared_key_by_key() {
    SqlTurn turn = store.sqlTurn(A);
    assertThat(failure(turn, "SELECT json_patch('{\"a\":1}', '{\"b\":1}')"))
        .hasMessageContaining("not for rooms");
    assertThat(failure(turn, "SELECT jsonb_patch('{\"a\":1}', '{\"b\":1}')"))
        .hasMessageContaining("not for rooms");
    turn.end();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'abc' LIKE 'abc'",
        "'aBc' LIKE 'AbC'",
        "'Ä' LIKE 'ä'",
        "'abc' LIKE 'a%'",
        "'abc' LIKE '%c'",
        "'abc' LIKE '%b%'",
        "'abc' LIKE '_b_'",
        "'abc' LIKE '_'",
        "'' LIKE ''",
        "'' LIKE '%'",
        "'a' LIKE ''",
        "'abab' LIKE '%ab'",
        "'aab' LIKE '%ab%'",
        "'a%c' LIKE 'a!%c' ESCAPE '!'",
        "'abc' LIKE 'a!%c' ESCAPE '!'",
        "'abc' LIKE 'abc!' ESCAPE '!'",
        "'a%' LIKE 'a%%' ESCAPE '%'",
        "'🐭x' LIKE '_x'",
        "123 LIKE '1%'",
        "NULL LIKE '%'",
        "'x' LIKE NULL",
        "'x' LIKE 'x' ESCAPE NULL",
        "'x' NOT LIKE 'y'",
        "'abc' GLOB 'a*'",
        "'abc' GLOB 'A*'",
        "'abc' GLOB 'a?c'",
        "'abc' GLOB '[a-c]b[^d]'",
        "'abc' GLOB '[^a]bc'",
        "']bc' GLOB '[]]bc'",
        "'-' GLOB '[a-]'",
        "'b' GLOB '[a-c-e]'",
        "'d' GLOB '[a-c-e]'",
        "'-' GLOB '[a-c-e]'",
        "'^' GLOB '[a^]'",
        "'a' GLOB '[a'",
        "'[' GLOB '[[]'",
        "'xaab' GLOB '*[a][a]b'",
        "'aXbXc' GLOB 'a*b*d'",
        "'aXbXc' GLOB 'a*b*c'",
        "'' GLOB '[]'",
      })
  void S4_patterns_say_what_those_of_sqlite_say(String question) throws Exception {
    try (Connection connection = Sqlite.connect(folder.resolve("plain.db"));
        ResultSet row = connection.createStatement().executeQuery("SELECT " + question)) {
      assertThat(row.next()).isTrue();
      Object said = row.getObject(1);
      assertThat(column(A, "SELECT " + question))
          .containsExactly(said == null ? null : ((Number) said).longValue());
    }
  }

  @Test
  void S4_patterns_of_random_pieces_say_what_those_of_sqlite_say() throws Exception {
    long seed = Long.getLong("dormouse.seed", System.nanoTime());
    Random random = new Random(seed);
    String[] pieces = {
      "a", "b", "A", "%", "_", "*", "?", "[ab]", "[^a]", "[a-", "]", "-", "🐭", "!"
    };
    SqlTurn turn = store.sqlTurn(A);
    try (Connection connection = Sqlite.connect(folder.resolve("plain.db"))) {
      for (int i = 0; i < 2_000; i++) {
        String text = some(random, pieces);
        String pattern = some(random, pieces);
        String sql = "SELECT ?1 LIKE ?2, ?1 GLOB ?2, ?1 LIKE ?2 ESCAPE '!'";
        try (var statement = connection.prepareStatement(sql)) {
          statement.setString(1, text);
          statement.setString(2, pattern);
          try (ResultSet row = statement.executeQuery()) {
            assertThat(exec(turn, sql, text, pattern).rows().getFirst())
                .as("seed %d: '%s' and '%s'", seed, text, pattern)
                .containsExactly(row.getLong(1), row.getLong(2), row.getLong(3));
          }
        }
      }
    }
    turn.end();
  }

  private static String some(Random random, String[] pieces) {
    StringBuilder all = new StringBuilder();
    for (int left = random.nextInt(8); left > 0; left--) {
      all.append(pieces[random.nextInt(pieces.length)]);
    }
    return all.toString();
  }

  /// Between two jumps of its program nothing else stops SQLite, where `LIKE` takes half a second
  /// for two megabytes.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "hex(zeroblob(100000)) LIKE '%000000000000000000000000000000000000000000000001'",
        "hex(zeroblob(100000)) GLOB '*[1234567890][1234567890][1234567890]x'",
        "trim('xx', 'x')",
        "instr('xx', 'x')",
        "replace('xx', 'x', 'y')",
      })
  void S4_ours_are_broken_off_when_the_statement_has_used_its_time(String call) throws Exception {
    try (Connection connection = Sqlite.connect(folder.resolve("plain.db"))) {
      Functions.tame(connection, () -> true);
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> RoomFile.execute(connection, "CREATE TABLE t AS SELECT " + call))
          .withMessageContaining(Functions.TOO_LONG);
    }
  }

  @Test
  void S4_patterns_that_look_at_much_are_broken_off() throws Exception {
    reopen(SqlSettings.defaults().withStatement(Long.MAX_VALUE / 2, Duration.ofMillis(200)));
    SqlTurn turn = store.sqlTurn(A);
    String one = "hex(zeroblob(1000000)) LIKE '%" + "0".repeat(47) + "1'";
    assertThat(failure(turn, "SELECT " + one + (", " + one).repeat(90)).kind())
        .isEqualTo(Kind.OVER_LIMIT);
    turn.abandon();
  }
}
