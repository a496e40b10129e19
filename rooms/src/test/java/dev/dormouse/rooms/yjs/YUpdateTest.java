package dev.dormouse.rooms.yjs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class YUpdateTest {
  private static final YLimits LIMITS = YLimits.defaults();

  private final Keystrokes ann = new Keystrokes(7);
  private final Keystrokes ben = new Keystrokes(900_000);

  @Nested
  class Merging {
    @Test
    void nothing_gives_the_empty_update() {
      assertThat(YUpdate.merge(List.of())).isEqualTo(YUpdate.EMPTY);
      assertThat(YUpdate.EMPTY.bytes()).containsExactly(0, 0);
      assertThat(YUpdate.EMPTY.isEmpty()).isTrue();
    }

    @Test
    void one_update_gives_it_back() {
      YUpdate only = ann.type("word");

      assertThat(YUpdate.merge(List.of(only))).isEqualTo(only);
    }

    @Test
    void a_missing_update_leaves_a_gap_that_the_state_vector_stops_at() {
      YUpdate first = ann.type("one");
      ann.type("lost");
      YUpdate third = ann.type("three");

      YUpdate merged = YUpdate.merge(List.of(third, first));

      assertThat(merged.stateVector()).isEqualTo(StateVector.of(Map.of(7L, 3L)));
      assertThat(Coverage.of(merged).isNew(third)).isFalse();
    }

    @Test
    void the_order_of_the_updates_does_not_matter() {
      List<YUpdate> updates = new ArrayList<>(ann.typeSingly("dormouse"));
      updates.addAll(ben.typeSingly("🐭 mouse"));
      YUpdate inOrder = YUpdate.merge(updates);

      for (int seed = 0; seed < 100; seed++) {
        Collections.shuffle(updates, new Random(seed));
        assertThat(YUpdate.merge(updates)).as("seed %d", seed).isEqualTo(inOrder);
      }
    }

    @Test
    void blocks_in_an_order_that_yjs_never_writes_are_not_lost() throws MalformedUpdateException {
      YUpdate lowClientFirst =
          decode("02 01 01 00 04 01 01 74 01 61 01 05 00 04 01 01 74 01 62 00");

      YUpdate merged = YUpdate.merge(List.of(lowClientFirst, ann.type("x")));

      assertThat(merged.stateVector()).isEqualTo(StateVector.of(Map.of(1L, 1L, 5L, 1L, 7L, 1L)));
    }

    @Test
    void what_is_cut_from_a_map_entry_bears_the_flag_of_a_key_until_it_is_read_again()
        throws MalformedUpdateException {
      // As yjs says it: client 1 sets `k` of the map `m`; then all, when `k` was set twice more
      YUpdate first = decode("01 01 01 00 28 01 01 6d 01 6b 01 7d 01 00");
      YUpdate all = decode("01 02 01 00 21 01 01 6d 01 6b 02 a8 01 01 01 7d 03 01 01 01 00 02");

      YUpdate once = YUpdate.merge(List.of(first, all));
      YUpdate twice = YUpdate.merge(List.of(once, once));

      // The bytes that `mergeUpdates` gives: a1 is content deleted, origin and key, 81 without key
      String entry = "01 03 01 00 28 01 01 6d 01 6b 01 7d 01";
      String last = "88 01 01 01 7d 03 01 01 01 00 02";
      assertThat(once).isEqualTo(decode(entry + "a1 01 00 01" + last));
      assertThat(twice).isEqualTo(decode(entry + "81 01 00 01" + last));
      assertThat(YUpdate.merge(List.of(twice, twice))).isEqualTo(twice);
      assertThat(YUpdate.merge(List.of(twice, once))).isEqualTo(twice);
      assertThat(Coverage.of(once).isNew(twice)).isFalse();
      assertThat(Coverage.of(twice).isNew(once)).isFalse();
    }

    @Test
    void of_two_that_contradict_each_other_the_first_wins_and_the_other_is_cut_behind_it()
        throws MalformedUpdateException {
      // Both are clock 0 of client 1: the letter `a`, and two deleted ones of a map's entry
      YUpdate letter = decode("01 01 01 00 04 01 00 01 61 00");
      YUpdate entry = decode("01 01 01 00 21 01 00 00 02 00");

      YUpdate once = YUpdate.merge(List.of(letter, entry));

      assertThat(once).isEqualTo(decode("01 02 01 00 04 01 00 01 61 a1 01 00 01 00"));
      assertThat(YUpdate.merge(List.of(once, once)))
          .isEqualTo(decode("01 02 01 00 04 01 00 01 61 81 01 00 01 00"));
    }

    @Test
    void hundreds_of_keystrokes_merge_and_are_known_afterwards() {
      List<YUpdate> updates = ann.typeSingly("a".repeat(2_000));

      YUpdate merged = YUpdate.merge(updates);

      assertThat(merged.stateVector().next(7)).isEqualTo(2_000);
    }
  }

  @Nested
  class The_difference {
    @Test
    void to_somebody_who_knows_all_holds_the_deletions_only() throws MalformedUpdateException {
      YUpdate document = YUpdate.merge(List.of(ann.type("word"), ann.delete(1, 2)));

      assertThat(document.diff(document.stateVector())).isEqualTo(decode("00 01 07 01 01 02"));
    }

    @Test
    void to_somebody_who_knows_nothing_is_all() {
      YUpdate document = YUpdate.merge(List.of(ann.type("word"), ben.type("mouse")));

      assertThat(document.diff(StateVector.EMPTY)).isEqualTo(document);
    }

    @Test
    void that_cuts_a_surrogate_pair_has_a_replacement_character_for_its_second_half()
        throws MalformedUpdateException {
      YUpdate document = ann.type("x🐭y");

      // client 7 from clock 2: string, origin (7, 1), text U+FFFD 'y'
      assertThat(document.diff(StateVector.of(Map.of(7L, 2L))))
          .isEqualTo(decode("01 01 07 02 84 07 01 04 ef bf bd 79 00"));
    }
  }

  @Nested
  class A_checked_update {
    @Test
    void does_not_change_with_the_array_it_came_from() throws MalformedUpdateException {
      byte[] bytes = ann.type("word").bytes();
      YUpdate update = YUpdate.decode(bytes, LIMITS);

      bytes[bytes.length - 2] = 'k';
      update.bytes()[0] = 9;

      assertThat(update).isEqualTo(YUpdate.decode(update.bytes(), LIMITS));
      assertThat(update.bytes()).isNotEqualTo(bytes);
    }

    @Test
    void says_what_it_holds() {
      YUpdate update = YUpdate.merge(List.of(ann.type("word"), ann.delete(1, 2)));

      assertThat(update).hasToString("YUpdate[1 structs of 1 clients, 1 delete ranges, 18 bytes]");
    }
  }

  private static YUpdate decode(String hex) throws MalformedUpdateException {
    return YUpdate.decode(HexFormat.of().parseHex(hex.replace(" ", "")), LIMITS);
  }
}
