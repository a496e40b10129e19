package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescriptorsTest {
  private static final long LIMIT = 20_000;
  private static final Descriptors PEER = new Descriptors(2, 3);

  @Test
  void a_server_with_one_for_each_connection_takes_all_but_the_reserve() {
    assertThat(Descriptors.ONE.fitting(19_500, LIMIT, true)).isEqualTo(19_500);
    assertThat(Descriptors.ONE.fitting(20_000, LIMIT, false)).isEqualTo(19_500);
  }

  @Test
  void what_fits_anyway_is_not_changed() {
    assertThat(PEER.fitting(5_000, LIMIT, true)).isEqualTo(5_000);
  }

  @Test
  void one_that_takes_two_holds_half_and_fewer_with_a_room_each() {
    assertThat(PEER.fitting(19_500, LIMIT, false)).isEqualTo(9_748);
    assertThat(PEER.fitting(19_500, LIMIT, true)).isEqualTo(9_300);
  }

  @Test
  void a_limit_too_low_for_any_holds_none() {
    assertThat(PEER.fitting(100, 256, true)).isZero();
  }

  /// Rooms awake at the end of the opening are those of the last 15 seconds.
  @ParameterizedTest
  @ValueSource(ints = {0, 100, 5_000, 9_300})
  void rooms_are_opened_no_faster_than_descriptors_come_back(int connections) {
    double awake = 15 * PEER.roomsPerSecond(connections, LIMIT);

    assertThat(connections * 2 + awake * 3).isLessThanOrEqualTo(LIMIT - Descriptors.RESERVE);
  }
}
