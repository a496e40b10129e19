package dev.dormouse.room.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// S1: the order of keys.
class KeyOrderTest {

  private static int inUtf8(String a, String b) {
    return Integer.signum(
        Arrays.compareUnsigned(
            a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));
  }

  /// Text of few characters, each at an edge of UTF-8 or UTF-16.
  private static String text(Random random) {
    int[] points = {'a', 'b', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff};
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.toString();
  }

  @Test
  void S1_is_that_of_the_UTF_8_bytes() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      String a = text(random);
      String b = text(random);
      assertThat(Integer.signum(KeyOrder.UTF8.compare(a, b)))
          .as("'%s' and '%s'", a, b)
          .isEqualTo(inUtf8(a, b));
    }
  }

  @Test
  void S1_differs_from_that_of_Java_where_surrogates_meet_late_characters() {
    String late = "\uffff";
    String beyond = Character.toString(0x10000);
    assertThat(late.compareTo(beyond)).isPositive();
    assertThat(KeyOrder.UTF8.compare(late, beyond)).isNegative();
  }

  @Test
  void S1_what_follows_a_prefix_is_the_smallest_text_beyond_it() {
    Random random = new Random(2);
    for (int i = 0; i < 20_000; i++) {
      String prefix = text(random);
      String after = KeyOrder.after(prefix);
      String other = text(random);
      if (after != null && !prefix.isEmpty()) {
        assertThat(inUtf8(prefix, after)).isNegative();
        assertThat(inUtf8(prefix + other, after)).as("'%s' + '%s'", prefix, other).isNegative();
        if (inUtf8(other, prefix) > 0 && !other.startsWith(prefix)) {
          assertThat(inUtf8(other, after)).isNotNegative();
        }
      }
    }
  }

  @Test
  void S1_steps_over_the_surrogates_and_stops_at_the_last_character() {
    String last = Character.toString(Character.MAX_CODE_POINT);
    assertThat(KeyOrder.after("a")).isEqualTo("b");
    assertThat(KeyOrder.after("a\ud7ff")).isEqualTo("a\ue000");
    assertThat(KeyOrder.after("\uffff")).isEqualTo(Character.toString(0x10000));
    assertThat(KeyOrder.after("a" + last)).isEqualTo("b");
    assertThat(KeyOrder.after(last + last)).isNull();
    assertThat(KeyOrder.after("")).isNull();
  }

  @Test
  void S1_a_new_map_is_in_that_order() {
    var map = KeyOrder.<Integer>newMap();
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      map.put(text(random), i);
    }
    List<String> keys = new ArrayList<>(map.keySet());
    for (int i = 1; i < keys.size(); i++) {
      assertThat(inUtf8(keys.get(i - 1), keys.get(i))).isNegative();
    }
  }
}
