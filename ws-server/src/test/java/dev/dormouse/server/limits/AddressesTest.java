package dev.dormouse.server.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AddressesTest {
  private final Addresses addresses = new Addresses();

  private static long key(String address) {
    return Addresses.key(InetAddress.ofLiteral(address));
  }

  @Test
  void each_address_is_counted_by_itself_up_to_the_most() {
    int slot = addresses.add(7, 2);

    assertThat(addresses.add(7, 2)).isEqualTo(slot);
    assertThat(addresses.add(7, 2)).isNegative();
    assertThat(addresses.add(8, 2)).isNotNegative().isNotEqualTo(slot);
    addresses.remove(slot);
    assertThat(addresses.add(7, 2)).isEqualTo(slot);
    assertThat(addresses.add(9, 0)).isNegative();
  }

  @Test
  void an_address_that_nobody_has_any_more_leaves_nothing() {
    int slot = addresses.add(7, 2);
    addresses.remove(slot);

    assertThat(addresses.size()).isZero();
    assertThatIllegalStateException().isThrownBy(() -> addresses.remove(slot));
  }

  @Test
  void a_household_of_IPv6_is_one_address_and_IPv4_is_nobody_elses() {
    assertThat(key("2001:db8:1:2::1")).isEqualTo(key("2001:db8:1:2:ffff::9"));
    assertThat(key("2001:db8:1:2::1")).isNotEqualTo(key("2001:db8:1:3::1"));
    assertThat(key("10.0.0.1")).isNotEqualTo(key("10.0.0.2"));
    assertThat(key("::1")).isNotEqualTo(key("0.0.0.1"));
    assertThat(key("255.255.255.255")).isNotEqualTo(key("0.0.0.0"));
  }

  @Test
  void it_counts_as_a_plain_map_does_however_many_come_and_go() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<Long, Integer> expected = new HashMap<>();
    List<long[]> inside = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      // Grows first, then shrinks, so that slots are used again.
      if (inside.isEmpty() || random.nextInt(20_000) > i) {
        long key = random.nextInt(3_000);
        int slot = addresses.add(key, 5);
        int count = expected.getOrDefault(key, 0);
        assertThat(slot >= 0).as("seed %s, step %s", seed, i).isEqualTo(count < 5);
        if (slot >= 0) {
          expected.put(key, count + 1);
          inside.add(new long[] {key, slot});
        }
      } else {
        long[] gone = inside.remove(random.nextInt(inside.size()));
        addresses.remove((int) gone[1]);
        expected.computeIfPresent(gone[0], (_, count) -> count == 1 ? null : count - 1);
      }
      assertThat(addresses.size()).as("seed %s, step %s", seed, i).isEqualTo(expected.size());
    }
  }
}
