package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.dormouse.server.jetty.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// C6, H3: what needs no room needs no connection of Jetty's either, however it comes.
@Timeout(60)
class AttendedIT extends WithPorter {
  @BeforeAll
  static void on_a_transport_that_can_look() {
    assumeThat(server.front().transport())
        .as("only epoll looks at what has come without reading it")
        .isEqualTo(Transport.EPOLL);
  }

  /// All of them are parked, and nobody has woken since the test counted.
  private void stillParked(int count, int frames) throws InterruptedException {
    for (int i = 0; i < 1_000 && attended() < frames; i++) {
      Thread.sleep(1);
    }
    assertThat(attended()).as("frames seen to").isEqualTo(frames);
    assertThat(unparked()).as("sockets woken").isZero();
    assertThat(server.front().parked()).as("parked").isEqualTo(count);
  }

  @Nested
  class A_parked_socket_stays_parked {
    @Test
    void C6_when_its_client_pings() throws Exception {
      try (RawWebSocket client = open("/talk/pings")) {
        parked(1);
        count();
        for (int length : new int[] {0, 1, 4, 125}) {
          client.bytes(ping("p".repeat(length)));
          pong(client, "p".repeat(length));
        }
        client.bytes(together(ping("a"), ping("b"), ping("")));
        pong(client, "a");
        pong(client, "b");
        pong(client, "");
        stillParked(1, 7);
      }
    }

    @Test
    void C6_when_its_client_sends_a_stray_pong() throws Exception {
      try (RawWebSocket client = open("/talk/pongs")) {
        parked(1);
        count();
        client.frame(RawWebSocket.PONG).frame(RawWebSocket.PONG, (byte) 1);
        client.bytes(together(frame(RawWebSocket.PONG, "stray"), ping("p")));
        pong(client, "p");
        stillParked(1, 1);
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"talk", "quick", "door", "quick-door"})
    void C6_when_the_automatic_response_answers(String namespace) throws Exception {
      try (RawWebSocket client = open("/" + namespace + "/beats")) {
        parked(1);
        count();
        long before = server.counters().autoResponses.sum();
        said(client.text("beat"), "heart");
        said(client.bytes(together(text("beat"), ping("p"), text("beat"))), "heart");
        pong(client, "p");
        said(client, "heart");
        stillParked(1, 4);
        // Counted a moment after they have gone out.
        for (int i = 0; i < 1_000 && server.counters().autoResponses.sum() < before + 3; i++) {
          Thread.sleep(1);
        }
        assertThat(server.counters().autoResponses.sum() - before).isEqualTo(3);
      }
    }

    @Test
    void C6_when_a_doorman_answers_or_relays() throws Exception {
      try (RawWebSocket ada = enter("door/relays");
          RawWebSocket bob = enter("door/relays")) {
        parked(2);
        count();
        said(ada.text("echo hello"), "hello");
        ada.text("relay from ada");
        said(bob, "from ada");
        bob.bytes(together(text("relay 1"), text("relay 2"), ping("p"), text("relay 3")));
        said(ada, "1", "2", "3");
        pong(bob, "p");
        stillParked(2, 6);
      }
    }

    /// The bytes are those of `y-protocols/awareness`: type, length, how many clients, and of each
    /// its number, its clock and its state.
    @Test
    void C6_when_editors_move_their_cursors() throws Exception {
      String state = "{\"user\":{\"name\":\"Ada\"},\"cursor\":5}";
      byte[] cursor = awareness(7, 1, state);
      byte[] later = awareness(7, 2, state.replace("5", "6"));
      byte[] sync = HexFormat.of().parseHex("00000100");
      try (RawWebSocket ada = RawWebSocket.open(server.port(), "/collab/cursors");
          RawWebSocket bob = RawWebSocket.open(server.port(), "/collab/cursors")) {
        settle(ada);
        settle(bob);
        parked(2);
        count();
        ada.binary(cursor);
        assertThat(bob.next().payload()).isEqualTo(cursor);
        ada.binary(later);
        assertThat(bob.next().payload()).isEqualTo(later);
        bob.binary((byte) 3);
        assertThat(bob.next().payload()).as("asked who is there").isEqualTo(later);
        stillParked(2, 3);

        // What concerns the document is the room's.
        ada.binary(sync);
        assertThat(ada.next().payload()).startsWith(0, 1);
        woken(1);
        parked(2);
      }
    }

    /// Reads what the room says to a newcomer: up to its answer to our first step.
    private void settle(RawWebSocket editor) throws IOException {
      editor.binary(HexFormat.of().parseHex("00000100"));
      while (editor.next().payload()[1] != 1) {}
    }

    private byte[] awareness(int client, int clock, String state) {
      ByteArrayOutputStream update = new ByteArrayOutputStream();
      update.write(1);
      update.write(client);
      update.write(clock);
      update.write(state.length());
      update.writeBytes(state.getBytes(UTF_8));
      ByteArrayOutputStream message = new ByteArrayOutputStream();
      message.write(1);
      message.write(update.size());
      message.writeBytes(update.toByteArray());
      return message.toByteArray();
    }
  }

  @Nested
  class However_it_comes {
    @Test
    void H3_byte_by_byte() throws Exception {
      byte[] all = together(ping("p"), text("echo e"), text("beat"), text("room"));
      try (RawWebSocket client = enter("door/bytes")) {
        parked(1);
        for (int i = 0; i < all.length; i++) {
          if (i % 5 == 0) {
            Thread.sleep(LONG);
          }
          client.bytes(new byte[] {all[i]});
        }
        pong(client, "p");
        said(client, "e", "heart", "room");
        parked(1);
      }
    }

    @Test
    void H3_half_a_frame_then_silence_then_the_rest() throws Exception {
      byte[][] frames = {text("echo 1"), ping("p"), text("echo 2"), text("room")};
      byte[] all = together(frames);
      List<Integer> ends = new ArrayList<>();
      for (byte[] frame : frames) {
        ends.add(frame.length + (ends.isEmpty() ? 0 : ends.getLast()));
      }
      try (RawWebSocket client = enter("door/halves")) {
        for (int cut = 1; cut < all.length; cut++) {
          parked(1);
          client.bytes(Arrays.copyOf(all, cut));
          if (cut % 4 == 0) {
            if (!ends.contains(cut)) {
              // Half a frame brings it back, however late the server's thread gets to it.
              parked(0);
            }
            Thread.sleep(LONG);
            if (!ends.contains(cut)) {
              assertThat(server.front().parked()).as("parked in a frame, at " + cut).isZero();
            }
          }
          client.bytes(Arrays.copyOfRange(all, cut, all.length));
          said(client, "1");
          pong(client, "p");
          said(client, "2", "room");
        }
      }
    }

    @Test
    void H3_wrong() throws Exception {
      byte[] unmasked = RawWebSocket.unmasked(RawWebSocket.PING);
      byte[] reserved = frame(RawWebSocket.TEXT | 0x40, "beat");
      byte[] bad = RawWebSocket.encode(RawWebSocket.TEXT, (byte) 0xff);
      int[] codes = {1002, 1002, 1007};
      int i = 0;
      for (byte[] wrong : new byte[][] {unmasked, reserved, bad}) {
        try (RawWebSocket client = enter("door/wrong")) {
          parked(1);
          client.bytes(together(ping("p"), text("echo e"), wrong));
          pong(client, "p");
          said(client, "e");
          assertThat(client.readClose()).isEqualTo(codes[i++]);
        }
        parked(0);
      }
    }

    @Test
    void C5_with_a_close_behind_it() throws Exception {
      try (RawWebSocket client = enter("door/bye")) {
        parked(1);
        client.bytes(
            together(
                ping("p"),
                text("beat"),
                RawWebSocket.encode(RawWebSocket.CLOSE, (byte) 3, (byte) 0xe8)));
        pong(client, "p");
        said(client, "heart");
        assertThat(client.readClose()).isEqualTo(1000);
        assertThat(client.ended()).isTrue();
      }
    }

    @Test
    void C5_with_its_end_behind_it() throws Exception {
      try (RawWebSocket client = enter("door/end")) {
        parked(1);
        client.bytes(together(ping("p"), text("others never"), text("echo e"))).half();
        pong(client, "p");
        said(client, "e");
        assertThat(client.ended()).isTrue();
      }
    }
  }
}
