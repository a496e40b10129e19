package dev.dormouse.loadtest.million;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.dormouse.loadtest.Descriptors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {
  @Test
  void one_server_is_enough_where_the_limit_allows_it() {
    Plan plan = Plan.of(1_000_000, 2_000, 10, 1_048_576);

    assertThat(plan.shares()).containsExactly(new Plan.Share(0, 1_000_000));
  }

  @Test
  void a_million_with_20_000_descriptors_each_takes_52_servers() {
    assertThat(Plan.of(1_000_000, 2_000, 10, 20_000).servers()).isEqualTo(52);
  }

  @ParameterizedTest
  @CsvSource({
    "1000000, 2000, 10, 20000",
    "20000, 500, 10, 20000",
    "40000, 0, 7, 20000",
    "39001, 2000, 1, 20000",
    "1, 0, 10, 20000",
    "123457, 19999, 100, 4096",
    "19500, 0, 10, 20000",
    "19501, 0, 1, 20000"
  })
  void every_connection_has_one_server_no_room_is_torn_apart_and_no_process_has_too_many(
      int connections, int users, int perRoom, long limit) {
    Plan plan = Plan.of(connections, users, perRoom, limit);

    int next = 0;
    for (Plan.Share share : plan.shares()) {
      assertThat(share.first()).isEqualTo(next);
      assertThat(share.first() % perRoom).isZero();
      assertThat(share.connections()).isPositive();
      assertThat(share.connections() + Math.ceilDiv(users, plan.servers()))
          .isLessThanOrEqualTo((int) limit - Descriptors.RESERVE);
      next += share.connections();
    }
    assertThat(next).isEqualTo(connections);
    assertThat(plan.connections()).isEqualTo(connections);
  }

  @Test
  void no_more_servers_than_needed() {
    assertThat(Plan.of(19_500, 0, 10, 20_000).servers()).isEqualTo(1);
    assertThat(Plan.of(19_501, 0, 1, 20_000).servers()).isEqualTo(2);
  }

  @Test
  void a_limit_that_leaves_nothing_is_said() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Plan.of(1_000, 0, 10, 512))
        .withMessageContaining("ulimit -Hn is 512");
  }

  @Test
  void memory_grows_with_servers_and_connections() {
    Plan small = Plan.of(20_000, 0, 10, 20_000);
    Plan large = Plan.of(1_000_000, 0, 10, 20_000);

    assertThat(large.memory(200)).isGreaterThan(20 * small.memory(200));
    assertThat(small.memory(400) - small.memory(200)).isEqualTo((small.servers() * 200L) << 20);
  }
}
