package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
  private final Frames frames = new Frames();
  private final List<String> heard = new ArrayList<>();

  @Nested
  class Writing {
    /// The masked example of RFC 6455, section 5.7.
    @Test
    void hello_is_written_as_the_rfc_writes_it() {
      byte[] into = new byte[64];

      int end = Frames.write(into, 3, Frames.TEXT, bytes("Hello"), 5, 0x37fa213d);

      assertThat(Arrays.copyOfRange(into, 3, end))
          .containsExactly(0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 70_000})
    void every_length_is_written_in_the_shortest_form_and_unmasks_to_what_it_was(int length) {
      byte[] payload = new byte[length];
      for (int i = 0; i < length; i++) {
        payload[i] = (byte) (i * 31);
      }
      byte[] into = new byte[length + Frames.MAX_HEADER];

      int end = Frames.write(into, 0, Frames.BINARY, payload, length, 0x01020384);

      int lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8;
      int header = 2 + lengthBytes + 4;
      assertThat(end).isEqualTo(header + length);
      assertThat(into[1] & 0x80).as("mask bit").isEqualTo(0x80);
      assertThat(unmasked(into, header, length)).isEqualTo(payload);
    }

    private static byte[] unmasked(byte[] frame, int header, int length) {
      byte[] payload = new byte[length];
      for (int i = 0; i < length; i++) {
        payload[i] = (byte) (frame[header + i] ^ frame[header - 4 + i % 4]);
      }
      return payload;
    }
  }

  @Nested
  class Reading {
    @Test
    void frames_that_come_together_are_told_in_order() {
      read(join(frame(Frames.TEXT, "one"), frame(Frames.PING, ""), frame(Frames.TEXT, "two")));

      assertThat(heard).containsExactly("1:one", "9:", "1:two");
    }

    @Test
    void frames_that_come_byte_by_byte_are_told_once_each() {
      for (byte one : join(frame(Frames.TEXT, "one"), frame(Frames.TEXT, "x".repeat(300)))) {
        read(new byte[] {one});
      }

      assertThat(heard).containsExactly("1:one", "1:" + "x".repeat(300));
    }

    @Test
    void a_frame_cut_anywhere_is_whole_again_with_the_next_piece() {
      byte[] all = join(frame(Frames.TEXT, "one"), frame(Frames.BINARY, "y".repeat(130)));
      for (int cut = 0; cut <= all.length; cut++) {
        heard.clear();
        read(Arrays.copyOfRange(all, 0, cut));
        read(Arrays.copyOfRange(all, cut, all.length));

        assertThat(heard).as("cut at %d", cut).containsExactly("1:one", "2:" + "y".repeat(130));
      }
    }

    @Test
    void a_long_length_is_understood() {
      String text = "z".repeat(70_000);

      read(frame(Frames.TEXT, text));

      assertThat(heard).containsExactly("1:" + text);
    }

    @Test
    void a_masked_frame_is_refused() {
      refused(new byte[] {(byte) 0x81, (byte) 0x80, 1, 2, 3, 4});
    }

    @Test
    void a_reserved_bit_is_refused() {
      refused(new byte[] {(byte) 0xc1, 0});
    }

    @Test
    void a_fragment_is_refused() {
      refused(new byte[] {0x01, 1, 'a'});
    }

    @Test
    void a_length_that_cannot_be_is_refused() {
      refused(new byte[] {(byte) 0x82, 127, -1, 0, 0, 0, 0, 0, 0, 0});
    }

    private void refused(byte[] bytes) {
      assertThatExceptionOfType(WireException.class).isThrownBy(() -> read(bytes));
    }
  }

  private void read(byte[] piece) {
    frames.read(
        piece,
        piece.length,
        (opcode, bytes, offset, length) ->
            heard.add(opcode + ":" + new String(bytes, offset, length, StandardCharsets.UTF_8)));
  }

  /// A frame as a server sends it.
  private static byte[] frame(int opcode, String payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(0x80 | opcode);
    int length = payload.length();
    if (length < 126) {
      frame.write(length);
    } else if (length < 65_536) {
      frame.write(126);
      frame.write(length >>> 8);
      frame.write(length);
    } else {
      frame.write(127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) length >>> shift));
      }
    }
    frame.writeBytes(bytes(payload));
    return frame.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
