package dev.dormouse.server.jetty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Message;
import dev.dormouse.server.RawWebSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.internal.Parser;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What can be said of a client's next bytes at a glance.
class LeadingFrameTest {
  private static final int LIMIT = 4_000;
  private static final int[] LENGTHS = {
    0, 1, 2, 3, 4, 5, 124, 125, 126, 127, 128, 300, 3_999, LIMIT
  };

  private static LeadingFrame of(byte... bytes) {
    return LeadingFrame.of(ByteBuffer.wrap(bytes), LIMIT);
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @Nested
  class A_good_frame {
    @Test
    void H3_is_known_when_its_last_byte_is_there_and_not_before() {
      Random random = new Random(1);
      for (int length : LENGTHS) {
        byte[] payload = bytes(random, length);
        byte[] frame = RawWebSocket.encode(RawWebSocket.BINARY, payload);
        for (int cut = 0; cut < frame.length; cut++) {
          assertThat(of(Arrays.copyOf(frame, cut)))
              .as("%d of %d bytes", cut, frame.length)
              .isEqualTo(LeadingFrame.UNFINISHED);
        }
        LeadingFrame whole = new LeadingFrame.Whole(frame.length, Message.of(payload));
        assertThat(of(frame)).isEqualTo(whole);
        assertThat(of(Arrays.copyOf(frame, frame.length + 9))).as("more follows").isEqualTo(whole);
      }
    }

    @Test
    void H3_is_looked_at_where_the_buffer_is_and_the_buffer_stays_there() {
      byte[] frame = RawWebSocket.encode(RawWebSocket.TEXT, "mouse 🐭".getBytes(UTF_8));
      ByteBuffer amid = ByteBuffer.allocate(100).position(17).put(frame).flip().position(17);

      assertThat(LeadingFrame.of(amid, LIMIT))
          .isEqualTo(new LeadingFrame.Whole(frame.length, Message.of("mouse 🐭")));
      assertThat(amid.position()).isEqualTo(17);
      assertThat(amid.limit()).isEqualTo(17 + frame.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 124, 125})
    void H3_may_be_a_ping_or_a_pong(int length) {
      byte[] payload = bytes(new Random(length), length);

      assertThat(of(RawWebSocket.encode(RawWebSocket.PING, payload)))
          .isInstanceOfSatisfying(
              LeadingFrame.Ping.class,
              ping -> {
                assertThat(ping.payload()).isEqualTo(payload);
                assertThat(ping.size()).isEqualTo(length + 6);
              });
      assertThat(of(RawWebSocket.encode(RawWebSocket.PONG, payload)))
          .isEqualTo(new LeadingFrame.Pong(length + 6));
    }
  }

  @Nested
  class For_jetty_to_judge {
    private static final byte[] PAYLOAD = "0123456789".getBytes(UTF_8);

    @Test
    void is_a_frame_without_a_mask() {
      for (int first : new int[] {RawWebSocket.TEXT, RawWebSocket.BINARY, RawWebSocket.PING}) {
        assertThat(of(RawWebSocket.unmasked(first, PAYLOAD))).isEqualTo(LeadingFrame.OTHER);
      }
    }

    @Test
    void is_every_first_byte_but_four() {
      for (int first = 0; first < 256; first++) {
        LeadingFrame found = of(RawWebSocket.encode(first, PAYLOAD));
        switch (first) {
          case RawWebSocket.TEXT, RawWebSocket.BINARY ->
              assertThat(found).isInstanceOf(LeadingFrame.Whole.class);
          case RawWebSocket.PING -> assertThat(found).isInstanceOf(LeadingFrame.Ping.class);
          case RawWebSocket.PONG -> assertThat(found).isInstanceOf(LeadingFrame.Pong.class);
          default -> assertThat(found).as("%02x", first).isEqualTo(LeadingFrame.OTHER);
        }
      }
    }

    @Test
    void is_a_control_frame_that_is_too_long() {
      assertThat(of(RawWebSocket.encode(RawWebSocket.PING, new byte[126])))
          .isEqualTo(LeadingFrame.OTHER);
      assertThat(of(RawWebSocket.encode(RawWebSocket.PONG, new byte[300])))
          .isEqualTo(LeadingFrame.OTHER);
    }

    @Test
    void is_a_length_that_takes_more_bytes_than_it_needs() {
      byte[] two = new byte[8 + 125];
      two[0] = (byte) RawWebSocket.TEXT;
      two[1] = (byte) (0x80 | 126);
      two[3] = 125;
      assertThat(of(two)).isEqualTo(LeadingFrame.OTHER);

      byte[] eight = new byte[14 + 5];
      eight[0] = (byte) RawWebSocket.TEXT;
      eight[1] = (byte) (0x80 | 127);
      eight[9] = 5;
      assertThat(of(eight)).isEqualTo(LeadingFrame.OTHER);
    }

    @Test
    void is_a_message_that_is_too_long_before_all_of_it_is_there() {
      byte[] frame = RawWebSocket.encode(RawWebSocket.BINARY, new byte[LIMIT + 1]);

      assertThat(of(frame)).isEqualTo(LeadingFrame.OTHER);
      assertThat(of(Arrays.copyOf(frame, 4))).isEqualTo(LeadingFrame.OTHER);
      assertThat(of(RawWebSocket.encode(RawWebSocket.BINARY, new byte[70_000])))
          .isEqualTo(LeadingFrame.OTHER);
      assertThat(LeadingFrame.of(ByteBuffer.wrap(frame), 65_535))
          .isInstanceOf(LeadingFrame.Whole.class);
    }

    @Test
    void is_a_text_that_is_not_UTF_8() {
      byte[] overlong = {(byte) 0xc0, (byte) 0x80};
      byte[] half = Arrays.copyOf("🐭".getBytes(UTF_8), 3);

      assertThat(of(RawWebSocket.encode(RawWebSocket.TEXT, overlong)))
          .isEqualTo(LeadingFrame.OTHER);
      assertThat(of(RawWebSocket.encode(RawWebSocket.TEXT, half))).isEqualTo(LeadingFrame.OTHER);
      assertThat(of(RawWebSocket.encode(RawWebSocket.BINARY, half)))
          .isInstanceOf(LeadingFrame.Whole.class);
    }
  }

  @RepeatedTest(50)
  void H3_what_is_taken_for_a_frame_is_the_frame_that_jetty_sees() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] mutant = mutant(random);
      // Jetty unmasks the buffer that it is given.
      Seen seen =
          switch (of(mutant)) {
            case LeadingFrame.Whole(int size, Message message) ->
                new Seen(size, FrameEncoder.opCode(message), message.bytes());
            case LeadingFrame.Ping(int size, byte[] payload) ->
                new Seen(size, OpCode.PING, payload);
            case LeadingFrame.Pong(int size) -> new Seen(size, OpCode.PONG, new byte[0]);
            case LeadingFrame.Unfinished _ -> null;
            case LeadingFrame.Other _ -> null;
          };
      if (seen != null) {
        compare(seen, mutant, "seed " + seed + ", mutant " + i);
      }
    }
  }

  private record Seen(int size, byte opCode, byte[] payload) {}

  private static void compare(Seen seen, byte[] bytes, String which) {
    Configuration.ConfigurationCustomizer plain = new Configuration.ConfigurationCustomizer();
    plain.setAutoFragment(false);
    plain.setMaxFrameSize(0);
    Parser jetty = new Parser(new ByteBufferPool.NonPooling(), plain);
    ByteBuffer buffer = ByteBuffer.wrap(bytes.clone());
    Frame.Parsed frame = jetty.parse(buffer);
    assertThat(frame).as(which).isNotNull();
    assertThat(buffer.position()).as(which).isEqualTo(seen.size());
    assertThat(frame.getOpCode()).as(which).isEqualTo(seen.opCode());
    assertThat(frame.isFin()).as(which).isTrue();
    assertThat(frame.isRsv1() || frame.isRsv2() || frame.isRsv3()).as(which).isFalse();
    assertThat(frame.isMasked()).as(which).isTrue();
    if (seen.opCode() != OpCode.PONG) {
      byte[] payload = new byte[frame.getPayloadLength()];
      if (frame.hasPayload()) {
        frame.getPayload().get(payload);
      }
      assertThat(payload).as(which).isEqualTo(seen.payload());
    }
  }

  /// A good frame or none, cut, lengthened, and with some bits turned, mostly in its header.
  private static byte[] mutant(Random random) {
    if (random.nextInt(10) == 0) {
      return bytes(random, random.nextInt(40));
    }
    int first = 0x80 | (random.nextBoolean() ? 1 + random.nextInt(2) : 9 + random.nextInt(2));
    byte[] frame =
        RawWebSocket.encode(first, bytes(random, LENGTHS[random.nextInt(LENGTHS.length)]));
    if (random.nextInt(3) == 0) {
      frame = Arrays.copyOf(frame, random.nextInt(frame.length + 20));
    }
    for (int turns = random.nextInt(3); turns > 0 && frame.length > 0; turns--) {
      int at = random.nextInt(random.nextBoolean() ? Math.min(14, frame.length) : frame.length);
      frame[at] ^= (byte) (1 << random.nextInt(8));
    }
    return frame;
  }
}
