package dev.dormouse.rooms.yjs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        " false\n",
        "0",
        "-0",
        "12",
        "-1.5",
        "1e9",
        "1E-2",
        "2.5e+10",
        "\"\"",
        "\"é🐭\\n\\u00e9\\\"\"",
        "\"\\ud83d\"",
        "[]",
        "[ ]",
        "[1,[2,{}]]",
        "{}",
        "{ }",
        "{\"a\":1,\"a\":[null]}",
        " { \"b\" : [ 1 , 2 ] } "
      })
  void what_JSON_parse_takes_is_taken(String text) {
    assertThatCode(() -> check(text)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "nul",
        "nulll",
        "undefined",
        "NaN",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "--1",
        "'a'",
        "\"",
        "\"\\x\"",
        "\"\\u00g0\"",
        "\"\n\"",
        "[",
        "[1,]",
        "[,]",
        "[1 2]",
        "]",
        "{",
        "{a:1}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "1 2",
        "{}{}",
        "\uFEFF1"
      })
  void what_JSON_parse_refuses_is_refused(String text) {
    assertThatExceptionOfType(MalformedUpdateException.class)
        .isThrownBy(() -> check(text))
        .withMessageContaining("not JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":"})
  void too_many_levels_are_refused_without_recursing_into_them(String opening) {
    assertThatExceptionOfType(MalformedUpdateException.class)
        .isThrownBy(() -> check(opening.repeat(100_000)))
        .withMessageContaining("nested too deeply");
  }

  private static void check(String text) throws MalformedUpdateException {
    JsonText.check(new ByteReader(text.getBytes(UTF_8)), YLimits.defaults());
  }
}
