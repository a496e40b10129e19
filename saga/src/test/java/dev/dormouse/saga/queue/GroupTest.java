package dev.dormouse.saga.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What consumers may rely on.
class GroupTest extends GroupSituation {
  @Nested
  class Leasing_messages {
    @Test
    void they_come_in_the_order_of_the_log_and_to_one_consumer_each() {
      given("a", "b", "c");

      assertThat(lease(2)).extracting(Lease::position).containsExactly(0L, 1L);
      assertThat(lease(2)).extracting(Lease::position).containsExactly(2L);
      assertThat(lease(2)).isEmpty();
    }

    @Test
    void the_first_attempt_is_number_one_and_ends_with_the_visibility() {
      given("a");

      Lease lease = leaseOne();

      assertThat(lease.attempt()).isEqualTo(1);
      assertThat(lease.until()).isEqualTo(now + 30_000);
      assertThat(alarm).hasValue(now + 30_000);
    }

    @Test
    void a_lease_id_cannot_be_made_from_another() {
      given("a", "b");
      List<Lease> leases = lease(2);

      assertThat(leases.get(0).id().substring(17)).isNotEqualTo(leases.get(1).id().substring(17));
      String forged = leases.get(0).id().substring(0, 17) + leases.get(1).id().substring(17);
      Settled settled = in(turn -> turn.ack(forged));
      assertThat(settled).isEqualTo(Settled.STALE_LEASE);
    }

    @Test
    void what_is_no_lease_id_is_refused() {
      for (String id : List.of("", "hello", "zzzzzzzzzzzzzzzz-0")) {
        assertThatIllegalArgumentException().isThrownBy(() -> in(turn -> turn.ack(id)));
      }
    }

    @Test
    void a_lease_can_be_held_for_longer_and_its_attempt_stays_the_same() {
      given("a");
      Lease lease = leaseOne();
      now += 20_000;

      Settled held = in(turn -> turn.extend(lease.id(), Duration.ofSeconds(30)));

      assertThat(held).isEqualTo(Settled.EXTENDED);
      assertThat(alarm).hasValue(now + 30_000);
      now += 29_999;
      assertThat(lease(1)).isEmpty();
      now += 1;
      assertThat(leaseOne().attempt()).isEqualTo(2);
      Settled late = in(turn -> turn.extend(lease.id(), Duration.ofSeconds(30)));
      assertThat(late).isEqualTo(Settled.STALE_LEASE);
    }

    @Test
    void a_lease_that_ran_out_can_be_taken_up_again_while_nobody_else_has_the_message() {
      given("a");
      Lease lease = leaseOne();
      now += 30_000;
      in(turn -> {
        turn.wake();
        return turn;
      });

      Settled held = in(turn -> turn.extend(lease.id(), Duration.ofSeconds(30)));

      assertThat(held).isEqualTo(Settled.EXTENDED);
      assertThat(lease(1)).isEmpty();
      Settled acked = in(turn -> turn.ack(lease.id()));
      assertThat(acked).isEqualTo(Settled.ACKED);
      Settled gone = in(turn -> turn.extend(lease.id(), Duration.ofSeconds(30)));
      assertThat(gone).isEqualTo(Settled.ALREADY);
    }

    @Test
    void a_delayed_message_waits_for_its_time() {
      append(message("a").delayedTo(now + 5_000));
      takeAll();

      assertThat(lease(1)).isEmpty();
      assertThat(alarm).hasValue(now + 5_000);
      now += 4_999;
      assertThat(lease(1)).isEmpty();
      now += 1;
      assertThat(lease(1)).hasSize(1);
    }

    @Test
    void C8_a_lease_that_ran_out_is_handed_out_again_and_the_attempt_counts() {
      given("a");
      leaseOne();
      now += 29_999;
      assertThat(lease(1)).isEmpty();
      now += 1;

      assertThat(leaseOne().attempt()).isEqualTo(2);
    }
  }

  @Nested
  class Answering_a_lease {
    @Test
    void an_acknowledged_message_leaves_no_row() {
      given("a");
      ack(leaseOne());

      assertThat(rows.positions(GroupKeys.MESSAGES)).isEmpty();
      assertThat(rows.positions(GroupKeys.TIMES)).isEmpty();
      assertThat(alarm).isEmpty();
    }

    @Test
    void the_first_answer_counts() {
      given("a", "b");
      Lease acked = leaseOne();
      Lease retried = leaseOne();

      assertThat(ack(acked)).isEqualTo(Settled.ACKED);
      assertThat(retry(acked, 0)).isEqualTo(Settled.ALREADY);
      assertThat(retry(retried, 0)).isEqualTo(Settled.RETRYING);
      assertThat(ack(retried)).isEqualTo(Settled.STALE_LEASE);
      assertThat(state(1)).isEqualTo(MessageState.DELAYED);
    }

    @Test
    void a_late_answer_counts_while_nobody_else_was_handed_the_message() {
      given("a", "b");
      List<Lease> leases = lease(2);
      now += 60_000;
      does(turn -> turn.wake());

      assertThat(ack(leases.get(0))).isEqualTo(Settled.ACKED);
      assertThat(retry(leases.get(1), 0)).isEqualTo(Settled.RETRYING);
    }

    @Test
    void a_late_answer_does_not_hide_another_consumer_s_failure() {
      given("a");
      Lease zombie = leaseOne();
      now += 30_000;
      Lease second = leaseOne();

      assertThat(ack(zombie)).isEqualTo(Settled.STALE_LEASE);
      assertThat(retry(zombie, 0)).isEqualTo(Settled.STALE_LEASE);
      assertThat(retry(second, 0)).isEqualTo(Settled.RETRYING);
    }

    @Test
    void a_late_answer_after_a_retry_s_wait_does_not_count() {
      given("a");
      Lease lease = leaseOne();
      retry(lease, 0);
      now += 10_000;
      does(turn -> turn.wake());

      assertThat(state(0)).isEqualTo(MessageState.READY);
      assertThat(ack(lease)).isEqualTo(Settled.STALE_LEASE);
    }

    @Test
    void a_retry_waits_as_long_as_asked_or_as_the_back_off_says() {
      given("a", "b");
      retry(leaseOne(), 7_000);
      assertThat(alarm).hasValue(now + 7_000);

      retry(leaseOne(), 0);
      assertThat(alarm.orElseThrow() - now).isBetween(500L, 1_000L);
    }

    @Test
    void an_impossible_delay_is_refused() {
      given("a");
      Lease lease = leaseOne();

      assertThatIllegalArgumentException().isThrownBy(() -> retry(lease, -1));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> retry(lease, Duration.ofDays(367).toMillis()));
    }
  }

  @Nested
  class Ordering_keys {
    @Test
    void one_message_of_a_line_at_a_time() {
      append(
          message("a1").inOrderOf("a"),
          message("b1").inOrderOf("b"),
          message("a2").inOrderOf("a"),
          message("free"));
      takeAll();

      List<Lease> leases = lease(10);
      assertThat(leases).extracting(Lease::position).containsExactly(0L, 1L, 3L);
      assertThat(lease(10)).isEmpty();

      ack(leases.getFirst());
      assertThat(lease(10)).extracting(Lease::position).containsExactly(2L);
    }

    @Test
    void a_poison_message_holds_up_its_line_until_it_is_given_up() {
      append(message("a1").inOrderOf("a"), message("a2").inOrderOf("a"));
      takeAll();
      for (int attempt = 1; attempt <= 3; attempt++) {
        Lease lease = leaseOne();
        assertThat(lease.position()).isZero();
        retry(lease, 0);
        assertThat(attempt == 3 || lease(10).isEmpty()).isTrue();
        now += 10_000;
      }

      assertThat(leaseOne().position()).isEqualTo(1);
    }

    @Test
    void a_delayed_message_holds_up_its_line_too() {
      append(message("a1").inOrderOf("a").delayedTo(now + 9), message("a2").inOrderOf("a"));
      takeAll();

      assertThat(lease(10)).isEmpty();
      now += 9;
      assertThat(lease(10)).extracting(Lease::position).containsExactly(0L);
    }
  }

  @Test
  void C20_a_clock_that_jumps_back_only_delays() {
    given("a");
    Lease lease = leaseOne();
    now -= 900_000;
    assertThat(lease(1)).isEmpty();
    assertThat(retry(lease, 0)).isEqualTo(Settled.RETRYING);
    now += 1_000;

    assertThat(leaseOne().attempt()).isEqualTo(2);
  }
}
