package dev.dormouse.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Message;
import dev.dormouse.server.RawWebSocket;
import dev.dormouse.server.parking.Incoming;
import dev.dormouse.server.parking.Parked.After;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// How far a parked socket's frames are seen to, and what stays where it is.
class AttendanceTest {
  private static final int LIMIT = 1_000;

  /// What one look shows, in bytes.
  private static final int LOOK = 256;

  private final Line line = new Line();
  private final Told told = new Told();

  private After attend() {
    return Attendance.attend(told, line, LIMIT);
  }

  /// The bytes of a client, of which only those up to `there` have come.
  private static final class Line implements Incoming {
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private int there;
    private int taken;
    private int seen;
    private boolean over;

    void come(byte... bytes) {
      sent.writeBytes(bytes);
      there = sent.size();
    }

    @Override
    public @Nullable ByteBuffer look() {
      seen = Math.min(LOOK, there - taken);
      byte[] copy = Arrays.copyOfRange(sent.toByteArray(), taken, taken + seen);
      return over && seen == 0 ? null : ByteBuffer.wrap(copy);
    }

    @Override
    public boolean full() {
      return seen == LOOK;
    }

    @Override
    public boolean take(int count) {
      assertThat(count).isLessThanOrEqualTo(there - taken);
      taken += count;
      return true;
    }
  }

  /// A socket that spares its room all texts, and writes down what it is told.
  private static final class Told implements Doorstep {
    final List<String> log = new ArrayList<>();

    /// How many steps until something wakes it; forever if negative.
    int steps = -1;

    @Override
    public boolean spares(Message message) {
      return message instanceof Message.Text;
    }

    @Override
    public boolean pong(Incoming incoming, int size, byte[] answer, int pongs, int all) {
      incoming.take(size);
      ByteBuffer frames = ByteBuffer.wrap(answer);
      int count = 0;
      while (frames.hasRemaining()) {
        assertThat(frames.get()).isEqualTo((byte) RawWebSocket.PONG);
        byte[] payload = new byte[frames.get()];
        frames.get(payload);
        log.add("pong " + Arrays.toString(payload));
        count++;
      }
      assertThat(count).isEqualTo(pongs);
      return step();
    }

    @Override
    public boolean hear(Incoming incoming, int size, Message message) {
      incoming.take(size);
      log.add(message.toString());
      return step();
    }

    private boolean step() {
      return steps < 0 || --steps > 0;
    }
  }

  private static byte[] ping(int... payload) {
    byte[] bytes = new byte[payload.length];
    for (int i = 0; i < payload.length; i++) {
      bytes[i] = (byte) payload[i];
    }
    return RawWebSocket.encode(RawWebSocket.PING, bytes);
  }

  private static byte[] text(String text) {
    return RawWebSocket.encode(RawWebSocket.TEXT, Message.of(text).bytes());
  }

  @Nested
  class What_needs_no_room {
    @Test
    void C6_is_seen_to_in_order_and_the_socket_stays_parked() {
      line.come(ping(1));
      line.come(ping(2));
      line.come(text("a"));
      line.come(RawWebSocket.encode(RawWebSocket.PONG, (byte) 9));
      line.come(text("b"));
      line.come(ping());

      assertThat(attend()).isEqualTo(After.PARKED);
      assertThat(told.log).containsExactly("pong [1]", "pong [2]", "Text[a]", "Text[b]", "pong []");
      assertThat(line.taken).isEqualTo(line.there);
    }

    @Test
    void C6_is_nothing_when_nothing_has_come() {
      assertThat(attend()).isEqualTo(After.PARKED);
      line.over = true;
      assertThat(attend()).isEqualTo(After.AWAKE);
    }

    @Test
    void C6_is_left_when_something_has_woken_the_socket() {
      told.steps = 2;
      for (int i = 0; i < 4; i++) {
        line.come(text("m" + i));
      }

      assertThat(attend()).isEqualTo(After.AWAKE);
      assertThat(told.log).containsExactly("Text[m0]", "Text[m1]");
      assertThat(line.taken).isEqualTo(2 * text("m0").length);
    }

    @Test
    void C6_comes_in_turns_if_there_is_much_of_it() {
      for (int i = 0; i < 40; i++) {
        line.come(text("m" + i % 10));
      }

      assertThat(attend()).isEqualTo(After.PARKED_WITH_MORE);
      assertThat(told.log).hasSize(16);
      assertThat(attend()).isEqualTo(After.PARKED_WITH_MORE);
      assertThat(attend()).isEqualTo(After.PARKED);
      assertThat(told.log).hasSize(40);
    }

    @Test
    void C6_may_be_cut_by_the_end_of_a_look() {
      for (int i = 0; i < 100; i++) {
        line.come(ping(1, 2, 3));
      }
      int turns = 1;
      while (attend() == After.PARKED_WITH_MORE) {
        turns++;
      }

      assertThat(told.log).hasSize(100);
      assertThat(turns).isEqualTo(1 + 100 * ping(1, 2, 3).length / LOOK);
      assertThat(line.taken).isEqualTo(line.there);
    }
  }

  @Nested
  class What_stays_where_it_is {
    @Test
    void H3_is_a_message_for_the_room_with_all_that_follows() {
      line.come(ping(1));
      line.come(RawWebSocket.encode(RawWebSocket.BINARY, (byte) 2));
      line.come(ping(3));

      assertThat(attend()).isEqualTo(After.AWAKE);
      assertThat(told.log).containsExactly("pong [1]");
      assertThat(line.taken).isEqualTo(ping(1).length);
    }

    @Test
    void H3_is_a_frame_that_is_not_whole() {
      line.come(text("a"));
      line.come(Arrays.copyOf(ping(1, 2), 5));

      assertThat(attend()).isEqualTo(After.AWAKE);
      assertThat(told.log).containsExactly("Text[a]");
      assertThat(line.taken).isEqualTo(text("a").length);
    }

    @Test
    void H3_is_a_frame_that_is_longer_than_a_look() {
      line.come(text("x".repeat(LOOK)));

      assertThat(attend()).isEqualTo(After.AWAKE);
      assertThat(line.taken).isZero();
    }

    @Test
    void H3_is_a_close() {
      line.come(ping(1));
      line.come(RawWebSocket.encode(RawWebSocket.CLOSE, (byte) 3, (byte) -24));

      assertThat(attend()).isEqualTo(After.AWAKE);
      assertThat(line.taken).isEqualTo(ping(1).length);
    }
  }

  @RepeatedTest(200)
  void H3_nothing_is_taken_that_is_not_answered_whatever_comes_and_however_it_is_cut() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String which = "seed " + seed;
    List<String> answers = new ArrayList<>();
    List<Integer> ends = new ArrayList<>(List.of(0));
    byte[] stream = stream(random, answers, ends);
    line.sent.writeBytes(stream);

    After after = After.PARKED;
    for (int i = 0; after != After.AWAKE && line.taken < stream.length && i < 10_000; i++) {
      if (after == After.PARKED) {
        // The next segment, mostly up to the end of a frame.
        int until = ends.stream().filter(end -> end > line.taken).findFirst().orElse(stream.length);
        line.there = random.nextInt(20) == 0 ? line.there + 1 : until + random.nextInt(2) * LOOK;
        line.there = Math.min(stream.length, Math.max(line.there, line.taken));
      }
      after = attend();
    }

    assertThat(told.log).as(which).isEqualTo(answers.subList(0, told.log.size()));
    // Stray pongs are taken without an answer.
    assertThat(ends).as(which).contains(line.taken);
    assertThat(line.taken == stream.length || after == After.AWAKE).as(which).isTrue();
    if (line.taken == stream.length) {
      assertThat(told.log).as(which).hasSameSizeAs(answers);
    }
  }

  /// Frames to be answered; now and then ending in bytes that are no such frame.
  private static byte[] stream(Random random, List<String> answers, List<Integer> ends) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    for (int i = random.nextInt(60); i > 0; i--) {
      int length = random.nextInt(random.nextInt(10) == 0 ? 200 : 12);
      switch (random.nextInt(3)) {
        case 0 -> {
          byte[] payload = new byte[Math.min(length, 125)];
          random.nextBytes(payload);
          stream.writeBytes(RawWebSocket.encode(RawWebSocket.PING, payload));
          answers.add("pong " + Arrays.toString(payload));
        }
        case 1 -> {
          String text = i + "t".repeat(length);
          stream.writeBytes(text(text));
          answers.add("Text[" + text + "]");
        }
        default -> stream.writeBytes(RawWebSocket.encode(RawWebSocket.PONG));
      }
      ends.add(stream.size());
    }
    if (random.nextBoolean()) {
      byte[] odd = text("odd");
      switch (random.nextInt(4)) {
        case 0 -> odd[0] ^= (byte) 0x40;
        case 1 -> odd[0] &= 0x7f;
        case 2 -> odd[1] &= 0x7f;
        default -> odd[0] = (byte) RawWebSocket.BINARY;
      }
      stream.writeBytes(odd);
    }
    return stream.toByteArray();
  }
}
