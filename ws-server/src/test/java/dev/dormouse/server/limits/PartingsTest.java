package dev.dormouse.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.testkit.SeededExecution;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartingsTest {
  private final SeededExecution execution = new SeededExecution(1);
  private final Partings partings = new Partings(execution, 2);

  /// A client that remembers what was done to it.
  private static final class Client implements Stranger {
    final List<String> seen = new ArrayList<>();
    boolean deaf;
    boolean gone;

    @Override
    public boolean tell(byte[] answer) {
      seen.add(new String(answer, StandardCharsets.US_ASCII).lines().findFirst().orElse(""));
      return !deaf;
    }

    @Override
    public boolean gone() {
      return gone;
    }

    @Override
    public void close() {
      seen.add("closed");
    }
  }

  private void add(Client client) {
    partings.add(client, Reason.ADDRESS);
  }

  @Test
  void a_client_is_told_and_closed_when_it_has_hung_up() {
    execution.run(() -> {
      Client client = new Client();
      add(client);
      execution.advance(Duration.ofMillis(200));
      assertThat(client.seen).containsExactly("HTTP/1.1 429 Too Many Requests");

      client.gone = true;
      execution.advance(Duration.ofMillis(60));
      assertThat(client.seen).containsExactly("HTTP/1.1 429 Too Many Requests", "closed");
      assertThat(partings.size()).isZero();
    });
  }

  @Test
  void one_that_stays_is_closed_after_a_second() {
    execution.run(() -> {
      Client client = new Client();
      add(client);
      execution.advance(Duration.ofMillis(900));
      assertThat(client.seen).hasSize(1);
      execution.advance(Duration.ofMillis(200));
      assertThat(client.seen).endsWith("closed");
      // The next one is watched all the same.
      Client next = new Client();
      add(next);
      execution.advance(Duration.ofMillis(1_100));
      assertThat(next.seen).endsWith("closed");
    });
  }

  @Test
  void beyond_the_most_they_are_closed_without_a_word() {
    execution.run(() -> {
      Client first = new Client();
      Client third = new Client();
      add(first);
      add(new Client());
      add(third);
      assertThat(third.seen).containsExactly("closed");
      assertThat(partings.size()).isEqualTo(2);

      first.gone = true;
      execution.advance(Duration.ofMillis(60));
      Client fourth = new Client();
      add(fourth);
      assertThat(fourth.seen).hasSize(1);
    });
  }

  @Test
  void one_that_cannot_be_told_is_closed_at_once() {
    execution.run(() -> {
      Client deaf = new Client();
      deaf.deaf = true;
      add(deaf);
      assertThat(deaf.seen).endsWith("closed");
      assertThat(partings.size()).isZero();
    });
  }

  @Test
  void an_answer_says_which_limit_and_when_to_come_back() {
    assertThat(new String(Reason.CLIENTS.answer(), StandardCharsets.US_ASCII))
        .startsWith("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n")
        .contains("\r\nContent-Length: 132\r\n\r\n")
        .endsWith(
            """
            {"error":"too-many-clients","message":"the server has as many connections as it may \
            have","retryable":true,"outcome":"NOT_APPLIED"}
            """);
  }
}
