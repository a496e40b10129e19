package dev.dormouse.room.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.KeyOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// S1: ranges, and changes laid over a listing.
class ListingTest {
  private final NavigableMap<String, String> map = KeyOrder.newMap();

  ListingTest() {
    for (String key : List.of("a", "b", "b1", "b2", "c", "\uffff", "🐁")) {
      map.put(key, key);
    }
  }

  private List<String> part(KeyRange range) {
    return List.copyOf(Listing.part(map, range).keySet());
  }

  @Test
  void a_range_is_half_open_and_narrowed_by_its_prefix() {
    assertThat(part(KeyRange.all())).hasSize(7);
    assertThat(part(KeyRange.all().from("b1"))).containsExactly("b1", "b2", "c", "\uffff", "🐁");
    assertThat(part(KeyRange.all().to("b1"))).containsExactly("a", "b");
    assertThat(part(KeyRange.prefixed("b"))).containsExactly("b", "b1", "b2");
    assertThat(part(KeyRange.prefixed("b").from("a").to("b2"))).containsExactly("b", "b1");
    assertThat(part(KeyRange.prefixed("b").from("b1").to("z"))).containsExactly("b1", "b2");
    assertThat(part(KeyRange.prefixed("\uffff"))).containsExactly("\uffff");
    assertThat(part(KeyRange.prefixed("🐁"))).containsExactly("🐁");
  }

  @Test
  void a_range_whose_ends_cross_is_empty() {
    assertThat(part(KeyRange.all().from("c").to("a"))).isEmpty();
    assertThat(part(KeyRange.all().from("b").to("b"))).isEmpty();
    assertThat(part(KeyRange.prefixed("b").from("c"))).isEmpty();
    assertThat(part(KeyRange.prefixed("b").to("a"))).isEmpty();
  }

  @Test
  void changes_replace_delete_and_add_in_either_direction() {
    Random random = new Random(1);
    for (int round = 0; round < 2_000; round++) {
      NavigableMap<String, byte[]> below = KeyOrder.newMap();
      NavigableMap<String, Optional<byte[]>> changes = KeyOrder.newMap();
      NavigableMap<String, byte[]> expected = KeyOrder.newMap();
      for (int i = random.nextInt(8); i > 0; i--) {
        below.put(key(random), new byte[] {1});
      }
      expected.putAll(below);
      for (int i = random.nextInt(8); i > 0; i--) {
        String key = key(random);
        if (random.nextBoolean()) {
          changes.put(key, Optional.of(new byte[] {2}));
          expected.put(key, new byte[] {2});
        } else {
          changes.put(key, Optional.empty());
          expected.remove(key);
        }
      }
      boolean reverse = random.nextBoolean();
      Iterator<Storage.Entry> laid = Listing.overlay(entries(below, reverse), changes, reverse);
      List<String> found = new ArrayList<>();
      laid.forEachRemaining(entry -> found.add(entry.key() + entry.value()[0]));
      List<String> wanted = new ArrayList<>();
      entries(expected, reverse).forEachRemaining(e -> wanted.add(e.key() + e.value()[0]));
      assertThat(found).as("round %d", round).isEqualTo(wanted);
      assertThat(catchThrowable(laid::next)).isInstanceOf(NoSuchElementException.class);
    }
  }

  private static String key(Random random) {
    String[] keys = {"a", "b", "c", "\uffff", "🐁", "🐁a"};
    return keys[random.nextInt(keys.length)];
  }

  private static Iterator<Storage.Entry> entries(
      NavigableMap<String, byte[]> map, boolean reverse) {
    return (reverse ? map.descendingMap() : map)
        .entrySet().stream().map(e -> new Storage.Entry(e.getKey(), e.getValue())).iterator();
  }

  @Test
  void an_entry_reads_as_text() {
    assertThat(new Storage.Entry("k", "größe".getBytes(StandardCharsets.UTF_8)).text())
        .isEqualTo("größe");
  }
}
