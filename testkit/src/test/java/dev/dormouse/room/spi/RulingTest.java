package dev.dormouse.room.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.spi.Doorman.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/// C6: what verdicts amount to.
class RulingTest {
  private static final CloseStatus FIRST = new CloseStatus(4000, "first");
  private static final CloseStatus SECOND = new CloseStatus(4001, "second");

  private static Verdict answer(String text) {
    return new Verdict.Answer(Message.of(text));
  }

  private static Verdict relay(String text) {
    return new Verdict.Relay(Message.of(text));
  }

  private static List<Message> texts(String... texts) {
    return List.of(texts).stream().map(Message::of).toList();
  }

  @Test
  void C6_no_verdict_takes_the_message() {
    assertThat(Ruling.of(List.of())).isEqualTo(new Ruling(List.of(), List.of(), false, null));
  }

  @Test
  void C6_the_usual_verdict_passes_it() {
    assertThat(Ruling.of(Verdict.PASS)).isEqualTo(new Ruling(List.of(), List.of(), true, null));
  }

  @Test
  void C6_each_kind_keeps_its_order_and_a_pass_counts_once() {
    assertThat(
            Ruling.of(
                List.of(
                    relay("1"),
                    answer("2"),
                    new Verdict.Pass(),
                    answer("3"),
                    relay("4"),
                    new Verdict.Pass())))
        .isEqualTo(new Ruling(texts("2", "3"), texts("1", "4"), true, null));
  }

  @Test
  void C6_behind_a_close_only_relays_count() {
    assertThat(
            Ruling.of(
                List.of(
                    answer("1"),
                    new Verdict.Close(FIRST),
                    answer("2"),
                    new Verdict.Pass(),
                    relay("3"),
                    new Verdict.Close(SECOND))))
        .isEqualTo(new Ruling(texts("1"), texts("3"), false, FIRST));
  }

  @Test
  void C6_what_is_passed_before_a_close_reaches_the_room() {
    assertThat(Ruling.of(List.of(new Verdict.Pass(), new Verdict.Close(FIRST))).passes()).isTrue();
  }

  @Test
  void C6_a_close_that_is_added_leaves_the_rest_as_it_is_and_yields_to_an_earlier_one() {
    Ruling open = Ruling.of(List.of(answer("1"), relay("2"), new Verdict.Pass()));

    assertThat(open.thenClosing(SECOND))
        .isEqualTo(new Ruling(texts("1"), texts("2"), true, SECOND));
    assertThat(Ruling.closing(FIRST).thenClosing(SECOND)).isEqualTo(Ruling.closing(FIRST));
  }
}
