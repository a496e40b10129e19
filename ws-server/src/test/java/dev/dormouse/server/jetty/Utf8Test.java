package dev.dormouse.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Utf8Test {
  /// Bytes at which the rules change, so that random sequences often come close to being right.
  private static final int[] EDGES = {
    0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec,
    0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff
  };

  @Test
  void every_character_is_valid_and_no_surrogate_is() {
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
        byte[] bytes = Character.toString(point).getBytes(StandardCharsets.UTF_8);
        assertThat(Utf8.valid(bytes)).as("U+%04X", point).isTrue();
        assertThat(bytes.length > 1 && Utf8.valid(Arrays.copyOf(bytes, bytes.length - 1)))
            .as("U+%04X cut short", point)
            .isFalse();
      }
    }
    assertThat(Utf8.valid(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80})).isFalse();
  }

  @Test
  void judges_as_the_jdk_does() {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    int good = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[random.nextInt(6)];
      for (int k = 0; k < bytes.length; k++) {
        bytes[k] = (byte) EDGES[random.nextInt(EDGES.length)];
      }
      boolean right = jdk(bytes);
      good += right ? 1 : 0;
      assertThat(Utf8.valid(bytes))
          .as("%s, seed %d", Arrays.toString(bytes), seed)
          .isEqualTo(right);
    }
    assertThat(good).isBetween(1_000, 199_000);
  }

  private static boolean jdk(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }
}
