package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// H3, C1: a connection that is parked between two words notices nothing of it, and neither does
/// its room.
@Timeout(60)
class ParkingIT extends WithParking {

  @AfterEach
  void nobody_is_left() throws InterruptedException {
    parked(0);
  }

  @Nested
  class What_a_client_says {
    @ParameterizedTest
    @ValueSource(strings = {"talk", "quick"})
    void H3_wakes_its_connection_as_often_as_it_likes(String namespace) throws Exception {
      try (RawWebSocket client = open("/" + namespace + "/wakes")) {
        for (int i = 0; i < 20; i++) {
          parked(1);
          assertThat(client.text("m" + i).readText()).isEqualTo("m" + i);
        }
      }
    }

    @Test
    void H3_may_come_a_byte_at_a_time_with_long_pauses() throws Exception {
      byte[] frame = RawWebSocket.encode(RawWebSocket.TEXT, "slow 🐭".getBytes(UTF_8));
      try (RawWebSocket client = open("/talk/bytes")) {
        for (byte b : frame) {
          Thread.sleep(LONG);
          client.bytes(new byte[] {b});
        }
        assertThat(client.readText()).isEqualTo("slow 🐭");
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 126, 70_000})
    void H3_may_be_split_anywhere_in_a_header(int length) throws Exception {
      byte[] payload = new byte[length];
      Arrays.fill(payload, (byte) 'x');
      byte[] frame = RawWebSocket.encode(RawWebSocket.TEXT, payload);
      try (RawWebSocket client = open("/talk/headers")) {
        for (int cut = 1; cut < 16; cut++) {
          int at = Math.min(cut, frame.length - 1);
          client.bytes(Arrays.copyOf(frame, at));
          Thread.sleep(LONG);
          assertThat(server.front().parked()).as("parked in a frame, at " + at).isZero();
          client.bytes(Arrays.copyOfRange(frame, at, frame.length));
          assertThat(client.next().payload()).isEqualTo(payload);
        }
      }
    }

    @Test
    void H3_keeps_its_connection_while_a_message_is_open() throws Exception {
      try (RawWebSocket client = open("/talk/parts")) {
        parked(1);
        client.frame(RawWebSocket.TEXT_PART);
        Thread.sleep(LONG);
        assertThat(server.front().parked()).isZero();
        assertThat(client.frame(RawWebSocket.PING, (byte) 7).next().payload()).containsExactly(7);
        Thread.sleep(LONG);
        client.frame(RawWebSocket.MORE, (byte) 'a');
        Thread.sleep(LONG);
        assertThat(server.front().parked()).isZero();
        assertThat(client.frame(RawWebSocket.LAST, (byte) 'b').readText()).isEqualTo("ab");
        parked(1);
      }
    }

    @Test
    void H3_may_be_many_frames_in_one_segment() throws Exception {
      ByteArrayOutputStream frames = new ByteArrayOutputStream();
      for (int i = 0; i < 500; i++) {
        frames.writeBytes(RawWebSocket.encode(RawWebSocket.TEXT, ("m" + i).getBytes(UTF_8)));
      }
      byte[] tail = RawWebSocket.encode(RawWebSocket.TEXT, "tail".getBytes(UTF_8));
      frames.writeBytes(Arrays.copyOf(tail, 3));
      try (RawWebSocket client = open("/quick/segment")) {
        parked(1);
        client.bytes(frames.toByteArray());
        for (int i = 0; i < 500; i++) {
          assertThat(client.readText()).isEqualTo("m" + i);
        }
        Thread.sleep(LONG);
        assertThat(server.front().parked()).isZero();
        client.bytes(Arrays.copyOfRange(tail, 3, tail.length));
        assertThat(client.readText()).isEqualTo("tail");
      }
    }

    @Test
    void H3_may_begin_in_the_segment_of_the_handshake() throws Exception {
      byte[] frame = RawWebSocket.encode(RawWebSocket.TEXT, "early".getBytes(UTF_8));
      String request =
          """
          GET /talk/early HTTP/1.1
          Host: localhost
          Upgrade: websocket
          Connection: Upgrade
          Sec-WebSocket-Version: 13
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

          """
              .replace("\n", "\r\n");
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(request.getBytes(UTF_8));
      all.writeBytes(Arrays.copyOf(frame, 4));
      try (RawWebSocket client = RawWebSocket.dial(server.port())) {
        client.bytes(all.toByteArray());
        assertThat(client.head().status()).isEqualTo(101);
        welcomed(client);
        Thread.sleep(LONG);
        assertThat(server.front().parked()).isZero();
        client.bytes(Arrays.copyOfRange(frame, 4, frame.length));
        assertThat(client.readText()).isEqualTo("early");
        parked(1);
      }
    }
  }

  @Nested
  class What_a_room_says {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536, 3_000_000})
    void C1_reaches_a_parked_connection(int length) throws Exception {
      try (RawWebSocket speaker = open("/talk/says" + length);
          RawWebSocket parked = open("/talk/says" + length)) {
        parked(2);
        String text = "x".repeat(Math.min(length, 90_000));
        speaker.text("others " + text);
        assertThat(parked.readText()).isEqualTo(text);
      }
    }

    @Test
    void H3_does_not_wake_a_connection_that_takes_it_at_once() throws Exception {
      try (RawWebSocket speaker = open("/talk/quiet");
          RawWebSocket parked = open("/talk/quiet")) {
        parked(2);
        long before = server.front().wakes();
        for (int i = 0; i < 50; i++) {
          speaker.text("others m" + i);
          assertThat(parked.readText()).isEqualTo("m" + i);
        }
        assertThat(server.front().wakes() - before).as("only the speaker woke").isLessThan(51);
        parked(2);
      }
    }

    @Test
    void C7_keeps_its_order_when_a_parked_client_reads_slowly() throws Exception {
      int messages = 40;
      String filler = "y".repeat(20_000);
      try (RawWebSocket speaker = open("/talk/slowly");
          RawWebSocket slow = RawWebSocket.dial(server.port(), 4_096)) {
        assertThat(slow.upgrade("/talk/slowly").status()).isEqualTo(101);
        welcomed(slow);
        for (int round = 0; round < 5; round++) {
          parked(2);
          for (int i = 0; i < messages; i++) {
            speaker.text("others " + i + filler);
          }
          Thread.sleep(LONG);
          for (int i = 0; i < messages; i++) {
            assertThat(slow.readText()).isEqualTo(i + filler);
          }
        }
      }
    }

    @Test
    void C7_goes_out_whole_and_in_order_when_the_kernel_takes_only_a_part() throws Exception {
      String filler = "p".repeat(20_000);
      try (RawWebSocket speaker = open("/talk/partly");
          RawWebSocket slow = RawWebSocket.dial(server.port(), 4_096)) {
        assertThat(slow.upgrade("/talk/partly").status()).isEqualTo(101);
        welcomed(slow);
        for (int round = 0; round < 3; round++) {
          parked(2);
          int said = 0;
          while (parkedAgain()) {
            assertThat(said).as("messages that fit into the kernel").isLessThan(2_000);
            speaker.text("others " + said++ + filler);
            // Told once the others have been told.
            assertThat(speaker.text("told").readText()).isEqualTo("told");
          }
          // What follows waits behind the rest of a frame.
          for (int i = 0; i < 10; i++) {
            speaker.text("others " + said++ + filler);
          }
          for (int i = 0; i < said; i++) {
            assertThat(slow.readText()).isEqualTo(i + filler);
          }
          assertThat(slow.text("still here").readText()).isEqualTo("still here");
        }
      }
    }

    /// Whether both are parked before long; one that has something left to send is not.
    private boolean parkedAgain() throws InterruptedException {
      for (int i = 0; i < 300 && server.front().parked() < 2; i++) {
        Thread.sleep(1);
      }
      return server.front().parked() == 2;
    }

    @Test
    void C7_closes_a_parked_client_that_never_reads() throws Exception {
      String filler = "z".repeat(90_000);
      try (RawWebSocket speaker = open("/talk/never");
          RawWebSocket slow = RawWebSocket.dial(server.port(), 4_096)) {
        assertThat(slow.upgrade("/talk/never").status()).isEqualTo(101);
        parked(2);
        for (int i = 0; i < 100; i++) {
          speaker.text("others " + filler);
        }
        assertThat(TalkRoom.seen("never")).isEqualTo("open");
        assertThat(TalkRoom.seen("never")).isEqualTo("open");
        assertThat(TalkRoom.seen("never")).isEqualTo("close 4000");
      }
    }

    @Test
    void C1_reaches_all_of_those_that_are_parked_and_those_that_are_not() throws Exception {
      List<RawWebSocket> clients = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        clients.add(open("/talk/mixed"));
      }
      for (int round = 0; round < 20; round++) {
        for (int i = round % 3; i < clients.size(); i += 3) {
          clients.get(i).frame(RawWebSocket.PING);
          assertThat(clients.get(i).next().first()).isEqualTo(RawWebSocket.PONG);
        }
        clients.get(round).text("all round " + round);
        for (RawWebSocket client : clients) {
          assertThat(client.readText()).isEqualTo("round " + round);
        }
        Thread.sleep(round % 4);
      }
      for (RawWebSocket client : clients) {
        client.close();
      }
    }
  }

  @Nested
  class The_end_of_a_parked_connection {
    @Test
    void C5_comes_by_the_clients_close() throws Exception {
      try (RawWebSocket client = open("/talk/bye")) {
        parked(1);
        assertThat(client.close(1000).readClose()).isEqualTo(1000);
        assertThat(client.ended()).isTrue();
      }
      expect("bye", "open", "close 1000");
    }

    @Test
    void C5_comes_by_the_room() throws Exception {
      try (RawWebSocket speaker = open("/talk/thrown");
          RawWebSocket parked = RawWebSocket.open(server.port(), "/talk/thrown?tag=out")) {
        welcomed(parked);
        parked(2);
        speaker.text("tagged out last words");
        assertThat(parked.readText()).isEqualTo("last words");
        speaker.text("close-tagged out");
        RawWebSocket.Frame close = parked.next();
        assertThat(close.first()).isEqualTo(RawWebSocket.CLOSE);
        assertThat(close.code()).isEqualTo(4321);
        parked.close(4321);
        assertThat(parked.ended()).isTrue();
        expect("thrown", "open", "open", "close 4321");
      }
    }

    @Test
    void C5_comes_by_half_closing() throws Exception {
      try (RawWebSocket client = open("/talk/half")) {
        parked(1);
        client.half();
        assertThat(client.ended()).isTrue();
      }
      expect("half", "open", "error", "close 1006");
    }

    @Test
    void C5_comes_by_a_reset() throws Exception {
      RawWebSocket client = open("/talk/reset");
      parked(1);
      client.reset();
      expect("reset", "open", "error", "close 1006");
    }

    @Test
    void C5_comes_when_a_message_to_a_client_that_is_gone_is_refused() throws Exception {
      try (RawWebSocket speaker = open("/talk/gone")) {
        RawWebSocket gone = open("/talk/gone");
        parked(2);
        gone.reset();
        for (int i = 0; i < 20; i++) {
          assertThat(speaker.text("others m" + i).text("and " + i).readText())
              .isEqualTo("and " + i);
        }
        expect("gone", "open", "open", "error", "close 1006");
      }
    }

    @Test
    void H3_does_not_come_by_silence() throws Exception {
      try (RawWebSocket client = open("/talk/silent")) {
        parked(1);
        Thread.sleep(1_500);
        parked(1);
        assertThat(client.text("still here").readText()).isEqualTo("still here");
      }
    }

    private void expect(String room, String... seen) throws InterruptedException {
      for (String each : seen) {
        assertThat(TalkRoom.seen(room)).isEqualTo(each);
      }
    }
  }

  @Test
  void H3_a_descriptor_that_is_used_again_at_once_is_another_connection() throws Exception {
    for (int i = 0; i < 300; i++) {
      RawWebSocket first = open("/talk/first" + i % 7);
      if (i % 2 == 0) {
        parked(1);
      }
      switch (i % 3) {
        case 0 -> first.reset();
        case 1 -> first.close(1000).close();
        default -> first.close();
      }
      try (RawWebSocket second = open("/talk/second" + i % 7)) {
        assertThat(second.text("mine " + i).readText()).isEqualTo("mine " + i);
      } catch (IOException e) {
        throw new AssertionError("round " + i, e);
      }
    }
  }
}
