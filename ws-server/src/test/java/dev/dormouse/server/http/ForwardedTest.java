package dev.dormouse.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.limits.Networks;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whom proxies say that they speak for.
class ForwardedTest {
  private final Forwarded forwarded = new Forwarded(Networks.of(List.of("10.0.0.0/8", "::1")));

  private String client(String... lines) {
    InetAddress client = forwarded.client(Arrays.asList(lines));
    return client == null ? "nobody" : client.getHostAddress();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.1 | 192.0.2.1",
        "192.0.2.1:4711 | 192.0.2.1",
        "2001:db8::7 | 2001:db8:0:0:0:0:0:7",
        "[2001:db8::7] | 2001:db8:0:0:0:0:0:7",
        "[2001:db8::7]:443 | 2001:db8:0:0:0:0:0:7",
        "::ffff:192.0.2.1 | 192.0.2.1",
        "192.0.2.1 , 10.0.0.2,10.0.0.3 | 192.0.2.1",
        "192.0.2.9, 192.0.2.1 | 192.0.2.1",
        "192.0.2.9, 10.0.0.1, 192.0.2.1, ::1 | 192.0.2.1",
        "10.0.0.9, 10.0.0.2 | 10.0.0.9"
      })
  void the_first_from_the_right_that_is_no_proxy_is_the_client(String line, String client) {
    assertThat(client(line)).isEqualTo(client);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | nobody",
        "unknown | nobody",
        "_hidden | nobody",
        "localhost | nobody",
        "192.0.2.1, | nobody",
        "[192.0.2.1 | nobody",
        "192.0.2.1, secret, 10.0.0.2 | 10.0.0.2",
        "999.0.0.1 | nobody"
      })
  void what_is_no_address_ends_what_is_believed(String line, String client) {
    assertThat(client(line)).isEqualTo(client);
  }

  @Test
  void lines_count_as_one_line() {
    assertThat(client("192.0.2.9", "192.0.2.1, 10.0.0.1", "10.0.0.2")).isEqualTo("192.0.2.1");
    assertThat(client()).isEqualTo("nobody");
    assertThat(client("x".repeat(10_000) + ",192.0.2.1")).isEqualTo("192.0.2.1");
    assertThat(client("1".repeat(10_000))).isEqualTo("nobody");
  }
}
