package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void what_was_written_is_read_again() {
    String written =
        Json.write(
            Map.of(
                "text",
                "a \"quoted\"\nline \u0001",
                "number",
                -17L,
                "truth",
                true,
                "inner",
                Map.of("list", List.of(Map.of("n", 1L), Map.of("n", 2L)))));

    JsonObject read = Json.object(written);

    assertThat(read.text("text")).isEqualTo("a \"quoted\"\nline \u0001");
    assertThat(read.number("number")).isEqualTo(-17);
    assertThat(read.truth("truth")).isTrue();
    assertThat(read.object("inner").objects("list"))
        .extracting(one -> one.number("n"))
        .containsExactly(1L, 2L);
  }

  @Test
  void a_field_that_is_null_is_not_there() {
    assertThat(Json.object("{\"a\": null, \"b\": [ ], \"c\": 1.5e3}").has("a")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "1",
        "{",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{\"a\":tru}",
        "{\"a\":1}x",
        "{\"a\":\"b}",
        "{\"a\":[1,]}",
        "{\"a\":--1}",
        "{\"a\":\"\\u12\"}"
      })
  void what_is_no_object_is_refused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Json.object(text));
  }

  @Test
  void a_field_of_another_kind_is_refused() {
    JsonObject object = Json.object("{\"a\":\"1\"}");

    assertThatIllegalArgumentException().isThrownBy(() -> object.number("a"));
    assertThatIllegalArgumentException().isThrownBy(() -> object.text("b"));
  }
}
