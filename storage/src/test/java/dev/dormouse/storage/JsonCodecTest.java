package dev.dormouse.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class JsonCodecTest {
  private final JsonCodec codec = new JsonCodec();

  record Order(
      String sku,
      long quantity,
      Optional<String> note,
      Instant at,
      Duration within,
      LocalDate day,
      List<Line> lines) {}

  record Line(@Nullable String what, double price) {}

  record Nothing() {}

  /// A shape that has a list in it, as a type for [JsonCodec#decode].
  record Lists(List<Line> lines) {}

  private String json(@Nullable Object value) {
    return new String(codec.encode(value), UTF_8);
  }

  private @Nullable Object decode(String json, Type type) {
    return codec.decode(json.getBytes(UTF_8), type);
  }

  @Nested
  class When_an_object_goes_out_and_in {

    @Test
    void a_record_comes_back_equal() {
      Order order =
          new Order(
              "tea",
              Long.MAX_VALUE,
              Optional.empty(),
              Instant.parse("2031-05-06T07:08:09.123456789Z"),
              Duration.ofMillis(1_500),
              LocalDate.of(2031, 5, 6),
              List.of(new Line("grün", 0.1)));

      assertThat(codec.decode(codec.encode(order), Order.class)).isEqualTo(order);
    }

    @Test
    void times_are_ISO_text() {
      assertThat(json(Instant.EPOCH)).isEqualTo("\"1970-01-01T00:00:00Z\"");
      assertThat(json(Duration.ofSeconds(90))).isEqualTo("\"PT1M30S\"");
    }

    @Test
    void a_time_keeps_its_zone() {
      ZonedDateTime time = ZonedDateTime.parse("2031-05-06T07:08:09+02:00");

      assertThat(codec.decode(codec.encode(time), ZonedDateTime.class)).isEqualTo(time);
    }

    @Test
    void optionals_are_their_value_or_null() {
      assertThat(json(Optional.of("a"))).isEqualTo("\"a\"");
      assertThat(json(Optional.empty())).isEqualTo("null");
    }

    @Test
    void null_and_an_empty_record_have_a_form() {
      assertThat(json(null)).isEqualTo("null");
      assertThat(decode("null", String.class)).isNull();
      assertThat(decode(json(new Nothing()), Nothing.class)).isEqualTo(new Nothing());
    }

    @Test
    void generic_types_are_kept() throws Exception {
      Type lines = Lists.class.getRecordComponents()[0].getGenericType();

      assertThat(decode("[{\"what\":\"a\",\"price\":1}]", lines))
          .isEqualTo(List.of(new Line("a", 1)));
    }

    @Test
    void equal_maps_give_equal_bytes() {
      Map<String, Integer> one = new HashMap<>();
      Map<String, Integer> two = new HashMap<>(1_000);
      for (int i = 0; i < 100; i++) {
        one.put("k" + i, i);
        two.put("k" + (99 - i), 99 - i);
      }

      assertThat(codec.encode(one)).isEqualTo(codec.encode(two));
    }
  }

  @Nested
  class When_stored_bytes_do_not_fit_the_type {

    @Test
    void a_property_that_the_type_does_not_have_is_left_out() {
      assertThat(decode("{\"what\":\"a\",\"price\":1,\"added later\":{}}", Line.class))
          .isEqualTo(new Line("a", 1));
    }

    @Test
    void a_missing_property_is_null_or_zero() {
      assertThat(decode("{}", Line.class)).isEqualTo(new Line(null, 0));
    }

    @Test
    void what_is_not_JSON_is_refused_with_the_type_s_name() {
      for (String bad :
          new String[] {"", "{", "{\"what\":\"a\"", "tea", "{} {}", "[1]", "\u0000"}) {
        assertThatIllegalArgumentException()
            .as(bad)
            .isThrownBy(() -> decode(bad, Line.class))
            .withMessageContaining("Line");
      }
    }

    @Test
    void a_wrong_kind_of_value_is_refused() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> decode("{\"price\":\"dear\"}", Line.class))
          .withMessageContaining("Line");
    }
  }

  @Nested
  class When_an_object_cannot_be_mapped {
    /// Refers to itself.
    static final class Loop {
      public Loop getSelf() {
        return this;
      }
    }

    @Test
    void its_class_is_named() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> codec.encode(new Loop()))
          .withMessageContaining("Loop");
    }
  }
}
