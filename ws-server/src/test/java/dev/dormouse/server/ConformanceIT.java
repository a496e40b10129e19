package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Admission;
import dev.dormouse.room.Connection;
import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.Upgrade;
import dev.dormouse.server.jetty.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The cases of the Autobahn test-suite over bare sockets, on both transports; and the table of
/// their results in `docs/security.md`.
///
/// `-Ddormouse.autobahn=1` has the sizes of 9 as they are in the suite; by default they are a
/// sixteenth.
@Timeout(120)
class ConformanceIT {
  private static final int PART = Integer.getInteger("dormouse.autobahn", 16);
  private static final int MESSAGE = 16 * 1024 * 1024;

  @TempDir Path folder;

  /// Says what it hears.
  private static final class Echo implements Room {
    @Override
    public Admission onConnect(Upgrade upgrade) {
      return Admission.accept();
    }

    @Override
    public void onMessage(Connection connection, Message message) {
      connection.send(message);
    }
  }

  private RoomServer start(String transport) {
    return RoomServer.builder()
        .namespace(
            Namespace.named("echo", _ -> new Echo())
                .limits(RoomLimits.defaults().withMessageBytes(MESSAGE))
                .build())
        .data(folder.resolve(transport))
        .port(0)
        .set(Setting.TRANSPORT, transport)
        .set(Setting.CLOSING, "1")
        .park(Parking.TIME)
        .start();
  }

  private static Map<String, String> play(RoomServer server) throws Exception {
    Map<String, String> results = new LinkedHashMap<>();
    for (Conformance each : ConformanceCases.all(PART)) {
      try (RawWebSocket client = RawWebSocket.open(server.port(), "/echo/autobahn")) {
        results.put(each.number(), each.play(client));
      }
    }
    return results;
  }

  @Test
  void every_case_ends_as_it_should_and_the_table_says_so() throws Exception {
    Map<String, Map<String, String>> results = new TreeMap<>();
    List<String> transports = new ArrayList<>(List.of("nio"));
    if (Transport.choose("auto") == Transport.EPOLL) {
      transports.addFirst("epoll");
    }
    for (String transport : transports) {
      try (RoomServer server = start(transport)) {
        results.put(transport, play(server));
      }
    }
    for (Map<String, String> each : results.values()) {
      assertThat(each)
          .allSatisfy(
              (number, result) -> assertThat(result).as(number).isEqualTo(Conformance.PASSED));
    }
    assertThat(results).as("on each transport that there is").containsKey("epoll");
    assertThat(Files.readString(Path.of("..", "docs", "security.md")))
        .contains(ConformanceTable.of(results));
  }

  /// 12 and 13 are about compression, which is not there: an offer is declined, and its bit is a
  /// breach of the protocol.
  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void compression_is_declined_however_it_is_offered(String transport) throws Exception {
    try (RoomServer server = start(transport)) {
      for (String offer :
          List.of(
              "permessage-deflate",
              "permessage-deflate; client_max_window_bits",
              "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
              "permessage-deflate; server_max_window_bits=9, permessage-bzip2, x-webkit-deflate-frame")) {
        try (RawWebSocket client = RawWebSocket.dial(server.port())) {
          RawWebSocket.Head head =
              client.upgrade("/echo/deflate", "Sec-WebSocket-Extensions: " + offer);
          assertThat(head.status()).isEqualTo(101);
          assertThat(head.header("sec-websocket-extensions")).isEmpty();
          assertThat(client.text("plain").readText()).isEqualTo("plain");
          // "Hello" as RFC 7692 has it.
          client.frame(
              0xc1, new byte[] {(byte) 0xf2, 0x48, (byte) 0xcd, (byte) 0xc9, (byte) 0xc9, 7, 0});
          assertThat(client.readClose()).isEqualTo(1002);
        }
      }
    }
  }

  /// A case must be able to fail.
  @Test
  void a_server_that_does_something_else_fails() throws IOException, InterruptedException {
    try (RoomServer server = start("nio")) {
      Conformance wrong =
          Conformance.fails("x", 1007, List.of(RawWebSocket.encode(RawWebSocket.TEXT, (byte) 'x')));
      try (RawWebSocket client = RawWebSocket.open(server.port(), "/echo/wrong")) {
        assertThat(wrong.play(client)).isEqualTo("said 81 instead of closing");
      }
      Conformance other =
          Conformance.fails(
              "x", 1002, List.of(RawWebSocket.encode(RawWebSocket.TEXT, (byte) 0xff)));
      try (RawWebSocket client = RawWebSocket.open(server.port(), "/echo/wrong")) {
        assertThat(other.play(client)).isEqualTo("closed with 1007");
      }
    }
  }
}
