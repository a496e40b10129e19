package dev.dormouse.loadtest.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The bytes are those that yjs 13.6 itself writes for the same typing by client 305419896.
class EditorTest {
  private static final long CLIENT = 305_419_896;
  private static final String HELLO = "0101f8acd1910100040104746578740668656c6c6f2000";
  private static final String WORLD = "0101f8acd191010684f8acd191010506776f726c642000";
  private static final String BOTH_MERGED =
      "0101f8acd191010004010474657874" + "0c68656c6c6f20776f726c642000";

  private final Editor editor = new Editor("text", CLIENT);

  @Test
  void typing_is_written_as_yjs_writes_it() {
    assertThat(hex(editor.type("hello "))).isEqualTo("0002" + "17" + HELLO);
    assertThat(hex(editor.type("world "))).isEqualTo("0002" + "17" + WORLD);
  }

  @Test
  void a_long_text_has_a_length_of_two_bytes() {
    editor.type("hello world ");
    byte[] frame = editor.type("x".repeat(200));

    assertThat(hex(frame)).startsWith("0002da01" + "0101f8acd191010c84f8acd191010bc8017878");
  }

  @Test
  void the_question_leaves_out_the_last_change_and_names_what_is_known_of_others() {
    assertThat(hex(editor.ask())).isEqualTo("00000100");
    editor.type("hello ");
    assertThat(hex(editor.ask())).isEqualTo("00000100");
    editor.type("world ");
    editor.heard(YBytes.sync(2, hex("010105000401047465787402616200")));

    // As yjs writes a state vector: clients from the highest down.
    assertThat(hex(editor.ask())).isEqualTo("000009" + "02" + "f8acd1910106" + "0502");
  }

  @Test
  void an_answer_must_hold_the_last_change() {
    editor.type("hello ");
    editor.type("world ");

    assertThat(editor.heard(answer(WORLD))).isEqualTo(new Editor.Heard.Answered(true));
    assertThat(editor.heard(answer(HELLO))).isEqualTo(new Editor.Heard.Answered(false));
    assertThat(editor.heard(answer("0000"))).isEqualTo(new Editor.Heard.Answered(false));
  }

  @Test
  void what_others_typed_is_told_once() {
    Editor other = new Editor("text", 9);
    byte[] change = other.type("abc ");

    assertThat(editor.heard(change)).isEqualTo(new Editor.Heard.Told(List.of("abc ")));
    assertThat(editor.heard(change)).isEqualTo(new Editor.Heard.Told(List.of()));
    assertThat(editor.relayed()).isEqualTo(1);
  }

  @Test
  void a_change_that_was_left_out_is_missed_once_both_were_in_step() {
    Editor other = new Editor("text", 9);
    byte[] first = other.type("abc ");
    byte[] second = other.type("def ");
    byte[] third = other.type("ghi ");

    editor.heard(second); // before the first answer, which brings the rest
    assertThat(editor.misses()).isFalse();
    byte[] all = first.clone();
    all[1] = 1;
    editor.heard(all);
    assertThat(editor.misses()).isFalse();

    byte[] fourth = other.type("jkl ");
    editor.heard(fourth);
    assertThat(editor.misses()).isTrue();
    editor.heard(third);
    assertThat(editor.misses()).isFalse();
  }

  @Test
  void cursors_and_questions_are_told_apart() {
    assertThat(editor.heard(new byte[] {1, 1, 0})).isEqualTo(new Editor.Heard.Aside());
    assertThat(editor.heard(new byte[] {0, 0, 1, 0})).isEqualTo(new Editor.Heard.Asked());
    assertThat(hex(Editor.nothingOfMyOwn())).isEqualTo("0001020000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "000200", // an update without an end
        "00020101",
        "0002050101050000", // collected, which needs a deletion
        "000206000105010001", // deletes
      })
  void what_typists_cannot_have_caused_is_refused(String frame) {
    assertThatIllegalArgumentException().isThrownBy(() -> editor.heard(hex(frame)));
  }

  @Test
  void merged_typing_is_read_as_one() {
    assertThat(YReader.update(hex(BOTH_MERGED)))
        .containsExactly(new YReader.Typed(CLIENT, 0, "hello world "));
  }

  private static byte[] answer(String update) {
    return YBytes.sync(1, hex(update));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
