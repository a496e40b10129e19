package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who hears what, and in which order.
class TalkingIT extends WithServer {

  @Nested
  class Broadcasts {
    @ParameterizedTest
    @ValueSource(strings = {"talk", "quick"})
    void O4_everybody_hears_all_in_one_order(String namespace) throws IOException {
      List<RawWebSocket> clients = new ArrayList<>();
      try {
        for (int i = 0; i < 8; i++) {
          clients.add(open("/" + namespace + "/order"));
        }
        for (int round = 0; round < 50; round++) {
          for (int i = 0; i < clients.size(); i++) {
            clients.get(i).text("all " + i + "/" + round);
          }
        }

        List<String> first = heard(clients.getFirst(), 400);
        for (int i = 0; i < clients.size(); i++) {
          String mine = i + "/";
          assertThat(first.stream().filter(m -> m.startsWith(mine)))
              .as("each client's own messages keep their order")
              .containsExactlyElementsOf(
                  java.util.stream.IntStream.range(0, 50).mapToObj(r -> mine + r).toList());
          if (i > 0) {
            assertThat(heard(clients.get(i), 400)).isEqualTo(first);
          }
        }
      } finally {
        for (RawWebSocket client : clients) {
          client.close();
        }
      }
    }

    private static List<String> heard(RawWebSocket client, int count) throws IOException {
      List<String> heard = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        heard.add(client.readText());
      }
      return heard;
    }

    @Test
    void reach_those_with_a_tag_as_it_stands_in_that_turn() throws IOException {
      try (RawWebSocket red = open("/talk/tags?tag=red");
          RawWebSocket blue = open("/talk/tags?tag=blue")) {
        red.text("tagged blue first").text("ok");
        assertThat(red.readText()).isEqualTo("ok");
        assertThat(blue.readText()).isEqualTo("first");

        blue.text("tag red").text("tagged red second").text("tagged blue nobody").text("ok");

        assertThat(blue.readText()).isEqualTo("second");
        assertThat(blue.readText()).isEqualTo("ok");
        assertThat(red.readText()).isEqualTo("second");
      }
    }

    @Test
    void many_messages_of_one_turn_arrive_in_order() throws IOException {
      try (RawWebSocket client = open("/talk/many")) {
        client.text("many 2000");

        for (int i = 0; i < 2000; i++) {
          assertThat(client.readText()).isEqualTo("n" + i);
        }
      }
    }
  }

  @Nested
  class Sub_protocols {
    @Test
    void the_room_chooses_one_that_was_offered() throws IOException {
      try (RawWebSocket client = RawWebSocket.dial(server.port())) {
        RawWebSocket.Head head =
            client.upgrade("/talk/sub?speak=b", "Sec-WebSocket-Protocol: a, b");

        assertThat(head.status()).isEqualTo(101);
        assertThat(head.header("sec-websocket-protocol")).hasValue("b");
        assertThat(head.header("sec-websocket-accept")).hasValue("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
      }
    }

    @Test
    void none_is_named_when_the_room_wants_none_of_them() throws IOException {
      try (RawWebSocket client = RawWebSocket.dial(server.port())) {
        RawWebSocket.Head head = client.upgrade("/talk/sub", "Sec-WebSocket-Protocol: unheard-of");

        assertThat(head.status()).isEqualTo(101);
        assertThat(head.header("sec-websocket-protocol")).isEmpty();
      }
    }

    @Test
    void one_that_was_not_offered_is_the_rooms_fault() throws IOException {
      try (RawWebSocket client = RawWebSocket.dial(server.port())) {
        RawWebSocket.Head head =
            client.upgrade("/talk/sub?speak=c", "Sec-WebSocket-Protocol: a, b");

        assertThat(head.status()).isEqualTo(500);
        assertThat(client.body(head)).contains("\"error\":\"server-error\"");
      }
    }

    @Test
    void S3_only_clients_of_dormouse_v1_are_told_of_a_refusal() throws IOException {
      try (RawWebSocket platform =
              open("/talk/tell?speak=dormouse.v1", "Sec-WebSocket-Protocol: dormouse.v1");
          RawWebSocket plain = open("/talk/tell")) {
        plain.text("conflict").text("next");
        assertThat(plain.readText()).isEqualTo("next");

        platform.text("conflict").text("next");

        assertThat(platform.readText())
            .startsWith("{\"dormouse\":\"refused\",\"error\":\"version-conflict\",\"message\":")
            .endsWith(",\"current\":17}");
        assertThat(platform.readText()).isEqualTo("next");
      }
    }

    @Test
    void S3_dormouse_v1_is_named_where_the_room_chooses_none() throws IOException {
      for (String offer : new String[] {"dormouse.v1", "a, dormouse.v1, dormouse"}) {
        try (RawWebSocket client = RawWebSocket.dial(server.port())) {
          RawWebSocket.Head head = client.upgrade("/talk/tell", "Sec-WebSocket-Protocol: " + offer);
          assertThat(head.status()).isEqualTo(101);
          assertThat(head.header("sec-websocket-protocol")).hasValue("dormouse.v1");
          assertThat(client.readText()).isEqualTo("welcome");
          client.text("conflict");
          assertThat(client.readText()).startsWith("{\"dormouse\":\"refused\",");
        }
      }
    }
  }

  @Nested
  class Rooms {
    @Test
    void keep_what_was_answered_when_the_server_starts_anew() throws IOException {
      try (RawWebSocket client = open("/talk/kept")) {
        assertThat(client.text("put mouse").readText()).isEqualTo("stored mouse");
      }
      stop();
      start();

      try (RawWebSocket client = open("/talk/kept")) {
        assertThat(client.text("get").readText()).isEqualTo("mouse");
      }
    }

    @Test
    void T1_run_on_a_thread_of_their_own_or_if_they_never_block_on_the_one_that_read()
        throws IOException {
      try (RawWebSocket talk = open("/talk/threads");
          RawWebSocket quick = open("/quick/threads")) {
        assertThat(talk.text("thread").readText()).isEqualTo("virtual");
        // The first message may find the room on its way into memory.
        assertThat(quick.text("hello").readText()).isEqualTo("hello");
        assertThat(quick.text("thread").readText()).startsWith("front-");
      }
    }

    @Test
    void a_throw_leaves_the_connection_open() throws IOException {
      try (RawWebSocket client = open("/talk/throws")) {
        assertThat(client.text("throw").text("still here").readText()).isEqualTo("still here");
      }
    }
  }
}
