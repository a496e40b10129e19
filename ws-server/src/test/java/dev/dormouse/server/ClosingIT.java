package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How sockets end, from either side.
class ClosingIT extends WithServer {

  @Nested
  class When_the_client_closes {
    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1011, 3000, 4321, 4999})
    void C5_it_is_answered_with_its_code(int code) throws Exception {
      String room = "theirs-" + code;
      try (RawWebSocket client = open("/talk/" + room)) {
        assertThat(client.close(code).readClose()).isEqualTo(code);

        assertThat(client.ended()).isTrue();
        assertThat(TalkRoom.seen(room)).isEqualTo("open");
        assertThat(TalkRoom.seen(room)).isEqualTo("close " + code);
      }
    }

    @Test
    void C5_no_code_is_answered_with_1000_and_told_as_1005() throws Exception {
      try (RawWebSocket client = open("/talk/no-code")) {
        assertThat(client.frame(RawWebSocket.CLOSE).readClose()).isEqualTo(1000);

        assertThat(client.ended()).isTrue();
        assertThat(TalkRoom.seen("no-code")).isEqualTo("open");
        assertThat(TalkRoom.seen("no-code")).isEqualTo("close 1005");
      }
    }

    @Test
    void what_it_said_before_reaches_the_room_before() throws Exception {
      try (RawWebSocket client = open("/talk/last-words");
          RawWebSocket other = open("/talk/last-words")) {
        client.text("others I am off").close(1000);

        assertThat(other.readText()).isEqualTo("I am off");
      }
    }

    @Test
    void a_half_closed_connection_is_over() throws Exception {
      try (RawWebSocket client = open("/talk/half-closed")) {
        client.half();

        assertThat(client.ended()).isTrue();
        assertThat(TalkRoom.seen("half-closed")).isEqualTo("open");
        assertThat(TalkRoom.seen("half-closed")).isEqualTo("error");
        assertThat(TalkRoom.seen("half-closed")).isEqualTo("close 1006");
      }
    }
  }

  @Nested
  class When_the_room_closes {
    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1008, 1011, 1013, 4001})
    void O4_what_was_sent_before_comes_before(int code) throws Exception {
      String room = "ours-" + code;
      try (RawWebSocket client = open("/talk/" + room)) {
        client.text("close " + code);

        assertThat(client.readText()).isEqualTo("bye");
        assertThat(client.readClose()).isEqualTo(code);
        client.close(code);
        assertThat(client.ended()).isTrue();
        assertThat(TalkRoom.seen(room)).isEqualTo("open");
        assertThat(TalkRoom.seen(room)).isEqualTo("close " + code);
      }
    }

    @Test
    void a_client_that_does_not_answer_is_cut_when_its_time_is_up() throws Exception {
      try (RawWebSocket client = open("/talk/deaf")) {
        client.text("close 4002");

        assertThat(client.readClose()).isEqualTo(4002);
        // Never answered; the server ends it by itself.
        assertThat(TalkRoom.seen("deaf")).isEqualTo("open");
        assertThat(TalkRoom.seen("deaf")).isEqualTo("close 4002");
        assertThat(client.ended()).isTrue();
      }
    }

    @Test
    void messages_on_their_way_are_dropped_and_the_close_still_ends_in_order() throws Exception {
      try (RawWebSocket client = open("/talk/talkative")) {
        client.text("close 4003");
        for (int i = 0; i < 100; i++) {
          client.text("others too late " + i);
        }
        assertThat(client.readClose()).isEqualTo(4003);
        client.close(4003);

        assertThat(client.ended()).isTrue();
        assertThat(TalkRoom.seen("talkative")).isEqualTo("open");
        assertThat(TalkRoom.seen("talkative")).isEqualTo("close 4003");
      }
    }
  }

  @Nested
  class A_client_that_reads_too_slowly {
    @Test
    void C7_is_closed_with_4000_and_gets_no_message_with_a_gap_before() throws Exception {
      try (RawWebSocket slow = RawWebSocket.dial(server.port(), 4096);
          RawWebSocket other = open("/talk/too-slow")) {
        assertThat(slow.upgrade("/talk/too-slow").status()).isEqualTo(101);
        assertThat(slow.readText()).isEqualTo("welcome");
        String filler = "x".repeat(20_000);
        int sent = 0;
        // Bounded: 40 MB are more than any kernel keeps, beside the MiB that the server keeps.
        while (sent < 2_000 && server.counters().slow.sum() == 0) {
          assertThat(other.text("others " + sent + ":" + filler).text("ok").readText())
              .isEqualTo("ok");
          sent++;
        }
        assertThat(server.counters().slow.sum()).isEqualTo(1);

        int expected = 0;
        RawWebSocket.Frame frame = slow.read();
        while (frame != null && frame.first() == RawWebSocket.TEXT) {
          assertThat(frame.text()).startsWith(expected++ + ":");
          frame = slow.read();
        }
        if (frame != null) {
          assertThat(frame.code()).isEqualTo(4000);
        }
        assertThat(expected).isPositive().isLessThan(sent);
        assertThat(TalkRoom.seen("too-slow")).isEqualTo("open");
        assertThat(TalkRoom.seen("too-slow")).isEqualTo("open");
        assertThat(TalkRoom.seen("too-slow")).isEqualTo("close 4000");
        assertThat(other.text("still here").readText()).isEqualTo("still here");
      }
    }
  }

  @Nested
  class A_room_that_is_behind {
    @Test
    void O6_is_read_on_when_it_has_caught_up_and_misses_nothing() throws Exception {
      CountDownLatch gate = new CountDownLatch(1);
      TalkRoom.GATES.put("behind", gate);
      try (RawWebSocket client = open("/talk/behind")) {
        assertThat(TalkRoom.seen("behind")).isEqualTo("open");
        client.text("wait");
        assertThat(TalkRoom.seen("behind")).isEqualTo("waiting");
        // Far more than the room's backlog of 16; the rest waits in the network.
        for (int i = 0; i < 500; i++) {
          client.text("m" + i);
        }
        gate.countDown();

        for (int i = 0; i < 500; i++) {
          assertThat(client.readText()).isEqualTo("m" + i);
        }
      }
    }

    @Test
    void O6_is_closed_all_the_same_when_the_client_goes() throws Exception {
      CountDownLatch gate = new CountDownLatch(1);
      TalkRoom.GATES.put("behind-gone", gate);
      try (RawWebSocket client = open("/talk/behind-gone")) {
        assertThat(TalkRoom.seen("behind-gone")).isEqualTo("open");
        client.text("wait");
        assertThat(TalkRoom.seen("behind-gone")).isEqualTo("waiting");
        for (int i = 0; i < 100; i++) {
          client.frame(RawWebSocket.BINARY, "b".repeat(100).getBytes(StandardCharsets.UTF_8));
        }
        client.close(1000);
        gate.countDown();

        assertThat(client.readClose()).isEqualTo(1000);
        assertThat(TalkRoom.seen("behind-gone")).isEqualTo("close 1000");
      }
    }
  }
}
