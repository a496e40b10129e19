package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the server makes of frames, right ones and wrong ones. Others are served on in every case.
class FramesIT extends WithServer {

  @Nested
  class Whole_messages {
    @ParameterizedTest
    @ValueSource(strings = {"talk", "quick"})
    void texts_and_bytes_come_back_as_they_were(String namespace) throws IOException {
      try (RawWebSocket client = open("/" + namespace + "/plain")) {
        assertThat(client.text("héllo 🐭").readText()).isEqualTo("héllo 🐭");
        assertThat(client.binary((byte) 0, (byte) 255).next().payload()).containsExactly(0, 255);
        assertThat(client.text("").readText()).isEmpty();
        assertThat(client.binary().next().payload()).isEmpty();
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {125, 126, 65_535, 65_536, TalkRoom.MESSAGE_BYTES})
    void every_length_field_is_understood(int length) throws IOException {
      byte[] payload = new byte[length];
      Arrays.fill(payload, (byte) 'x');
      try (RawWebSocket client = open("/talk/lengths")) {
        RawWebSocket.Frame back = client.frame(RawWebSocket.TEXT, payload).next();

        assertThat(back.first()).isEqualTo(RawWebSocket.TEXT);
        assertThat(back.payload()).isEqualTo(payload);
      }
    }

    @Test
    void messages_larger_than_the_way_out_go_out_whole() throws IOException {
      try (RawWebSocket client = open("/talk/large")) {
        assertThat(client.text("send 3000000").next().payload()).hasSize(3_000_000);
      }
    }
  }

  @Nested
  class Messages_in_parts {
    @Test
    void a_character_may_be_split_between_frames() throws IOException {
      byte[] mouse = "🐭".getBytes(UTF_8);
      try (RawWebSocket client = open("/talk/split")) {
        client.frame(RawWebSocket.TEXT_PART, mouse[0]);
        client.frame(RawWebSocket.MORE, mouse[1], mouse[2]);
        client.frame(RawWebSocket.MORE);

        assertThat(client.frame(RawWebSocket.LAST, mouse[3]).readText()).isEqualTo("🐭");
      }
    }

    @Test
    void a_ping_between_parts_is_answered_at_once() throws IOException {
      try (RawWebSocket client = open("/talk/ping")) {
        client.frame(RawWebSocket.TEXT_PART, (byte) 'a');
        RawWebSocket.Frame pong = client.frame(RawWebSocket.PING, (byte) 7).next();
        assertThat(pong.first()).isEqualTo(RawWebSocket.PONG);
        assertThat(pong.payload()).containsExactly(7);

        assertThat(client.frame(RawWebSocket.LAST, (byte) 'b').readText()).isEqualTo("ab");
      }
    }

    @Test
    void a_frame_may_come_a_byte_at_a_time() throws IOException {
      byte[] frames = RawWebSocket.encode(RawWebSocket.TEXT, "slow but sure 🐭".getBytes(UTF_8));
      try (RawWebSocket client = open("/talk/slow")) {
        for (byte b : frames) {
          client.bytes(new byte[] {b});
        }

        assertThat(client.readText()).isEqualTo("slow but sure 🐭");
      }
    }

    @Test
    void half_a_frame_harms_nobody_else() throws Exception {
      try (RawWebSocket half = open("/talk/half");
          RawWebSocket whole = open("/talk/half")) {
        half.bytes(Arrays.copyOf(RawWebSocket.encode(RawWebSocket.TEXT, new byte[50]), 20));
        assertThat(whole.text("still there").readText()).isEqualTo("still there");
        assertThat(TalkRoom.seen("half")).isEqualTo("open");
        assertThat(TalkRoom.seen("half")).isEqualTo("open");

        half.reset();

        assertThat(TalkRoom.seen("half")).isEqualTo("error");
        assertThat(TalkRoom.seen("half")).isEqualTo("close 1006");
        assertThat(whole.text("still there").readText()).isEqualTo("still there");
      }
    }

    @Test
    void pongs_that_nobody_asked_for_are_ignored() throws IOException {
      try (RawWebSocket client = open("/talk/pong")) {
        assertThat(client.frame(RawWebSocket.PONG, (byte) 1).text("x").readText()).isEqualTo("x");
      }
    }
  }

  @Nested
  class Wrong_frames {
    private void refused(int code, byte[]... frames) throws Exception {
      String room = "wrong-" + System.identityHashCode(frames);
      try (RawWebSocket client = open("/talk/" + room);
          RawWebSocket other = open("/talk/" + room)) {
        for (byte[] frame : frames) {
          client.bytes(frame);
        }

        assertThat(client.readClose()).isEqualTo(code);
        client.close(code);
        assertThat(client.ended()).isTrue();
        assertThat(other.text("fine").readText()).isEqualTo("fine");
        assertThat(TalkRoom.seen(room)).isEqualTo("open");
        assertThat(TalkRoom.seen(room)).isEqualTo("open");
        client.reset();
        String next = TalkRoom.seen(room);
        if (code == 1002 || next.equals("error")) {
          assertThat(next).isEqualTo("error");
          next = TalkRoom.seen(room);
        }
        assertThat(next).isEqualTo("close " + code);
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x83, 0x87, 0x8b, 0x8f})
    void an_unknown_opcode_is_1002(int first) throws Exception {
      refused(1002, RawWebSocket.encode(first, (byte) 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0xc1, 0xa1, 0x91, 0xf1})
    void a_reserved_bit_is_1002(int first) throws Exception {
      refused(1002, RawWebSocket.encode(first, (byte) 'x'));
    }

    @Test
    void a_frame_without_a_mask_is_1002() throws Exception {
      refused(1002, RawWebSocket.unmasked(RawWebSocket.TEXT, (byte) 'x'));
    }

    @Test
    void a_continuation_of_nothing_is_1002() throws Exception {
      refused(1002, RawWebSocket.encode(RawWebSocket.LAST, (byte) 'x'));
    }

    @Test
    void a_new_message_within_a_message_is_1002() throws Exception {
      refused(
          1002,
          RawWebSocket.encode(RawWebSocket.TEXT_PART, (byte) 'x'),
          RawWebSocket.encode(RawWebSocket.TEXT, (byte) 'x'));
    }

    @Test
    void a_control_frame_in_parts_is_1002() throws Exception {
      refused(1002, RawWebSocket.encode(0x09, (byte) 'x'));
    }

    @Test
    void a_control_frame_of_126_bytes_is_1002() throws Exception {
      refused(1002, RawWebSocket.encode(RawWebSocket.PING, new byte[126]));
    }

    @Test
    void a_close_frame_of_one_byte_is_1002() throws Exception {
      refused(1002, RawWebSocket.encode(RawWebSocket.CLOSE, (byte) 3));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1016, 2999, 5000})
    void a_close_code_that_must_not_be_sent_is_1002(int code) throws Exception {
      refused(1002, RawWebSocket.encode(RawWebSocket.CLOSE, (byte) (code >> 8), (byte) code));
    }

    @Test
    void a_text_that_is_not_utf_8_is_1007() throws Exception {
      refused(1007, RawWebSocket.encode(RawWebSocket.TEXT, (byte) 'a', (byte) 0xff));
    }

    @Test
    void a_text_that_ends_in_the_middle_of_a_character_is_1007() throws Exception {
      refused(
          1007,
          RawWebSocket.encode(RawWebSocket.TEXT_PART, (byte) 0xf0, (byte) 0x9f),
          RawWebSocket.encode(RawWebSocket.LAST, (byte) 0x90));
    }

    @Test
    void a_message_over_the_limit_is_1009() throws Exception {
      refused(1009, RawWebSocket.encode(RawWebSocket.BINARY, new byte[TalkRoom.MESSAGE_BYTES + 1]));
    }

    @Test
    void a_message_over_the_limit_in_parts_is_1009() throws Exception {
      refused(
          1009,
          RawWebSocket.encode(RawWebSocket.BINARY_PART, new byte[TalkRoom.MESSAGE_BYTES]),
          RawWebSocket.encode(RawWebSocket.LAST, (byte) 1));
    }

    @Test
    void a_length_beyond_all_reason_is_1009() throws Exception {
      byte[] header = {
        (byte) RawWebSocket.BINARY, (byte) 0xff, 0x7f, -1, -1, -1, -1, -1, -1, -1, 1, 2, 3, 4
      };
      refused(1009, header);
    }

    @Test
    void much_after_a_wrong_frame_does_not_hide_the_reason() throws Exception {
      refused(
          1002,
          RawWebSocket.encode(0x83, (byte) 1),
          RawWebSocket.encode(RawWebSocket.BINARY, new byte[50_000]),
          RawWebSocket.encode(RawWebSocket.BINARY, new byte[50_000]));
    }
  }
}
