package dev.dormouse.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.CloseCode;
import dev.dormouse.room.Message;
import dev.dormouse.server.limits.Burden;
import dev.dormouse.server.limits.Unfinished;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.junit.jupiter.api.Test;

class AssemblyTest {
  private static final int LIMIT = 1_000;

  private final Assembly assembly = new Assembly(LIMIT, Burden.none(), _ -> {});

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

  @Test
  void a_message_that_was_given_up_does_not_go_on_as_another() {
    List<Unfinished.Why> told = new ArrayList<>();
    Burden burden = Burden.none();
    Assembly given = new Assembly(LIMIT, burden, told::add);
    given.end(Unfinished.Why.SLOW);
    assertThat(told).as("there is nothing to give up").isEmpty();

    given.add(frame(OpCode.BINARY, false, new byte[100]));
    assertThat(given.holds()).isEqualTo(100);
    given.end(Unfinished.Why.SLOW);
    assertThat(told).containsExactly(Unfinished.Why.SLOW);
    assertThat(burden.weight()).isZero();
    assertThat(given.add(frame(OpCode.CONTINUATION, true, (byte) 1)))
        .isEqualTo(new Assembly.Bad(CloseCode.TRY_LATER));
  }

  @Test
  void nothing_that_is_not_whole_grows_where_memory_is_full() {
    AtomicLong others = new AtomicLong();
    Burden burden = new Burden(1_000, others::get);
    Assembly waits = new Assembly(LIMIT, burden, _ -> {});
    assertThat(waits.add(frame(OpCode.BINARY, false, new byte[10])))
        .isInstanceOf(Assembly.Part.class);
    others.set(10_000);
    burden.weigh();
    assertThat(waits.add(frame(OpCode.CONTINUATION, false, new byte[20])))
        .isEqualTo(new Assembly.Bad(CloseCode.TRY_LATER));
    assertThat(burden.weight()).as("nothing is left of it").isEqualTo(10_000);
    assertThat(waits.add(frame(OpCode.BINARY, true, new byte[10])))
        .as("one that is whole")
        .isInstanceOf(Assembly.Whole.class);
  }
}
