package dev.dormouse.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.dormouse.room.RoomId;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  private static RoomId room(int first, int last) {
    byte[] bytes = new byte[RoomId.BYTES];
    bytes[0] = (byte) first;
    bytes[RoomId.BYTES - 1] = (byte) last;
    return RoomId.of("chat", bytes, null);
  }

  static Stream<RoomId> rooms() {
    byte[] ones = new byte[RoomId.BYTES];
    java.util.Arrays.fill(ones, (byte) -1);
    return Stream.of(
        room(0, 0), room(0, 1), room(128, 0), RoomId.of("a-1", ones, "its name is left out"));
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void a_cursor_is_read_as_it_was_written_and_needs_no_escaping(RoomId room) {
    String text = new Cursor(room).text();

    assertThat(text).matches("[A-Za-z0-9_-]+");
    assertThat(Cursor.of(text).after()).isEqualTo(room);
    assertThat(Cursor.of(text).after().namespace()).isEqualTo(room.namespace());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "not base 64", "AAAA", "AQ", "%41"})
  void what_is_no_cursor_is_refused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Cursor.of(text));
  }

  @Test
  void a_cursor_of_another_form_or_without_a_namespace_is_refused() {
    byte[] bytes = Base64.getUrlDecoder().decode(new Cursor(room(1, 1)).text());
    byte[] later = bytes.clone();
    later[0] = 2;
    byte[] nowhere = java.util.Arrays.copyOf(bytes, 1 + RoomId.BYTES);

    for (byte[] wrong : List.of(later, nowhere)) {
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(wrong);
      assertThatIllegalArgumentException().isThrownBy(() -> Cursor.of(text));
    }
  }

  @Test
  void ids_are_ordered_as_the_store_orders_them() {
    assertThat(Stream.of(room(255, 0), room(0, 1), room(127, 9), room(128, 0)).sorted(Cursor.ORDER))
        .containsExactly(room(0, 1), room(127, 9), room(128, 0), room(255, 0));
  }
}
