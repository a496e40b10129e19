package dev.dormouse.loadtest.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.loadtest.FakeServer;
import dev.dormouse.loadtest.Frames;
import dev.dormouse.loadtest.ServerProcess;
import dev.dormouse.loadtest.figures.Tick;
import dev.dormouse.loadtest.figures.Times;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A holder on real sockets, with servers that do right and wrong: is everything that goes wrong
/// counted, and as what it is?
class HolderIT {
  private final List<Tick> ticks = new ArrayList<>();

  @Test
  void a_server_that_echoes_loses_nothing() throws IOException {
    Tick last = held(FakeServer::frame);

    assertThat(last.open()).isEqualTo(5);
    assertThat(last.sent()).isPositive();
    assertThat(last.answered()).isEqualTo(last.sent());
    assertThat(last.lost()).isZero();
    Times waits = new Times();
    ticks.forEach(tick -> waits.add(tick.waits()));
    assertThat(waits.count()).isEqualTo(last.answered());
  }

  @Test
  void an_answer_that_does_not_come_is_late() throws IOException {
    Tick last = held((_, _) -> FakeServer.frame(Frames.PONG, new byte[0]));

    assertThat(last.answered()).isZero();
    assertThat(last.late()).isEqualTo(last.sent()).isPositive();
  }

  @Test
  void another_text_is_wrong() throws IOException {
    Tick last =
        held((opcode, _) -> FakeServer.frame(opcode, "e0 0".getBytes(StandardCharsets.US_ASCII)));

    assertThat(last.wrong()).isPositive();
    assertThat(last.answered()).isZero();
  }

  @Test
  void an_answer_that_comes_twice_is_wrong_the_second_time() throws IOException {
    Tick last =
        held((opcode, payload) -> {
          byte[] once = FakeServer.frame(opcode, payload);
          return joined(once, once);
        });

    assertThat(last.answered()).isEqualTo(last.sent()).isPositive();
    assertThat(last.wrong()).isEqualTo(last.sent());
  }

  @Test
  void a_socket_that_is_cut_and_one_that_is_closed_are_closed() throws IOException {
    assertThat(held((_, _) -> new byte[0]).closed()).isEqualTo(5);
    assertThat(held((_, _) -> FakeServer.frame(Frames.CLOSE, new byte[] {3, (byte) 0xe8})).closed())
        .isEqualTo(5);
  }

  @Test
  void a_ping_is_answered_and_the_answer_is_awaited_all_the_same() throws IOException {
    Tick last =
        held((opcode, payload) ->
            switch (opcode) {
              case Frames.TEXT -> FakeServer.frame(Frames.PING, payload);
              case Frames.PONG -> FakeServer.frame(Frames.TEXT, payload);
              default -> new byte[0];
            });

    assertThat(last.answered()).isEqualTo(last.sent()).isPositive();
  }

  @Test
  void a_frame_in_pieces_is_put_together() throws IOException {
    Tick last =
        held((opcode, payload) -> {
          byte[] text = FakeServer.frame(Frames.TEXT, payload);
          return switch (opcode) {
            case Frames.TEXT ->
                joined(FakeServer.frame(Frames.PING, payload), Arrays.copyOfRange(text, 0, 3));
            case Frames.PONG -> Arrays.copyOfRange(text, 3, text.length);
            default -> new byte[0];
          };
        });

    assertThat(last.answered()).isEqualTo(last.sent()).isPositive();
    assertThat(last.wrong()).isZero();
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @Test
  void nobody_there_is_refused() throws IOException {
    Tick last =
        held(
            "--port 1 --connections 5 --duration 1", ServerProcess.freeAddress(), Optional.empty());

    assertThat(last.refused()).isEqualTo(5);
    assertThat(last.open()).isZero();
  }

  @Test
  void connections_come_from_the_sources_that_were_named() throws IOException {
    try (FakeServer server = new FakeServer(FakeServer::frame)) {
      Tick last =
          held(
              "--port 1 --connections 4 --duration 1 --sources 127.0.0.2-127.0.0.3",
              server.address(),
              LateBinding.find());

      assertThat(last.open()).isEqualTo(4);
      assertThat(server.clients())
          .containsExactlyInAnyOrder("127.0.0.2", "127.0.0.3", "127.0.0.2", "127.0.0.3");
    }
  }

  private Tick held(FakeServer.Answers answers) throws IOException {
    return held("--port 1 --connections 5 --wake 6000 --patience 0.5 --duration 1.5", answers);
  }

  private Tick held(String line, FakeServer.Answers answers) throws IOException {
    try (FakeServer server = new FakeServer(answers)) {
      return held(line, server.address(), Optional.empty());
    }
  }

  private Tick held(String line, URI server, Optional<LateBinding> binding) throws IOException {
    HoldOptions options = HoldOptions.parse(Arrays.asList(line.split(" ", -1)));
    ticks.clear();
    return new Holder(
            options, server, options.sources().orElse(new Sources(List.of())), binding, ticks::add)
        .run();
  }
}
