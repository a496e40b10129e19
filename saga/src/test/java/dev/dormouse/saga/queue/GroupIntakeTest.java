package dev.dormouse.saga.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// How a group reads the log, and what operators can do with it.
class GroupIntakeTest extends GroupSituation {
  @Nested
  class Reading_the_log {
    @Test
    void a_full_window_stops_it() {
      with(settings.withWindow(2, 10));
      given("a", "b", "c", "d");

      assertThat(status().position()).isEqualTo(2);
      assertThat(in(GroupTurn::room)).isZero();
      ack(leaseOne());
      assertThat(in(GroupTurn::room)).isEqualTo(1);
      assertThat(takeAll()).isEqualTo(1);
      assertThat(status().position()).isEqualTo(3);
    }

    @Test
    void C6_what_was_appended_twice_is_handed_out_once_also_after_its_acknowledgement() {
      given("a", "b", "a");
      assertThat(lease(10)).hasSize(2).allMatch(lease -> ack(lease) == Settled.ACKED);
      given("b");

      assertThat(lease(10)).isEmpty();
      assertThat(status().duplicates()).isEqualTo(2);
      assertThat(status().position()).isEqualTo(4);
    }

    @Test
    void a_new_group_begins_where_it_is_told_an_old_one_cannot() {
      given("a", "b");
      ConsumerGroup late = new ConsumerGroup(GroupSettings.of("orders", "late"));
      MemoryRows its = new MemoryRows();
      GroupTurn turn = late.turn(its, now, () -> 1);
      turn.begin(2);
      its.apply(turn.finish());

      assertThat(late.turn(its, now, () -> 1).position()).isEqualTo(2);
      assertThatIllegalStateException().isThrownBy(() -> late.turn(its, now, () -> 1).begin(0));
    }

    @Test
    void entries_that_are_gone_or_damaged_are_counted_as_lost() {
      append(message("a"), message("b"), message("c"), message("d"));
      in(turn -> turn.take(new LogPage(1, List.of(log.get(1), log.get(3)), 4, List.of(2L))));

      assertThat(status().lost()).isEqualTo(2);
      assertThat(status().position()).isEqualTo(4);
    }

    @Test
    void a_lost_tail_is_taken_again_when_it_comes_again() {
      given("a", "b", "c");
      lease(3);
      assertThat(says(turn -> turn.reconcile(0, 1))).isTrue();

      assertThat(status().logEpoch()).isEqualTo(1);
      assertThat(status().position()).isEqualTo(1);
      log.subList(1, 3).clear();
      given("c", "b");

      assertThat(lease(10)).extracting(Lease::position).containsExactly(1L, 2L);
      assertThat(status().duplicates()).isZero();
    }
  }

  @Nested
  class Operators {
    @Test
    void a_paused_group_hands_nothing_out_and_takes_answers() {
      given("a", "b");
      Lease lease = leaseOne();
      does(turn -> turn.pause());

      assertThat(lease(1)).isEmpty();
      assertThat(ack(lease)).isEqualTo(Settled.ACKED);
      does(turn -> turn.resume());
      assertThat(lease(1)).hasSize(1);
    }

    @Test
    void a_purge_drops_everything_that_is_not_settled_read_or_not() {
      given("ready", "leased");
      append(message("later").delayedTo(now + 1_000));
      takeAll();
      Lease lease = leaseOne();
      append(message("unread"));
      does(turn -> turn.purge(4));

      assertThat(ack(lease)).isEqualTo(Settled.ALREADY);
      assertThat(takeAll()).isZero();
      now += 60_000;
      assertThat(lease(10)).isEmpty();
      assertThat(status().lowWater()).isEqualTo(4);
      assertThat(rows.positions(GroupKeys.MESSAGES)).isEmpty();
      assertThat(alarm).isEmpty();
    }

    @Test
    void a_large_purge_is_seen_at_once_and_swept_in_parts() {
      given(IntStream.range(0, 2_500).mapToObj(i -> "k" + i).toArray(String[]::new));
      does(turn -> turn.purge(2_500));
      assertThat(lease(10)).isEmpty();
      List<KnownMessage> seen = in(turn -> turn.peek(null, 0, 10));
      assertThat(seen).isEmpty();
      given("new");
      assertThat(lease(10)).extracting(Lease::position).containsExactly(2_500L);

      int turns = 0;
      while (rows.positions(GroupKeys.MESSAGES).size() > 1) {
        assertThat(++turns).isLessThan(5);
        assertThat(alarm.orElseThrow()).isLessThanOrEqualTo(now);
        does(turn -> turn.wake());
      }
    }

    @Test
    void looking_changes_nothing() {
      given("a", "b");
      leaseOne();
      GroupTurn turn = group.turn(rows, now, () -> 42);

      assertThat(turn.peek(null, 0, 10))
          .extracting(KnownMessage::state)
          .containsExactly(MessageState.LEASED, MessageState.READY);
      assertThat(turn.peek(MessageState.READY, 0, 10)).hasSize(1);
      assertThat(turn.peek(null, 1, 10)).hasSize(1);
      assertThat(turn.finish().rows()).isEmpty();
    }
  }

  @Test
  void a_turn_costs_the_same_in_a_large_group_as_in_a_small_one() {
    given(IntStream.range(0, 20_000).mapToObj(i -> "k" + i).toArray(String[]::new));
    // The first turn after a sleep reads the remembered keys; none of the others does.
    rows.read = 0;
    List<Lease> leases = lease(10);
    leases.forEach(this::ack);
    status();

    assertThat(rows.read).isLessThan(150);
  }
}
