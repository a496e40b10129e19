package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The client on real sockets, with servers that do right and wrong.
class SwarmIT {
  private static final Duration SHORT = Duration.ofMillis(100);

  @Test
  void a_server_that_echoes_is_counted_and_its_closes_are_awaited() throws IOException {
    assertThat(echoesOf(FakeServer::frame)).isPositive();
  }

  @Test
  void a_ping_is_answered_with_its_payload_while_texts_go_on() throws IOException {
    FakeServer.Answers pings =
        (opcode, payload) ->
            switch (opcode) {
              case Frames.TEXT -> FakeServer.frame(Frames.PING, payload);
              case Frames.PONG -> FakeServer.frame(Frames.TEXT, payload);
              default -> FakeServer.frame(opcode, payload);
            };

    assertThat(echoesOf(pings)).isPositive();
  }

  @Test
  void a_conversation_that_ends_by_itself_is_held_to_its_end() throws IOException {
    InTurn echoes = InTurn.echoes(3, 0);
    try (FakeServer server = new FakeServer(FakeServer::frame);
        Swarm swarm = Swarm.open(server.address(), 3, _ -> "r0", Pace.unbounded())) {
      swarm.converse(echoes);
      swarm.rest(SHORT);
      swarm.hangUp();
    }

    assertThat(echoes.nanos()).hasSize(3).doesNotContain(0);
  }

  @Nested
  class An_error_is {
    @Test
    void a_text_in_the_silence() throws IOException {
      try (FakeServer server = new FakeServer(FakeServer::frame);
          Swarm swarm = Swarm.open(server.address(), 1, _ -> "r0", Pace.unbounded())) {
        swarm.say(0, new byte[] {'e'}, 1);
        swarm.converse(InTurn.echoes(0, 0)); // asks nothing, but writes what was said

        assertThatExceptionOfType(WireException.class)
            .isThrownBy(() -> swarm.rest(Duration.ofSeconds(5)))
            .withMessageContaining("after the last answer");
      }
    }

    @Test
    void a_socket_that_is_cut() {
      wrong((_, _) -> new byte[0], "the server cut connection");
    }

    @Test
    void a_connection_that_is_closed_by_the_server() {
      wrong((_, _) -> FakeServer.frame(Frames.CLOSE, new byte[] {3, (byte) 0xf3}), "with 1011");
    }

    @Test
    void a_close_that_is_answered_with_another_code() {
      wrong(
          (opcode, payload) ->
              FakeServer.frame(
                  opcode, opcode == Frames.CLOSE ? new byte[] {3, (byte) 0xe9} : payload),
          "with 1001");
    }

    @Test
    void an_echo_of_something_else() {
      wrong((_, _) -> FakeServer.frame(Frames.TEXT, new byte[] {'e'}), "got 'e' back");
    }

    @Test
    void a_text_as_binary() {
      wrong((_, payload) -> FakeServer.frame(Frames.BINARY, payload), "a frame of kind 2");
    }

    private static void wrong(FakeServer.Answers answers, String message) {
      assertThatExceptionOfType(WireException.class)
          .isThrownBy(() -> echoesOf(answers))
          .withMessageContaining(message);
    }
  }

  /// Holds an echo conversation of three connections and hangs up; returns the echoes counted.
  private static long echoesOf(FakeServer.Answers answers) throws IOException {
    Tally tally = new Tally();
    try (FakeServer server = new FakeServer(answers);
        Swarm swarm = Swarm.open(server.address(), 3, _ -> "r0", Pace.unbounded())) {
      swarm.converse(new Echo(3, tally), tally, new Meter(Optional.empty()), Duration.ZERO, SHORT);
      swarm.hangUp();
      return tally.total();
    }
  }
}
