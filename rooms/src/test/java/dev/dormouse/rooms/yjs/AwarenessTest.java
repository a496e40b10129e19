package dev.dormouse.rooms.yjs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.rooms.yjs.AwarenessUpdate.Entry;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class AwarenessTest {
  private static final YLimits LIMITS =
      new YLimits(
          1_000,
          10,
          10,
          1_000,
          10,
          1_000,
          1_000,
          100,
          /* awarenessClients= */ 3,
          /* awarenessBytes= */ 2_000);

  private final Awareness<String> table = new Awareness<>(LIMITS);
  private long now = 1_000_000;

  @Nested
  class A_state {
    @Test
    void counts_when_its_clock_is_higher() {
      assertThat(apply("ann", state(7, 1, "{}"))).containsExactly(state(7, 1, "{}"));
      assertThat(apply("ann", state(7, 2, "[]"))).containsExactly(state(7, 2, "[]"));
      assertThat(table.states().entries()).containsExactly(state(7, 2, "[]"));
    }

    @Test
    void does_not_count_when_its_clock_is_equal_or_lower() {
      apply("ann", state(7, 5, "{}"));

      assertThat(apply("ann", state(7, 5, "[]"))).isEmpty();
      assertThat(apply("ben", state(7, 4, "[]"))).isEmpty();
      assertThat(table.states().entries()).containsExactly(state(7, 5, "{}"));
    }

    @Test
    void of_a_client_not_known_counts_at_clock_0_too() {
      assertThat(apply("ann", state(7, 0, "{}"))).hasSize(1);
    }

    @Test
    void comes_with_others_and_only_what_is_new_is_relayed() {
      apply("ann", state(7, 5, "{}"));

      assertThat(apply("ann", state(7, 5, "{}"), state(8, 1, "{}")))
          .containsExactly(state(8, 1, "{}"));
    }
  }

  @Nested
  class Leaving {
    @Test
    void by_a_null_state_counts_at_the_same_clock() {
      apply("ann", state(7, 5, "{}"));

      assertThat(apply("ann", gone(7, 5))).containsExactly(gone(7, 5));
      assertThat(table.states().isEmpty()).isTrue();
    }

    @Test
    void twice_is_no_news() {
      apply("ann", state(7, 5, "{}"));
      apply("ann", gone(7, 5));

      assertThat(apply("ben", gone(7, 5))).isEmpty();
    }

    @Test
    void of_somebody_not_known_is_no_news() {
      assertThat(apply("ann", gone(7, 5))).isEmpty();
    }

    @Test
    void by_a_closed_connection_takes_all_its_clients_at_their_last_clocks() {
      apply("ann", state(7, 5, "{}"), state(8, 2, "{}"));
      apply("ben", state(9, 1, "{}"));

      assertThat(table.leave("ann", now).entries()).containsExactly(gone(7, 5), gone(8, 2));
      assertThat(table.states().entries()).containsExactly(state(9, 1, "{}"));
      assertThat(table.leave("ann", now).isEmpty()).isTrue();
    }

    @Test
    void is_not_undone_by_an_echo_of_the_last_state() {
      apply("ann", state(7, 5, "{}"));
      table.leave("ann", now);

      assertThat(apply("ben", state(7, 5, "{}"))).isEmpty();
    }

    @Test
    void is_undone_by_a_higher_clock() {
      apply("ann", state(7, 5, "{}"));
      table.leave("ann", now);

      assertThat(apply("ann", state(7, 6, "{}"))).hasSize(1);
    }
  }

  @Nested
  class A_client_that_reconnected {
    @Test
    void stays_when_its_dead_connection_closes_at_last() {
      apply("ann's dead connection", state(7, 5, "{}"));
      apply("ann", state(7, 6, "{}"));

      assertThat(table.leave("ann's dead connection", now).isEmpty()).isTrue();
      assertThat(table.states().entries()).containsExactly(state(7, 6, "{}"));
    }
  }

  @Nested
  class Silence {
    @Test
    void of_30_seconds_removes_a_client() {
      apply("ann", state(7, 5, "{}"));
      now += Awareness.SILENCE_MILLIS - 1;
      assertThat(table.expire(now).isEmpty()).isTrue();

      now += 1;
      assertThat(table.expire(now).entries()).containsExactly(gone(7, 5));
      assertThat(table.states().isEmpty()).isTrue();
    }

    @Test
    void is_broken_by_a_renewal() {
      apply("ann", state(7, 5, "{}"));
      now += 15_000;
      apply("ann", state(7, 6, "{}"));
      now += Awareness.SILENCE_MILLIS - 1;

      assertThat(table.expire(now).isEmpty()).isTrue();
    }

    @Test
    void makes_the_table_forget_in_the_end() {
      apply("ann", state(7, 5, "{}"));
      now += Awareness.SILENCE_MILLIS;
      table.expire(now);
      assertThat(table.heldBytes()).isPositive();

      now += 2 * Awareness.SILENCE_MILLIS;
      table.expire(now);
      assertThat(table.heldBytes()).isZero();
    }

    @Test
    void ends_for_each_client_by_itself() {
      apply("ann", state(7, 5, "{}"));
      now += 10_000;
      apply("ben", state(8, 5, "{}"));
      now += 10_000;
      apply("ann", state(7, 6, "{}"));
      now += 20_000;
      assertThat(table.expire(now).entries()).containsExactly(gone(8, 5));
      now += 9_999;
      assertThat(table.expire(now).isEmpty()).isTrue();
      now += 1;
      assertThat(table.expire(now).entries()).containsExactly(gone(7, 6));
    }
  }

  @Nested
  class Limits {
    @Test
    void keep_a_connection_from_bringing_in_too_many_clients() {
      apply("ann", state(1, 1, "{}"), state(2, 1, "{}"), state(3, 1, "{}"));

      Awareness.Applied applied = table.apply(update(state(4, 1, "{}")), "ann", now);

      assertThat(applied.accepted().isEmpty()).isTrue();
      assertThat(applied.refused()).isOne();
      assertThat(apply("ben", state(4, 1, "{}"))).hasSize(1);
      assertThat(apply("ann", state(3, 2, "{}"))).hasSize(1);
    }

    @Test
    void keep_the_table_from_growing_beyond_its_bytes() {
      String large = "\"" + "a".repeat(90) + "\"";
      int accepted = 0;
      for (int client = 0; client < 50; client++) {
        accepted += apply("owner " + client, state(client, 1, large)).size();
      }

      assertThat(accepted).isBetween(5, 10);
      assertThat(table.heldBytes()).isLessThanOrEqualTo(LIMITS.awarenessBytes());
    }

    @Test
    void count_a_text_with_other_letters_than_latin_ones_at_two_bytes_each() {
      apply("ann", state(1, 1, "\"aaaa\""));
      int latin = table.heldBytes();
      apply("ann", state(1, 2, "\"\u30e4aaa\""));
      assertThat(table.heldBytes()).isEqualTo(latin + 6);
      apply("ann", state(1, 3, "\"aaaa\""));
      assertThat(table.heldBytes()).isEqualTo(latin);
    }

    @Test
    void are_not_used_up_by_those_who_left() {
      for (int client = 0; client < 200; client++) {
        assertThat(apply("ann", state(client, 1, "{}"))).hasSize(1);
        assertThat(apply("ann", gone(client, 1))).hasSize(1);
        assertThat(table.heldBytes()).isLessThanOrEqualTo(LIMITS.awarenessBytes());
      }
    }
  }

  private List<Entry> apply(String owner, Entry... entries) {
    return table.apply(update(entries), owner, now).accepted().entries();
  }

  private static AwarenessUpdate update(Entry... entries) {
    return new AwarenessUpdate(Stream.of(entries).toList());
  }

  private static Entry state(long client, long clock, String json) {
    return new Entry(client, clock, json);
  }

  private static Entry gone(long client, long clock) {
    return new Entry(client, clock, "null");
  }
}
