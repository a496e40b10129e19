package dev.dormouse.loadtest.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.dormouse.loadtest.Arguments;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoldOptionsTest {
  @Test
  void a_port_is_one_of_this_machine() {
    assertThat(parse("--port 9000").server()).isEqualTo(URI.create("http://127.0.0.1:9000"));
  }

  @Test
  void another_machine_must_be_named() {
    assertThat(parse("--target http://10.0.0.7:9000").server())
        .isEqualTo(URI.create("http://10.0.0.7:9000"));
    assertThatExceptionOfType(Arguments.Misunderstood.class)
        .isThrownBy(() -> parse("--connections 10"))
        .withMessageContaining("where is the server?");
  }

  @Test
  void connections_share_rooms_and_go_on_where_another_holder_ended() {
    HoldOptions options = parse("--port 1 --first 40 --per-room 10 --rooms x");

    assertThat(options.path(0)).isEqualTo("/ws/x4");
    assertThat(options.path(9)).isEqualTo("/ws/x4");
    assertThat(options.path(10)).isEqualTo("/ws/x5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--port 0",
        "--port 1 --wake -1",
        "--port 1 --rate x",
        "--port 1 --connections 0",
        "--target 127.0.0.1:9",
        "--target http:///x",
        "--port 1 --sources 127.0.0.9-127.0.0.2",
        "--port 1 --sources 127.0.0.1-127.9.0.1",
        "--port 1 --sources 127.0.0.300",
        "--port 1 --sources localhost",
        "--port"
      })
  void what_cannot_be_meant_is_refused(String line) {
    assertThatExceptionOfType(Arguments.Misunderstood.class).isThrownBy(() -> parse(line));
  }

  @Test
  void sources_take_turns() {
    Sources sources = Sources.parse("127.0.0.2-127.0.0.4");

    assertThat(sources.addresses()).hasSize(3);
    assertThat(String.valueOf(sources.of(0))).isEqualTo("/127.0.0.2");
    assertThat(String.valueOf(sources.of(5))).isEqualTo("/127.0.0.4");
    assertThat(Sources.parse("none").of(0)).isNull();
  }

  @Test
  void a_range_of_sources_goes_on_past_a_byte() {
    assertThat(String.valueOf(Sources.parse("127.0.0.254-127.0.1.1").of(3)))
        .isEqualTo("/127.0.1.1");
  }

  @Test
  void very_many_connections_need_many_sources() {
    assertThat(Sources.onLoopback(1).addresses()).hasSize(1);
    assertThat(Sources.onLoopback(10_000).addresses()).hasSize(1);
    assertThat(Sources.onLoopback(10_001).addresses()).hasSize(2);
    assertThat(Sources.onLoopback(1_000_000).addresses()).hasSize(100);
  }

  @Test
  void an_order_is_read() {
    assertThat(Orders.parse("wake 2.5")).isEqualTo(new Orders.Order.Wake(2.5));
    assertThat(Orders.parse(" stop ")).isEqualTo(new Orders.Order.Stop());
    assertThatIllegalArgumentException().isThrownBy(() -> Orders.parse("wake"));
    assertThatIllegalArgumentException().isThrownBy(() -> Orders.parse("wake up"));
  }

  private static HoldOptions parse(String line) {
    List<String> words = Arrays.asList(line.split(" ", -1));
    return HoldOptions.parse(words);
  }
}
