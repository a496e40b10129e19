package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TransitionsTest {
  private final FakeVoice voice = new FakeVoice();
  private final Tally tally = new Tally();
  private final Map<String, Long> stored = new HashMap<>(Map.of("r0", 7L, "r1", 0L));

  /// Connections 0 and 2 are in room r0, connection 1 is in r1.
  private final Transitions transitions =
      new Transitions(3, List.of("r0", "r1"), room -> stored.getOrDefault(room, -1L), tally);

  @BeforeEach
  void begin() {
    tally.open();
    transitions.begin(voice);
    voice.saidSince();
  }

  @Test
  void each_answer_is_counted_and_followed_by_another_question() {
    FakeVoice.answer(transitions, 1, "t1");

    assertThat(tally.total()).isEqualTo(1);
    assertThat(voice.saidSince()).containsExactly(new FakeVoice.Said(1, "t"));
  }

  @Test
  void a_rooms_counters_may_be_read_out_of_order() {
    voice.timeIsUp();
    stored.put("r0", 9L);
    stored.put("r1", 1L);
    FakeVoice.answer(transitions, 0, "t9");
    FakeVoice.answer(transitions, 1, "t1");
    FakeVoice.answer(transitions, 2, "t8");

    assertThat(transitions.isQuiet()).isTrue();
    transitions.end();
  }

  @Nested
  class An_error_is {
    @Test
    void a_counter_answered_twice() {
      FakeVoice.answer(transitions, 0, "t8");

      wrong(() -> FakeVoice.answer(transitions, 2, "t8"), "room r0 answered counter 8 twice");
    }

    @Test
    void a_counter_answered_twice_before_the_one_below_it() {
      FakeVoice.answer(transitions, 0, "t9");

      wrong(() -> FakeVoice.answer(transitions, 2, "t9"), "room r0 answered counter 9 twice");
    }

    @Test
    void a_counter_that_was_there_before() {
      wrong(() -> FakeVoice.answer(transitions, 0, "t7"), "room r0 answered counter 7 twice");
    }

    @Test
    void a_counter_that_never_came() {
      voice.timeIsUp();
      FakeVoice.answer(transitions, 0, "t8");
      FakeVoice.answer(transitions, 2, "t10");

      wrong(transitions::end, "room r0 never answered counter 9");
    }

    @Test
    void a_counter_far_ahead() {
      wrong(() -> FakeVoice.answer(transitions, 0, "t9000000"), "answered 9000000, but never 8");
    }

    @Test
    void a_store_that_knows_less_than_was_answered() {
      voice.timeIsUp();
      FakeVoice.answer(transitions, 0, "t8");
      FakeVoice.answer(transitions, 2, "t9");
      stored.put("r0", 8L);

      wrong(transitions::end, "room r0 answered up to 9 and has stored 8");
    }

    @Test
    void an_answer_that_is_none() {
      for (String text : List.of("", "t", "8", "tx", "t-1", "e8", "t99999999999999999999")) {
        wrong(() -> FakeVoice.answer(transitions, 0, text), "'" + text + "'");
      }
    }

    @Test
    void an_answer_nobody_asked_for() {
      voice.timeIsUp();
      FakeVoice.answer(transitions, 0, "t8");

      wrong(() -> FakeVoice.answer(transitions, 0, "t9"), "connection 0 asked nothing");
    }

    private static void wrong(Runnable what, String message) {
      assertThatExceptionOfType(WireException.class)
          .isThrownBy(what::run)
          .withMessageContaining(message);
    }
  }
}
