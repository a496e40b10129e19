package dev.dormouse.saga.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Stored bytes outlive code: what is written today must be read by every later version.
class GroupCodecTest {
  private static final MessageRow ROW =
      new MessageRow(MessageState.LEASED, "key-ß", "ab", 3, 5, 7, "lease", "why");
  private static final String ROW_BYTES =
      "010200066b65792dc39f00026162000000030000000000000005000000000000000700056c6561736500"
          + "03776879";

  @Test
  void a_row_s_bytes_are_these() {
    assertThat(HexFormat.of().formatHex(ROW.encode())).isEqualTo(ROW_BYTES);
    assertThat(MessageRow.decode(HexFormat.of().parseHex(ROW_BYTES))).isEqualTo(ROW);
  }

  @Test
  void a_row_of_a_newer_format_or_in_part_is_refused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> MessageRow.decode(HexFormat.of().parseHex("02" + ROW_BYTES.substring(2))))
        .withMessageContaining("format 2");
    assertThatIllegalStateException()
        .isThrownBy(() -> MessageRow.decode(HexFormat.of().parseHex(ROW_BYTES.substring(0, 30))));
  }

  @Test
  void every_state_comes_back() {
    for (MessageState state : MessageState.values()) {
      MessageRow row = new MessageRow(state, "k", "", 0, 0, 0, "", "");
      assertThat(MessageRow.decode(row.encode())).isEqualTo(row);
    }
  }

  @Test
  void a_header_comes_back_whole() {
    GroupHeader header = GroupHeader.load(null, () -> 9);
    header.position = 1;
    header.logEpoch = 2;
    header.paused = true;
    header.purgedTo = 3;
    int count = 4;
    for (MessageState state : MessageState.values()) {
      header.add(state, count++);
    }
    header.letters = 10;
    header.taken = 11;
    header.duplicates = 12;
    header.leases = 13;
    header.acked = 14;
    header.lost = 15;
    header.seenFirst = 16;
    header.seen = 17;
    header.seenMark = 18;
    header.ageCursor = 19;
    header.ageNext = 20;

    GroupHeader back = GroupHeader.load(header.encode(), () -> 0);

    assertThat(back).usingRecursiveComparison().isEqualTo(header);
  }

  @Test
  void keys_sort_as_their_numbers() {
    assertThat(List.of(9L, 10L, 255L, 256L, Long.MAX_VALUE))
        .extracting(number -> GroupKeys.at(GroupKeys.MESSAGES, number))
        .isSorted();
    assertThat(GroupKeys.time(5, 900)).isLessThan(GroupKeys.time(6, 1));
    assertThat(GroupKeys.timeOf(GroupKeys.time(77, 1))).isEqualTo(77);
    assertThat(GroupKeys.position(GroupKeys.time(77, 12))).isEqualTo(12);
    assertThat(GroupKeys.at("m/", Long.MAX_VALUE)).isLessThan(GroupKeys.end("m/"));
  }
}
