package dev.dormouse.saga.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What becomes of messages that nobody can deal with, or nobody did in time.
class GroupFailuresTest extends GroupSituation {
  @Nested
  class Giving_up {
    private void failThreeTimes() {
      for (int attempt = 1; attempt <= 3; attempt++) {
        retry(leaseOne(), 0);
        now += 10_000;
      }
    }

    @Test
    void C15_after_its_retries_a_message_is_dead_and_its_letter_waits_to_be_sent() {
      given("a");
      failThreeTimes();

      assertThat(state(0)).isEqualTo(MessageState.DEAD);
      assertThat(lease(1)).isEmpty();
      List<PendingLetter> letters = letters();
      assertThat(letters)
          .containsExactly(
              new PendingLetter(0, new DeadLetter("orders", "billing", 0, 3, "it said no")));
      assertThat(alarm).as("a turn to send it again").isPresent();
      assertThat(letters()).isEqualTo(letters);

      assertThat(says(turn -> turn.letterSent(0))).isTrue();
      assertThat(letters()).isEmpty();
      assertThat(says(turn -> turn.letterSent(0))).isFalse();
      assertThat(state(0)).isEqualTo(MessageState.DEAD);
    }

    @Test
    void a_lease_that_runs_out_can_be_the_last_attempt() {
      given("a");
      for (int attempt = 1; attempt <= 3; attempt++) {
        leaseOne();
        now += 30_000;
      }

      assertThat(lease(1)).isEmpty();
      assertThat(in(turn -> turn.letters(1)).getFirst().origin().error()).contains("ran out");
    }

    @Test
    void the_log_is_needed_until_the_letter_is_sent() {
      given("a", "b");
      failThreeTimesOf(0);
      ack(leaseOne());

      assertThat(status().lowWater()).isZero();
      in(turn -> turn.letterSent(0));
      assertThat(status().lowWater()).isEqualTo(2);
    }

    private void failThreeTimesOf(long position) {
      while (state(position) != MessageState.DEAD) {
        for (Lease lease : lease(10)) {
          if (lease.position() == position) {
            retry(lease, 0);
          }
        }
        now += 10_000;
      }
      now += 30_000;
    }

    @Test
    void a_redriven_message_begins_anew() {
      given("a");
      failThreeTimes();

      int redriven = in(turn -> turn.redriveAll(10));
      assertThat(redriven).isEqualTo(1);

      assertThat(leaseOne().attempt()).isEqualTo(1);
      assertThat(letters()).isEmpty();
      assertThat(says(turn -> turn.redrive(0))).isFalse();
    }

    @Test
    void what_the_log_no_longer_holds_cannot_be_driven_again() {
      given("a", "b");
      failThreeTimes();
      in(turn -> turn.letterSent(0));
      in(turn -> turn.reconcile(1, 2));

      assertThat(says(turn -> turn.redrive(0))).isFalse();
      assertThat(status().dead()).isZero();
    }

    @Test
    void a_letter_that_has_not_been_sent_outlives_even_its_log() {
      given("a", "b");
      failThreeTimes();
      in(turn -> turn.reconcile(1, 2));

      assertThat(letters()).hasSize(1);
    }

    @Test
    void a_message_whose_payload_is_gone_can_be_given_up_at_once() {
      given("a");
      leaseOne();

      assertThat(says(turn -> turn.giveUp(0, "unreadable"))).isTrue();

      assertThat(state(0)).isEqualTo(MessageState.DEAD);
    }

    @Test
    void there_is_always_a_dead_letter_queue_and_never_the_queue_itself() {
      assertThat(GroupSettings.of("q", "g").deadLetterQueue()).isEqualTo("q.dead");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> GroupSettings.of("q", "g").withDeadLetterQueue("q"));
    }
  }

  @Nested
  class Retention {
    @Test
    void what_nobody_consumed_in_time_becomes_a_dead_letter_never_nothing() {
      with(settings.withMaxRetention(Duration.ofSeconds(100)));
      given("a");
      now += 100_000;
      given("b");
      assertThat(alarm.orElseThrow()).isLessThanOrEqualTo(now + 5_000);

      assertThat(state(0)).isEqualTo(MessageState.DEAD);
      assertThat(state(1)).isEqualTo(MessageState.READY);
      assertThat(in(turn -> turn.letters(10)).getFirst().origin().error()).contains("retention");
    }

    @Test
    void the_group_asks_for_the_turn_that_finds_it() {
      with(settings.withMaxRetention(Duration.ofSeconds(100)));
      given("a");
      int turns = 0;
      while (state(0) != MessageState.DEAD) {
        assertThat(++turns).isLessThan(200);
        now = alarm.orElseThrow();
      }

      assertThat(now).isBetween(1_100_000L, 1_102_000L);
    }

    @Test
    void a_message_that_was_too_old_when_it_was_read_becomes_one_at_once() {
      with(settings.withMaxRetention(Duration.ofSeconds(100)));
      append(message("a"));
      now += 100_000;
      takeAll();

      assertThat(state(0)).isEqualTo(MessageState.DEAD);
    }

    @Test
    void who_has_a_lease_is_left_to_finish_and_delays_do_not_count() {
      with(settings.withMaxRetention(Duration.ofSeconds(10)));
      append(message("leased"), message("later").delayedTo(now + 20_000));
      takeAll();
      Lease lease = leaseOne();
      now += 19_000;
      does(turn -> {});

      assertThat(ack(lease)).isEqualTo(Settled.ACKED);
      assertThat(state(1)).isEqualTo(MessageState.DELAYED);
    }

    @Test
    void thousands_are_given_up_a_part_in_each_turn() {
      with(settings.withMaxRetention(Duration.ofSeconds(100)));
      given(IntStream.range(0, 2_500).mapToObj(i -> "k" + i).toArray(String[]::new));
      now += 200_000;
      List<Long> dead = new ArrayList<>();
      for (int turn = 0; turn < 4; turn++) {
        dead.add(status().dead());
      }

      assertThat(dead).containsExactly(0L, 1_000L, 2_000L, 2_500L);
    }
  }
}
