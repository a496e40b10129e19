package dev.dormouse.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dormouse.server.admin.SagaOrder;
import dev.dormouse.server.admin.Verb;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is read from the body of an order, and what is refused.
class OrderBodyTest {
  private static SagaOrder order(Verb verb, String body) throws IOException {
    return AdminSagaQuery.order(
        OrderBody.of(body.getBytes(UTF_8), AdminSagaQuery.fields(verb)), verb);
  }

  @Nested
  class An_order_to_a_saga {
    @Test
    void says_who_wants_what_and_why() throws IOException {
      assertThat(order(Verb.CANCEL, "{\"actor\":\"ada\",\"note\":\"changed my mind\"}"))
          .isEqualTo(new SagaOrder.Cancel("ada", "changed my mind"));
      assertThat(order(Verb.PAUSE, "{\"actor\":\"ada\"}")).isEqualTo(new SagaOrder.Pause("ada"));
      assertThat(order(Verb.RESUME, "{\"actor\":\"ada\"}")).isEqualTo(new SagaOrder.Resume("ada"));
      assertThat(order(Verb.SKIP, "{\"actor\":\"ada\",\"note\":\"gone\",\"step\":\"car\"}"))
          .isEqualTo(new SagaOrder.Skip("car", "ada", "gone"));
      assertThat(
              order(
                  Verb.RESOLVE,
                  "{\"actor\":\"ada\",\"note\":\"seen\",\"step\":\"car\",\"applied\":false}"))
          .isEqualTo(new SagaOrder.Resolve("car", false, "ada", "seen"));
    }

    @Test
    void may_leave_out_why_it_is_turned_back_or_tried_again() throws IOException {
      assertThat(order(Verb.RETRY, "{\"actor\":\" ada \"}"))
          .isEqualTo(new SagaOrder.Retry("ada", ""));
      assertThat(order(Verb.CANCEL, "{\"actor\":\"ada\",\"note\":\"\"}"))
          .isEqualTo(new SagaOrder.Cancel("ada", ""));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "RETRY   | {}                                                       | actor",
          "RETRY   | {\"actor\":\"  \"}                                       | actor",
          "RETRY   | {\"actor\":7}                                            | actor",
          "RETRY   | {\"actor\":\"a\\nb\"}                                    | actor",
          "RETRY   | {\"actor\":\"ada\",\"note\":7}                           | note",
          "RETRY   | {\"actor\":\"ada\",\"step\":\"car\"}                     | step",
          "PAUSE   | {\"actor\":\"ada\",\"note\":\"x\"}                       | note",
          "SKIP    | {\"actor\":\"ada\",\"step\":\"car\"}                     | note",
          "SKIP    | {\"actor\":\"ada\",\"note\":\"x\"}                       | step",
          "RESOLVE | {\"actor\":\"ada\",\"note\":\"x\",\"step\":\"car\"}      | applied",
          "RESOLVE | {\"actor\":\"a\",\"note\":\"x\",\"step\":\"c\",\"applied\":\"no\"} | applied",
          "RETRY   | [\"ada\"]                                                | object",
          "RETRY   | ``                                                       | object",
          "RETRY   | {\"actor\":\"ada\"} x                                    | JSON",
          "RETRY   | {\"actor\":\"ada\",\"actor\":\"ben\"}                    | JSON",
          "RETRY   | {actor:1}                                                | JSON"
        })
    void is_refused_if_something_is_missing_or_too_much(Verb verb, String body, String about) {
      assertThatExceptionOfType(Problem.Found.class)
          .isThrownBy(() -> order(verb, body))
          .satisfies(found -> {
            assertThat(found.problem().status()).isEqualTo(400);
            assertThat(found.problem().message()).contains(about);
          });
    }

    @Test
    void is_refused_if_it_says_too_much() {
      String tooLong = "x".repeat(1_001);
      assertThatExceptionOfType(Problem.Found.class)
          .isThrownBy(() -> order(Verb.RETRY, "{\"actor\":\"ada\",\"note\":\"" + tooLong + "\"}"));
    }
  }

  @Test
  void a_position_is_a_whole_number_or_missing() throws IOException {
    assertThat(position("{}")).isEmpty();
    assertThat(position("{\"position\":null}")).isEmpty();
    assertThat(position("{\"position\":41}")).hasValue(41);
    for (String wrong : new String[] {"-1", "1.5", "\"41\"", "99999999999999999999", "true"}) {
      assertThatExceptionOfType(Problem.Found.class)
          .as(wrong)
          .isThrownBy(() -> position("{\"position\":" + wrong + "}"));
    }
  }

  private static OptionalLong position(String body) throws IOException {
    return OrderBody.of(body.getBytes(UTF_8), Set.of("position")).number("position");
  }
}
