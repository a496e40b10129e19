package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Settings together")
class ContradictionsTest {
  private static void refused(ServerSettings settings, String... words) {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> Contradictions.check(settings))
        .withMessageContainingAll(words);
  }

  @ParameterizedTest
  @CsvSource({"TLS_KEY, tls-key", "TLS_PASSWORD, tls-password"})
  void that_have_part_of_a_certificate_are_refused(Setting part, String name) {
    refused(ServerSettings.defaults().with(part, "key.pem"), name, "'tls-certificate'");
  }

  @ParameterizedTest
  @CsvSource({"ACCESS_ISSUER, access-issuer", "ACCESS_AUDIENCE, access-audience"})
  void that_say_of_tokens_what_nobody_would_look_at_are_refused(Setting rule, String name) {
    ServerSettings settings = ServerSettings.defaults().with(rule, "rooms");
    refused(settings, name, "'access-keys'", "'access-secret'");
    assertThatCode(() -> Contradictions.check(settings.with(Setting.ACCESS_SECRET, "secrets")))
        .doesNotThrowAnyException();
  }

  @Test
  void that_give_one_port_two_purposes_are_refused_by_both_names() {
    ServerSettings settings =
        ServerSettings.defaults().with(Setting.BENCH, "8421").with(Setting.ADMIN, "8421");
    refused(settings, "'bench'", "'admin'", "8421");
    assertThatCode(() -> Contradictions.check(settings.with(Setting.BENCH, "8422")))
        .doesNotThrowAnyException();
  }

  @Test
  void that_leave_ports_to_the_system_are_fine() {
    assertThatCode(() ->
            Contradictions.check(
                ServerSettings.defaults()
                    .with(Setting.PORT, "0")
                    .with(Setting.BENCH, "0")
                    .with(Setting.ADMIN, "0")))
        .doesNotThrowAnyException();
  }
}
