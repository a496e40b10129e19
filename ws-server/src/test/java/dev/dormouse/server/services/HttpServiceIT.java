package dev.dormouse.server.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.room.Refusal;
import dev.dormouse.saga.ExternalCall;
import dev.dormouse.server.services.HttpService.Limits;
import dev.dormouse.storage.JsonCodec;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls of steps over HTTP, to a service that answers as it is told.
class HttpServiceIT {
  private static final Limits LIMITS =
      new Limits(Duration.ofSeconds(1), Duration.ofSeconds(2), 1_000);

  private Outside outside;
  private HttpService service;

  @BeforeEach
  void start() throws Exception {
    outside = new Outside();
    service =
        new HttpService("bank", outside.url("/v1/"), LIMITS, Map.of("Authorization", "s3cret"));
  }

  @AfterEach
  void stop() {
    service.close();
    outside.close();
  }

  /// A call as the facility makes it: its payload is what the server's codec has stored.
  private record Call(String operation, boolean looksUp, boolean undoes, String key, String json)
      implements ExternalCall {
    @Override
    public <T> T payload(Class<T> type) {
      byte[] stored = json.getBytes(StandardCharsets.UTF_8);
      return Objects.requireNonNull(type.cast(new JsonCodec().decode(stored, type)));
    }
  }

  private static Call charge() {
    return new Call("charge", false, false, "o1.a", "{\"amount\":12345678901234567890}");
  }

  private static Call lookup() {
    return new Call("charge", true, false, "o1.a/b c", "{}");
  }

  @Nested
  class A_call {
    @Test
    void posts_the_payload_with_its_key_and_the_credentials() throws Exception {
      outside.body = "{\"receipt\":\"r1\"}";
      JsonNode result = Objects.requireNonNull(service.call(charge()));

      assertThat(result.path("receipt").asText()).isEqualTo("r1");
      assertThat(outside.asked)
          .containsExactly(
              new Outside.Asked(
                  "POST /v1/charge", "o1.a", "s3cret", "{\"amount\":12345678901234567890}"));
    }

    @Test
    void that_is_answered_with_nothing_has_no_result() throws Exception {
      outside.body = "";
      outside.status = 204;
      assertThat(service.call(charge())).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 402, 404, 409, 422, 451})
    void that_is_refused_says_why(int status) {
      outside.status = status;
      outside.body = "{\"reason\":\"no\\nmoney\"}";
      assertThatExceptionOfType(Refusal.Refused.class)
          .isThrownBy(() -> service.call(charge()))
          .withMessage("bank answered charge with %d: no money", status)
          .satisfies(refusal -> {
            assertThat(refusal.retryable()).isFalse();
            assertThat(refusal.status()).isEqualTo(status);
          });
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
    void that_fails_may_be_made_again(int status) {
      outside.status = status;
      outside.body = "<html>busy</html>";
      assertThatExceptionOfType(ServiceFailedException.class)
          .isThrownBy(() -> service.call(charge()))
          .withMessageContaining("bank answered charge with " + status);
    }

    @Test
    void that_is_answered_with_a_great_deal_fails() {
      outside.body = "\"" + "x".repeat(1_000) + "\"";
      assertThatExceptionOfType(ServiceFailedException.class)
          .isThrownBy(() -> service.call(charge()))
          .withMessageStartingWith("bank could not be asked to charge");
    }

    @Test
    void that_is_answered_with_what_is_no_json_fails() {
      outside.body = "{\"receipt\":\"r1\"} and more";
      assertThatExceptionOfType(ServiceFailedException.class)
          .isThrownBy(() -> service.call(charge()))
          .withMessage("bank answered charge with what is no JSON");
    }

    @Test
    void is_not_made_elsewhere_because_somebody_says_so() throws Exception {
      try (Outside elsewhere = new Outside()) {
        outside.status = 307;
        outside.location = elsewhere.url("/v1/charge").toString();
        assertThatExceptionOfType(ServiceFailedException.class)
            .isThrownBy(() -> service.call(charge()))
            .withMessageStartingWith("bank answered charge with 307");
        assertThat(elsewhere.asked).isEmpty();
      }
    }
  }

  @Nested
  class Time {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void is_up_whether_nothing_has_come_or_not_all_of_it(boolean nothing) throws Exception {
      outside.before = nothing ? 60_000 : 0;
      outside.within = nothing ? 0 : 60_000;
      Limits hasty = new Limits(Duration.ofSeconds(1), Duration.ofMillis(300), 1_000);
      try (HttpService impatient = new HttpService("bank", outside.url(""), hasty, Map.of())) {
        assertThatExceptionOfType(ServiceTimeoutException.class)
            .isThrownBy(() -> impatient.call(charge()))
            .withMessage("bank did not answer charge in 0.3 s");
      }
    }

    @Test
    void nobody_there_is_a_failure() throws Exception {
      URI nobody;
      try (ServerSocket free = new ServerSocket(0)) {
        nobody = URI.create("http://127.0.0.1:" + free.getLocalPort());
      }
      try (HttpService lonely = new HttpService("bank", nobody, LIMITS, Map.of())) {
        assertThatExceptionOfType(ServiceFailedException.class)
            .isThrownBy(() -> lonely.call(charge()))
            .withMessage("bank could not be asked to charge: no connection");
      }
    }
  }

  @Nested
  class A_lookup {
    @Test
    void gets_what_became_of_the_key() throws Exception {
      outside.body = "{\"receipt\":\"r1\"}";
      assertThat(service.call(lookup())).isNotNull();
      assertThat(outside.asked)
          .containsExactly(new Outside.Asked("GET /v1/charge/o1.a%2Fb%20c", "null", "s3cret", ""));
    }

    @Test
    void of_what_nobody_knows_is_null() throws Exception {
      outside.status = 404;
      assertThat(service.call(lookup())).isNull();
    }

    @Test
    void of_what_was_done_without_a_result_is_not() throws Exception {
      outside.body = "";
      outside.status = 204;
      assertThat(service.call(lookup())).isNotNull();
    }

    @Test
    void of_what_was_refused_is_refused() {
      outside.status = 402;
      assertThatExceptionOfType(Refusal.Refused.class).isThrownBy(() -> service.call(lookup()));
    }
  }

  @Nested
  class An_address {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "ftp://bank.example",
          "bank.example/pay",
          "http:///pay",
          "https://user:hunter2@bank.example",
          "https://bank.example/?token=hunter2",
          "https://bank.example/#a"
        })
    void that_cannot_be_one_is_refused_and_not_repeated(String address) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new HttpService("bank", URI.create(address), LIMITS, Map.of()))
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
    }

    @Test
    void has_its_credentials_in_the_environment_and_does_not_show_them() throws Exception {
      Map<String, String> environment =
          Map.of("DORMOUSE_SERVICE_BIG_BANK_AUTHORIZATION", "Bearer hunter2");
      try (HttpService big = HttpService.of("big-bank", outside.url("/"), environment)) {
        var _ = big.call(charge());
        assertThat(outside.asked.getFirst().authorization()).isEqualTo("Bearer hunter2");
        assertThat(big.toString()).isEqualTo("big-bank at " + outside.url(""));
        outside.status = 500;
        assertThatExceptionOfType(ServiceFailedException.class)
            .isThrownBy(() -> big.call(charge()))
            .satisfies(e -> assertThat(e.toString()).doesNotContain("hunter2"));
      }
    }
  }
}
