package dev.dormouse.rooms.yjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StoredDocumentTest {
  private static final YLimits LIMITS = YLimits.defaults();
  private static final byte[] NO_SNAPSHOT = {0, 0};

  private final Keystrokes ann = new Keystrokes(7);
  private final Keystrokes ben = new Keystrokes(8);
  private final StoredDocument document = StoredDocument.empty(LIMITS);

  @Nested
  class An_update {
    @Test
    void is_new_once() {
      YUpdate word = ann.type("word");

      assertThat(document.offer(word)).isEqualTo(Novelty.NEW);
      assertThat(document.offer(word)).isEqualTo(Novelty.NOTHING_NEW);
    }

    @Test
    void that_only_deletes_is_new_once() {
      document.offer(ann.type("word"));

      assertThat(document.offer(ann.delete(0, 2))).isEqualTo(Novelty.NEW);
      assertThat(document.offer(ann.delete(1, 1))).isEqualTo(Novelty.NOTHING_NEW);
      assertThat(document.offer(ann.delete(1, 2))).isEqualTo(Novelty.NEW);
    }

    @Test
    void behind_a_gap_is_kept_and_not_counted_as_known() {
      YUpdate first = ann.type("one");
      YUpdate second = ann.type("two");

      assertThat(document.offer(second)).isEqualTo(Novelty.NEW);
      assertThat(document.stateVector()).isEqualTo(StateVector.EMPTY);
      assertThat(document.offer(second)).isEqualTo(Novelty.NOTHING_NEW);

      assertThat(document.offer(first)).isEqualTo(Novelty.NEW);
      assertThat(document.stateVector().next(7)).isEqualTo(6);
    }

    @Test
    void and_the_whole_stay_as_they_are_when_the_document_goes_on() {
      YUpdate first = ann.type("ab");
      document.offer(first);
      document.offer(ann.delete(0, 1));
      YUpdate whole = document.fold();
      document.offer(ann.type("cd"));
      document.offer(ann.delete(1, 1));

      assertThat(first.stateVector().next(7)).isEqualTo(2);
      assertThat(whole.stateVector().next(7)).isEqualTo(2);
      assertThat(Coverage.of(whole).isNew(ann.delete(1, 1))).isTrue();
      assertThat(document.isNew(ann.delete(1, 1))).isFalse();
      assertThat(document.stateVector().next(7)).isEqualTo(4);
    }

    @Test
    void that_makes_the_document_too_large_is_not_taken() {
      StoredDocument small = StoredDocument.empty(withDocumentBytes(40));

      assertThat(small.offer(ann.type("word"))).isEqualTo(Novelty.NEW);
      assertThat(small.offer(ann.type("a".repeat(40)))).isEqualTo(Novelty.TOO_LARGE);
      assertThat(small.stateVector().next(7)).isEqualTo(4);
      assertThat(small.offer(ben.type("b"))).isEqualTo(Novelty.NEW);
    }
  }

  @Nested
  class A_full_document {
    private final StoredDocument three = StoredDocument.empty(limits(1_000, 3));

    @Test
    void takes_no_further_client_and_goes_on_with_those_it_has() {
      three.offer(ann.type("a"));
      three.offer(ben.type("b"));
      three.offer(new Keystrokes(9).delete(0, 1));

      assertThat(three.offer(new Keystrokes(10).type("d"))).isEqualTo(Novelty.TOO_LARGE);
      assertThat(three.offer(new Keystrokes(10).delete(0, 1))).isEqualTo(Novelty.TOO_LARGE);
      assertThat(three.offer(ann.type("more"))).isEqualTo(Novelty.NEW);
      assertThat(three.offer(new Keystrokes(9).type("c"))).isEqualTo(Novelty.NEW);
    }

    @Test
    void takes_no_further_range_and_still_one_that_it_has() {
      StoredDocument document = StoredDocument.empty(limits(3, 10));
      document.offer(ann.type("abcdef"));
      document.offer(ann.delete(0, 1));
      document.offer(ann.delete(2, 1));

      assertThat(document.offer(ann.delete(4, 1))).isEqualTo(Novelty.TOO_LARGE);
      assertThat(document.offer(ann.delete(2, 1))).isEqualTo(Novelty.NOTHING_NEW);
    }

    @Test
    void ranges_that_came_to_touch_are_one() {
      StoredDocument document = StoredDocument.empty(limits(4, 10));
      document.offer(ann.type("abcdef"));
      document.offer(ann.delete(0, 1));
      document.offer(ann.delete(2, 1));
      document.offer(ann.delete(1, 1));

      assertThat(document.offer(ann.delete(4, 1))).isEqualTo(Novelty.NEW);
    }

    @Test
    void of_times_before_the_limit_opens_and_is_read() throws MalformedUpdateException {
      three.offer(ann.type("a"));
      three.offer(ben.type("b"));

      StoredDocument opened =
          StoredDocument.open(three.fold().bytes(), List.of(), limits(1_000, 1));

      assertThat(opened.content()).isEqualTo(three.content());
      assertThat(opened.offer(new Keystrokes(9).type("c"))).isEqualTo(Novelty.TOO_LARGE);
    }
  }

  @Nested
  class A_newcomer {
    @Test
    void gets_what_is_missing_and_then_has_all() {
      YUpdate first = ann.type("one ");
      YUpdate second = ben.type("two");
      document.offer(first);
      document.offer(second);

      YUpdate missing = document.diff(first.stateVector());

      assertThat(YUpdate.merge(List.of(missing, first)).stateVector())
          .isEqualTo(document.stateVector());
      assertThat(missing).isEqualTo(second);
    }

    @Test
    void gets_an_empty_update_from_an_empty_document() {
      assertThat(document.diff(StateVector.EMPTY)).isEqualTo(YUpdate.EMPTY);
    }
  }

  @Nested
  class The_log {
    @Test
    void of_few_small_updates_is_left_alone() {
      document.offer(ann.type("word"));

      assertThat(document.wantsFold()).isFalse();
    }

    @Test
    void of_500_keystrokes_wants_to_be_folded_into_a_snapshot_of_one_stroke() {
      ann.typeSingly("a".repeat(500)).forEach(document::offer);
      assertThat(document.wantsFold()).isTrue();

      YUpdate snapshot = document.fold();

      assertThat(document.wantsFold()).isFalse();
      assertThat(snapshot.size()).isLessThan(520);
      assertThat(snapshot.stateVector().next(7)).isEqualTo(500);
    }

    @Test
    void of_many_bytes_wants_to_be_folded() {
      document.offer(ann.type("a".repeat(70_000)));

      assertThat(document.wantsFold()).isTrue();
    }

    @Test
    void may_grow_with_the_snapshot() {
      document.offer(ann.type("a".repeat(1_000_000)));
      document.fold();

      document.offer(ann.type("a".repeat(200_000)));
      assertThat(document.wantsFold()).isFalse();
      document.offer(ann.type("a".repeat(60_000)));
      assertThat(document.wantsFold()).isTrue();
    }

    @Test
    void opens_again_with_the_snapshot_before_it() throws MalformedUpdateException {
      List<byte[]> log = new ArrayList<>();
      ann.typeSingly("before").forEach(document::offer);
      byte[] snapshot = document.fold().bytes();
      for (YUpdate update : ben.typeSingly("after")) {
        document.offer(update);
        log.add(update.bytes());
      }

      StoredDocument opened = StoredDocument.open(snapshot, log, LIMITS);

      assertThat(opened.stateVector()).isEqualTo(document.stateVector());
      assertThat(opened.content()).isEqualTo(document.content());
      assertThat(opened.offer(document.content())).isEqualTo(Novelty.NOTHING_NEW);
    }

    @Test
    void may_hold_updates_that_the_snapshot_holds_already() throws MalformedUpdateException {
      List<YUpdate> updates = ann.typeSingly("twice");
      updates.forEach(document::offer);
      List<byte[]> log = updates.stream().map(YUpdate::bytes).toList();

      StoredDocument opened = StoredDocument.open(document.fold().bytes(), log, LIMITS);

      assertThat(opened.stateVector()).isEqualTo(document.stateVector());
    }

    @Test
    void that_is_not_what_was_stored_is_refused() {
      assertThatExceptionOfType(MalformedUpdateException.class)
          .isThrownBy(() -> StoredDocument.open(NO_SNAPSHOT, List.of(new byte[] {1}), LIMITS));
    }
  }

  private static YLimits withDocumentBytes(int bytes) {
    return limits(LIMITS.structs(), LIMITS.clients(), bytes);
  }

  private static YLimits limits(int structs, int clients) {
    return limits(structs, clients, LIMITS.documentBytes());
  }

  private static YLimits limits(int structs, int clients, int bytes) {
    YLimits d = YLimits.defaults();
    return new YLimits(
        d.updateBytes(),
        structs,
        clients,
        d.maxClock(),
        d.nesting(),
        d.jsonBytes(),
        bytes,
        d.awarenessStateBytes(),
        d.awarenessClients(),
        d.awarenessBytes());
  }
}
