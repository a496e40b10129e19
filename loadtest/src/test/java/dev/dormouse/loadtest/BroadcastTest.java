package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BroadcastTest {
  private final FakeVoice voice = new FakeVoice();
  private final Tally tally = new Tally();
  private final Broadcast broadcast = new Broadcast(2, 2, tally);
  private List<FakeVoice.Said> first = List.of();

  @BeforeEach
  void begin() {
    tally.open();
    broadcast.begin(voice);
    first = voice.saidSince();
  }

  @Test
  void the_first_connection_sends_as_many_texts_as_the_window_holds() {
    assertThat(first).extracting(FakeVoice.Said::connection).containsExactly(0, 0);
    assertThat(first.get(0).text()).startsWith("b").hasSize(32).isNotEqualTo(first.get(1).text());
  }

  @Test
  void the_next_text_is_sent_when_one_has_come_to_all() {
    FakeVoice.answer(broadcast, 1, first.get(0).text());
    assertThat(voice.saidSince()).isEmpty();

    FakeVoice.answer(broadcast, 0, first.get(0).text());

    assertThat(voice.saidSince()).hasSize(1);
    assertThat(tally.total()).as("deliveries").isEqualTo(2);
  }

  @Test
  void a_text_left_out_is_an_error() {
    assertThatExceptionOfType(WireException.class)
        .isThrownBy(() -> FakeVoice.answer(broadcast, 0, first.get(1).text()))
        .withMessageContaining("text 0");
  }

  @Test
  void a_text_that_comes_twice_is_an_error() {
    FakeVoice.answer(broadcast, 0, first.get(0).text());

    assertThatExceptionOfType(WireException.class)
        .isThrownBy(() -> FakeVoice.answer(broadcast, 0, first.get(0).text()));
  }

  @Test
  void a_text_nobody_sent_is_an_error() {
    FakeVoice.answer(broadcast, 0, first.get(0).text());
    FakeVoice.answer(broadcast, 0, first.get(1).text());

    assertThatExceptionOfType(WireException.class)
        .isThrownBy(() -> FakeVoice.answer(broadcast, 0, first.get(0).text()));
  }

  @Test
  void it_is_quiet_when_every_text_has_come_to_all() {
    voice.timeIsUp();
    for (int connection = 0; connection < 2; connection++) {
      assertThat(broadcast.isQuiet()).isFalse();
      FakeVoice.answer(broadcast, connection, first.get(0).text());
      FakeVoice.answer(broadcast, connection, first.get(1).text());
    }

    assertThat(broadcast.isQuiet()).isTrue();
    broadcast.end();
  }
}
