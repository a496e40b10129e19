package dev.dormouse.server.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.7, 10.0.0.7, true",
    "10.0.0.7, 10.0.0.8, false",
    "10.0.0.0/8, 10.255.1.2, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.1.2.128/25, 10.1.2.129, true",
    "10.1.2.128/25, 10.1.2.127, false",
    "0.0.0.0/0, 203.0.113.9, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "::1, ::1, true",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
  })
  void an_address_is_in_a_network_or_not(String network, String address, boolean in) {
    assertThat(Networks.of(List.of(network)).contains(InetAddress.ofLiteral(address)))
        .isEqualTo(in);
  }

  @Test
  void one_of_many_is_enough_and_none_has_nobody() {
    InetAddress address = InetAddress.ofLiteral("10.0.0.7");

    assertThat(Networks.of(List.of("::1", "10.0.0.7")).contains(address)).isTrue();
    assertThat(Networks.NONE.contains(address)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "/8", ""})
  void what_is_neither_is_named(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Networks.of(List.of(text)))
        .withMessage("'" + text + "' is neither an address nor a network such as 10.0.0.0/8");
  }
}
