package dev.dormouse.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.RawWebSocket;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// Where frames end, however they are cut.
class FrameBoundaryTest {
  private static final int[] LENGTHS = {0, 1, 2, 124, 125, 126, 127, 300, 65_535, 65_536, 70_000};

  /// A client's frames, and after how many bytes it is at rest.
  private record Sequence(byte[] bytes, BitSet rests) {}

  /// Whole messages, messages in parts, and control frames everywhere; some not masked, though that
  /// is wrong.
  private static Sequence random(Random random) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BitSet rests = new BitSet();
    rests.set(0);
    for (int i = 0; i < 12; i++) {
      int parts = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1;
      for (int part = 0; part < parts; part++) {
        boolean last = part == parts - 1;
        int opcode = part == 0 ? 1 + random.nextInt(2) : 0;
        write(bytes, random, (last ? 0x80 : 0) | opcode, LENGTHS[random.nextInt(LENGTHS.length)]);
        rests.set(bytes.size(), last);
        if (random.nextInt(3) == 0) {
          write(bytes, random, 0x89 + random.nextInt(2), random.nextInt(126));
          rests.set(bytes.size(), last);
        }
      }
    }
    return new Sequence(bytes.toByteArray(), rests);
  }

  private static void write(ByteArrayOutputStream to, Random random, int first, int length) {
    byte[] payload = new byte[length];
    random.nextBytes(payload);
    to.writeBytes(
        random.nextInt(8) == 0
            ? RawWebSocket.unmasked(first, payload)
            : RawWebSocket.encode(first, payload));
  }

  @RepeatedTest(200)
  void H3_is_seen_at_every_cut_of_random_frames() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Sequence frames = random(random);
    FrameBoundary boundary = new FrameBoundary();
    ByteBuffer bytes = ByteBuffer.wrap(frames.bytes());
    while (bytes.hasRemaining()) {
      int size = Math.min(bytes.remaining(), 1 + random.nextInt(random.nextBoolean() ? 4 : 4_000));
      boundary.add(bytes.slice(bytes.position(), size));
      bytes.position(bytes.position() + size);
      assertThat(boundary.atRest())
          .as("at %d of %d, seed %d", bytes.position(), bytes.capacity(), seed)
          .isEqualTo(frames.rests().get(bytes.position()));
    }
  }

  @Test
  void H3_is_seen_after_every_single_byte() {
    Random random = new Random(4_711);
    Sequence frames = random(random);
    FrameBoundary boundary = new FrameBoundary();
    List<Integer> wrong = new ArrayList<>();
    for (int i = 0; i < frames.bytes().length; i++) {
      boundary.add(ByteBuffer.wrap(frames.bytes(), i, 1));
      if (boundary.atRest() != frames.rests().get(i + 1)) {
        wrong.add(i);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void a_length_beyond_all_memory_is_never_at_rest_soon() {
    FrameBoundary boundary = new FrameBoundary();
    boundary.add(
        ByteBuffer.wrap(new byte[] {(byte) 0x82, 127, 0x7f, -1, -1, -1, -1, -1, -1, -1, 1, 2, 3}));
    assertThat(boundary.atRest()).isFalse();
  }
}
