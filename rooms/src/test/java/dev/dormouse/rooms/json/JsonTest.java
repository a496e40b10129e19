package dev.dormouse.rooms.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What is said may have more fields than are known, what is ordered may not.
class JsonTest {
  private record Limit(@Nullable Long capacity, @Nullable Inner inner) {}

  private record Inner(@Nullable String word) {}

  private static byte[] bytes(String json) {
    return json.getBytes(UTF_8);
  }

  @Test
  void what_is_said_may_have_fields_that_nobody_knows() throws BadJsonException {
    assertThat(Json.read(bytes("{\"capacity\":1,\"colour\":\"red\"}"), Limit.class).capacity())
        .isEqualTo(1);
  }

  @Test
  void an_order_may_not_at_any_depth() throws BadJsonException {
    assertThat(Json.readOrder(bytes("{\"capacity\":1}"), Limit.class).capacity()).isEqualTo(1);
    assertThatThrownBy(() -> Json.readOrder(bytes("{\"capacitiy\":1}"), Limit.class))
        .isInstanceOf(BadJsonException.class)
        .hasMessage("nobody knows a field 'capacitiy'; there are [capacity, inner]");
    assertThatThrownBy(() -> Json.readOrder(bytes("{\"inner\":{\"wort\":\"\"}}"), Limit.class))
        .hasMessage("nobody knows a field 'inner.wort'; there are [word]");
  }

  @Test
  void an_order_is_read_as_strictly_as_all_else() {
    for (String bad :
        new String[] {"", "{}{}", "null", "{\"capacity\":\"1\"}", "[", "{\"a\":1,\"a\":1}"}) {
      assertThatThrownBy(() -> Json.readOrder(bytes(bad), Limit.class))
          .as(bad)
          .isInstanceOf(BadJsonException.class);
    }
  }
}
