package dev.dormouse.rooms.yjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dormouse.rooms.yjs.AwarenessUpdate.Entry;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class YMessageTest {
  private static final YLimits LIMITS = YLimits.defaults();

  static Stream<Arguments> messages() {
    YUpdate word = new Keystrokes(7).type("word");
    return Stream.of(
        Arguments.of("00 00 01 00", new YMessage.SyncStep1(StateVector.EMPTY)),
        Arguments.of("00 00 03 01 07 04", new YMessage.SyncStep1(StateVector.of(Map.of(7L, 4L)))),
        Arguments.of("00 01 02 00 00", new YMessage.SyncStep2(YUpdate.EMPTY)),
        Arguments.of(
            "00 02 0e 01 01 07 00 04 01 01 74 04 77 6f 72 64 00", new YMessage.Update(word)),
        Arguments.of("01 01 00", new YMessage.AwarenessMessage(AwarenessUpdate.EMPTY)),
        Arguments.of(
            "01 0d 02 07 03 02 7b 7d 08 01 04 6e 75 6c 6c",
            new YMessage.AwarenessMessage(
                new AwarenessUpdate(List.of(new Entry(7, 3, "{}"), new Entry(8, 1, "null"))))),
        Arguments.of("02 00 02 6e 6f", new YMessage.Auth("no")),
        Arguments.of("03", new YMessage.QueryAwareness()));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void each_has_the_bytes_of_y_protocols_both_ways(String hex, YMessage message)
      throws MalformedUpdateException {
    byte[] frame = HexFormat.of().parseHex(hex.replace(" ", ""));

    assertThat(message.encode()).isEqualTo(frame);
    assertThat(YMessage.parse(frame, LIMITS)).isEqualTo(message);
    assertThat(YMessage.type(frame)).isEqualTo(frame[0]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                     | ends too early
          04                     | unknown type 4
          64 01 00               | unknown type 100
          00 03 01 00            | unknown sync step 3
          02 01 02 6e 6f         | unknown auth message 1
          00 00 01 00 00         | 1 bytes too many
          00 00 02 00 00         | 1 bytes too many
          00 01 05 00 00         | 5 bytes announced
          01 04 01 07 03 00      | not JSON
          01 03 05 07 03         | 5 awareness entries announced
          """)
  void any_other_frame_is_refused_in_words(String hex, String reason) {
    assertThatExceptionOfType(MalformedUpdateException.class)
        .isThrownBy(() -> YMessage.parse(HexFormat.of().parseHex(hex.replace(" ", "")), LIMITS))
        .withMessageContaining(reason);
  }

  @Test
  void keep_alive_is_news_of_no_one() throws MalformedUpdateException {
    assertThat(YMessage.parse(YMessage.keepAlive(), LIMITS))
        .isEqualTo(new YMessage.AwarenessMessage(AwarenessUpdate.EMPTY));
  }

  @Test
  void an_awareness_state_too_long_is_refused() {
    Entry entry = new Entry(7, 1, "\"" + "a".repeat(LIMITS.awarenessStateBytes()) + "\"");
    byte[] frame = new YMessage.AwarenessMessage(new AwarenessUpdate(List.of(entry))).encode();

    assertThatExceptionOfType(MalformedUpdateException.class)
        .isThrownBy(() -> YMessage.parse(frame, LIMITS))
        .withMessageContaining("more than the 8192 allowed");
  }

  @Test
  void a_state_of_null_with_blanks_around_it_is_gone() throws MalformedUpdateException {
    byte[] bytes = new AwarenessUpdate(List.of(new Entry(7, 1, " null\n"))).encode();

    assertThat(AwarenessUpdate.decode(bytes, LIMITS).entries().getFirst().isGone()).isTrue();
  }
}
