package dev.dormouse.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.CloseCode;
import dev.dormouse.room.Message;
import dev.dormouse.server.limits.Burden;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.junit.jupiter.api.Test;

class AssemblyTest {
  private static final int LIMIT = 1_000;

  private final Assembly assembly = new Assembly(LIMIT, Burden.none());

  private static Frame frame(byte opCode, boolean fin, byte... payload) {
    return new Frame(opCode, fin, ByteBuffer.wrap(payload));
  }

  @Test
  void a_frame_by_itself_is_a_message() {
    assertThat(assembly.add(frame(OpCode.TEXT, true, (byte) 'a')))
        .isEqualTo(new Assembly.Whole(Message.of("a")));
    assertThat(assembly.add(frame(OpCode.BINARY, true, (byte) -1)))
        .isEqualTo(new Assembly.Whole(Message.of(new byte[] {-1})));
    assertThat(assembly.add(new Frame(OpCode.TEXT))).isEqualTo(new Assembly.Whole(Message.of("")));
  }

  @Test
  void however_a_message_is_cut_it_comes_out_whole() {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 1_000; round++) {
      byte[] message = new byte[random.nextInt(LIMIT + 1)];
      random.nextBytes(message);
      int at = 0;
      Assembly.Step step = new Assembly.Part();
      byte opCode = OpCode.BINARY;
      while (step instanceof Assembly.Part) {
        int next = Math.min(message.length, at + random.nextInt(100));
        boolean fin = next == message.length && random.nextBoolean();
        step = assembly.add(frame(opCode, fin, Arrays.copyOfRange(message, at, next)));
        at = next;
        opCode = OpCode.CONTINUATION;
      }
      assertThat(step).as("seed %d", seed).isEqualTo(new Assembly.Whole(Message.of(message)));
    }
  }

  @Test
  void the_limit_counts_all_parts_and_the_next_message_begins_anew() {
    assertThat(assembly.add(frame(OpCode.BINARY, true, new byte[LIMIT])))
        .isInstanceOf(Assembly.Whole.class);
    assertThat(assembly.add(frame(OpCode.BINARY, true, new byte[LIMIT + 1])))
        .isEqualTo(new Assembly.Bad(CloseCode.TOO_BIG));
    assertThat(assembly.add(frame(OpCode.BINARY, false, new byte[LIMIT])))
        .isInstanceOf(Assembly.Part.class);
    assertThat(assembly.add(frame(OpCode.CONTINUATION, false, (byte) 1)))
        .isEqualTo(new Assembly.Bad(CloseCode.TOO_BIG));
    assertThat(assembly.add(frame(OpCode.BINARY, true, (byte) 1)))
        .isEqualTo(new Assembly.Whole(Message.of(new byte[] {1})));
  }

  @Test
  void a_character_may_be_cut_but_must_end() {
    byte[] mouse = "🐭".getBytes(StandardCharsets.UTF_8);
    assembly.add(frame(OpCode.TEXT, false, mouse[0], mouse[1]));
    assertThat(assembly.add(frame(OpCode.CONTINUATION, true, mouse[2], mouse[3])))
        .isEqualTo(new Assembly.Whole(Message.of("🐭")));

    assembly.add(frame(OpCode.TEXT, false, mouse[0], mouse[1]));
    assertThat(assembly.add(frame(OpCode.CONTINUATION, true, mouse[2])))
        .isEqualTo(new Assembly.Bad(CloseCode.BAD_PAYLOAD));
  }

  @Test
  void bytes_may_be_anything() {
    assertThat(assembly.add(frame(OpCode.BINARY, true, (byte) 0xff)))
        .isInstanceOf(Assembly.Whole.class);
  }
}
