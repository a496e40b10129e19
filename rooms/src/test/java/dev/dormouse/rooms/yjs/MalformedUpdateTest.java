package dev.dormouse.rooms.yjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HexFormat;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is refused, why, and where.
class MalformedUpdateTest {
  /// One client (7) with one struct from clock 0 on, which the tests put between these two.
  private static final String BEFORE = "01 01 07 00";

  private static final String AFTER = "00";

  @Nested
  class The_frame_of_an_update {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            ''                              | 0  | ends too early
            00                              | 1  | ends too early
            00 00 00                        | 2  | 1 bytes too many
            05 01 07 00                     | 0  | 5 clients announced, but 3 bytes left
            01 09 07 00 00 01 00            | 1  | 9 structs announced, but 5 bytes left
            02 01 07 00 00 01 01 07 05 00 01 00 | 7 | client 7 twice
            00 01 07 05 00 01               | 3  | 5 delete ranges announced
            00 01 ff ff ff ff ff ff ff ff 01 01 00 01 | 2 | longer than 8 bytes
            00 01 ff ff ff ff ff ff ff 1f 01 00 01 | 2 | above 2^53 - 1
            """)
    void must_be_whole(String hex, int position, String reason) {
      assertRefused(hex, position, reason);
    }
  }

  @Nested
  class A_struct {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            0b 01 01 74 00        | unknown kind of content 11
            20 01 01 74 01 6b     | unknown kind of content 0
            8a 05 01 01           | unknown kind of content 10
            00 00                 | length 0
            0a 00                 | length 0
            04 01 01 74 00        | length 0
            08 01 01 74 00        | length 0
            04 02 01 74 01 61     | unknown kind of parent 2
            84 07 00 01 61        | its own future
            44 07 05 01 61        | its own future
            04 00 07 00 01 61     | its own future
            04 01 01 74 01 ff     | not UTF-8
            04 01 01 74 03 ed a0 80 | not UTF-8
            04 01 01 74 02 c0 80  | not UTF-8
            04 01 01 74 04 f4 90 80 80 | not UTF-8
            04 01 01 ff 01 61     | not UTF-8
            05 01 01 74 01 7b     | not JSON
            06 01 01 74 01 62 00  | not JSON
            02 01 01 74 01 01 78  | not JSON
            07 01 01 74 07        | unknown shared type 7
            08 01 01 74 01 73     | unknown value tag 115
            08 01 01 74 ff 01     | 255 list elements announced
            09 01 01 74 01 67 7e  | options are no object
            """)
    void must_be_one_that_every_editor_can_read(String hex, String reason) {
      assertThatExceptionOfType(MalformedUpdateException.class)
          .isThrownBy(() -> decode(BEFORE + hex + AFTER, YLimits.defaults()))
          .withMessageContaining(reason);
    }

    @Test
    void may_use_the_word_undefined_in_a_legacy_list() throws MalformedUpdateException {
      String undefined = "09 75 6e 64 65 66 69 6e 65 64";

      assertThat(decode(BEFORE + "02 01 01 74 01" + undefined + AFTER, YLimits.defaults()).size())
          .isEqualTo(20);
    }
  }

  @Nested
  class Beyond_the_limits {
    @Test
    void an_update_of_too_many_bytes_is_refused() {
      assertRefused("00 00", limits(1, 9, 9, 9, 9, 9), "2 bytes, more than the 1 allowed");
    }

    @Test
    void too_many_structs_are_refused() {
      assertRefused(
          "01 03 07 00 00 01 00 01 00 01 00", limits(99, 2, 9, 9, 9, 9), "3 structs, more than");
    }

    @Test
    void too_many_delete_ranges_are_refused_of_one_client_and_of_several() {
      assertRefused(
          "00 01 07 03 00 01 02 01 04 01", limits(99, 2, 9, 9, 9, 9), "3 delete ranges, more than");
      assertRefused(
          "00 02 08 02 00 01 02 01 07 01 00 01",
          limits(99, 2, 9, 9, 9, 9),
          "1 delete ranges, more");
    }

    @Test
    void too_many_clients_are_refused_among_structs_and_deletions() {
      assertRefused(
          "02 01 08 00 00 01 01 07 00 00 01 00", limits(99, 9, 1, 9, 9, 9), "2 clients, more than");
      assertRefused(
          "00 02 08 01 00 01 07 01 00 01",
          limits(99, 9, 1, 9, 9, 9),
          "2 clients in the delete set");
    }

    @Test
    void a_clock_too_high_is_refused_in_structs_gaps_and_deletions() {
      YLimits limits = limits(99, 9, 9, 10, 9, 9);
      assertRefused(BEFORE + "00 0b" + AFTER, limits, "ends after clock 10");
      assertRefused(BEFORE + "0a 0b" + AFTER, limits, "ends after clock 10");
      assertRefused("00 01 07 01 08 03", limits, "ends after clock 10");
    }

    @Test
    void lengths_that_add_up_beyond_all_numbers_are_refused() {
      String huge = "ff ff ff ff ff ff ff 0f"; // 2^53 - 1
      assertRefused("01 01 07" + huge + "00" + huge + "00", YLimits.defaults(), "ends after clock");
      assertRefused("00 01 07 01" + huge + huge, YLimits.defaults(), "ends after clock");
    }

    @Test
    void values_nested_too_deeply_are_refused() {
      String list = "75 01".repeat(5_000);
      assertRefused(
          BEFORE + "08 01 01 74 01" + list + "7e" + AFTER, YLimits.defaults(), "nested too deeply");
    }

    @Test
    void a_JSON_text_too_long_is_refused() {
      assertRefused(
          BEFORE + "05 01 01 74 04 6e 75 6c 6c" + AFTER,
          limits(99, 9, 9, 9, 9, 3),
          "JSON of 4 bytes, more than the 3 allowed");
    }

    private YLimits limits(
        int updateBytes, int structs, int clients, long maxClock, int nesting, int jsonBytes) {
      return new YLimits(updateBytes, structs, clients, maxClock, nesting, jsonBytes, 9, 9, 9, 9);
    }

    private void assertRefused(String hex, YLimits limits, String reason) {
      assertThatExceptionOfType(MalformedUpdateException.class)
          .isThrownBy(() -> decode(hex, limits))
          .withMessageContaining(reason);
    }
  }

  private static void assertRefused(String hex, int position, String reason) {
    assertThatExceptionOfType(MalformedUpdateException.class)
        .isThrownBy(() -> decode(hex, YLimits.defaults()))
        .withMessageContaining(reason)
        .withMessageContaining("at byte " + position)
        .satisfies(e -> assertThat(e.position()).isEqualTo(position));
  }

  private static YUpdate decode(String hex, YLimits limits) throws MalformedUpdateException {
    return YUpdate.decode(HexFormat.of().parseHex(hex.replace(" ", "")), limits);
  }
}
