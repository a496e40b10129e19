package dev.dormouse.loadtest.talk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DocumentsTest {
  @Test
  void each_has_what_he_typed() {
    assertThat(Documents.texts(YBytes.typing("text", 7, 0, "ab"))).isEqualTo(Map.of(7L, "ab"));
  }

  @Test
  void behind_a_gap_nothing_counts() {
    assertThat(Documents.texts(YBytes.typing("text", 7, 2, "cd"))).isEqualTo(Map.of(7L, ""));
  }

  @Test
  void an_editor_offers_his_last_change_again_and_knows_what_others_typed() {
    Editor one = new Editor("text", 1);
    Editor other = new Editor("text", 2);

    byte[] change = one.type("hello");

    assertThat(one.again()).isEqualTo(change);
    other.heard(change);
    assertThat(other.knows(1)).isEqualTo(5);
  }
}
