package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class InTurnTest {
  private final FakeVoice voice = new FakeVoice();
  private final InTurn echoes = InTurn.echoes(2, 7);

  @Test
  void the_next_connection_is_asked_after_the_answer_of_the_one_before() {
    echoes.begin(voice);
    List<FakeVoice.Said> first = voice.saidSince();
    assertThat(first).extracting(FakeVoice.Said::connection).containsExactly(0);
    assertThat(first.getFirst().text()).startsWith("e").hasSize(32);

    FakeVoice.answer(echoes, 0, first.getFirst().text());

    assertThat(echoes.isQuiet()).isFalse();
    List<FakeVoice.Said> second = voice.saidSince();
    assertThat(second).extracting(FakeVoice.Said::connection).containsExactly(1);

    FakeVoice.answer(echoes, 1, second.getFirst().text());

    assertThat(echoes.isQuiet()).isTrue();
    assertThat(voice.saidSince()).isEmpty();
  }

  @Test
  void the_echo_of_another_round_is_an_error() {
    InTurn other = InTurn.echoes(2, 8);
    other.begin(voice);
    String stale = voice.saidSince().getFirst().text();
    echoes.begin(voice);

    assertThatExceptionOfType(WireException.class)
        .isThrownBy(() -> FakeVoice.answer(echoes, 0, stale))
        .withMessageContaining("got '" + stale + "' back");
  }

  @Test
  void an_answer_of_a_connection_that_was_not_asked_is_an_error() {
    echoes.begin(voice);
    String text = voice.saidSince().getFirst().text();

    assertThatExceptionOfType(WireException.class)
        .isThrownBy(() -> FakeVoice.answer(echoes, 1, text))
        .withMessageContaining("connection 1, not asked");
  }

  @Test
  void an_echo_that_comes_twice_is_an_error() {
    echoes.begin(voice);
    String text = voice.saidSince().getFirst().text();
    FakeVoice.answer(echoes, 0, text);

    assertThatExceptionOfType(WireException.class)
        .isThrownBy(() -> FakeVoice.answer(echoes, 0, text));
  }

  @Test
  void the_count_of_builds_is_read_from_an_info_with_an_attachment_behind_it() {
    assertThat(Info.built("{\"ctorRoom\":3,\"ctorTotal\":17,\"mem\":1}{\"n\":1}")).isEqualTo(3);
    assertThat(Info.built("{\"ctorTotal\": 17, \"ctorRoom\": 12}")).isEqualTo(12);
    assertThatExceptionOfType(WireException.class).isThrownBy(() -> Info.built("{\"mem\":1}"));
  }
}
