package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EchoTest {
  private final FakeVoice voice = new FakeVoice();
  private final Tally tally = new Tally();
  private final Echo echo = new Echo(2, tally);
  private List<FakeVoice.Said> first = List.of();

  @BeforeEach
  void begin() {
    tally.open();
    echo.begin(voice);
    first = voice.saidSince();
  }

  @Test
  void every_connection_begins_with_a_text_of_its_own_of_32_bytes() {
    assertThat(first).extracting(FakeVoice.Said::connection).containsExactly(0, 1);
    assertThat(first).extracting(said -> said.text().length()).containsOnly(32);
    assertThat(first.get(0).text()).startsWith("e").isNotEqualTo(first.get(1).text());
  }

  @Test
  void the_right_echo_is_counted_and_followed_by_another_text() {
    FakeVoice.answer(echo, 1, first.get(1).text());

    assertThat(tally.total()).isEqualTo(1);
    List<FakeVoice.Said> next = voice.saidSince();
    assertThat(next).extracting(FakeVoice.Said::connection).containsExactly(1);
    assertThat(next.getFirst().text()).isNotEqualTo(first.get(1).text());
  }

  @Test
  void another_connections_echo_is_an_error() {
    assertThatExceptionOfType(WireException.class)
        .isThrownBy(() -> FakeVoice.answer(echo, 0, first.get(1).text()))
        .withMessageContaining("connection 0")
        .withMessageContaining(first.get(1).text());
  }

  @Test
  void an_echo_that_comes_twice_is_an_error_even_at_the_end() {
    voice.timeIsUp();
    FakeVoice.answer(echo, 0, first.get(0).text());

    assertThatExceptionOfType(WireException.class)
        .isThrownBy(() -> FakeVoice.answer(echo, 0, first.get(0).text()));
  }

  @Test
  void it_is_quiet_when_the_last_echo_has_come() {
    voice.timeIsUp();
    FakeVoice.answer(echo, 0, first.get(0).text());
    assertThat(echo.isQuiet()).isFalse();

    FakeVoice.answer(echo, 1, first.get(1).text());

    assertThat(echo.isQuiet()).isTrue();
    assertThat(voice.saidSince()).isEmpty();
  }
}
