package dev.dormouse.rooms.yjs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.rooms.yjs.Struct.Collected;
import dev.dormouse.rooms.yjs.Struct.Item;
import dev.dormouse.rooms.yjs.Struct.Skip;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/// The codec against the real `yjs`, byte for byte, on thousands of seeded histories.
class YjsHistoriesTest {
  private static final YLimits LIMITS = YLimits.defaults();
  private static final List<YjsHistory> HISTORIES = YjsHistory.all();

  @Test
  void there_are_2000_histories_in_which_every_kind_of_struct_occurs() {
    TreeSet<Integer> kinds = new TreeSet<>();
    for (YjsHistory history : HISTORIES) {
      for (YjsHistory.Merge merge : history.merges()) {
        forEachStruct(update(merge.merged()), struct -> kinds.add(kind(struct)));
      }
    }

    assertThat(HISTORIES).hasSizeGreaterThanOrEqualTo(2_000);
    assertThat(kinds).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
  }

  @Test
  void decode_finds_the_structs_and_deletions_that_yjs_finds() {
    for (YjsHistory history : HISTORIES) {
      for (YjsHistory.Listing listing : history.listings()) {
        YUpdate update = update(listing.update());

        assertThat(crc(update)).as(seed(history)).isEqualTo(listing.crc());
        assertThat(update.bytes()).as(seed(history)).isEqualTo(listing.update());
      }
    }
  }

  @Test
  void merge_gives_the_bytes_of_yjs() {
    for (YjsHistory history : HISTORIES) {
      for (YjsHistory.Merge merge : history.merges()) {
        YUpdate merged = YUpdate.merge(updates(merge.inputs()));

        assertThat(merged.bytes()).as(seed(history)).isEqualTo(merge.merged());
      }
    }
  }

  @Test
  void what_a_merge_knows_of_itself_is_what_its_bytes_say() {
    for (YjsHistory history : HISTORIES) {
      for (YjsHistory.Merge merge : history.merges()) {
        YUpdate merged = YUpdate.merge(updates(merge.inputs()));
        YUpdate read = update(merge.merged());

        assertThat(crc(merged)).as(seed(history)).isEqualTo(crc(read));
        assertThat(merged.stateVector()).as(seed(history)).isEqualTo(read.stateVector());
        for (byte[] input : merge.inputs()) {
          assertThat(Coverage.of(merged).isNew(update(input))).as(seed(history)).isFalse();
        }
      }
    }
  }

  @Test
  void merged_with_itself_an_update_neither_grows_nor_changes_but_for_flags_that_nobody_reads() {
    int respelled = 0;
    for (YjsHistory history : HISTORIES) {
      for (YjsHistory.Merge merge : history.merges()) {
        YUpdate once = YUpdate.merge(updates(merge.inputs()));
        YUpdate twice = YUpdate.merge(List.of(once, once));

        assertThat(twice.size()).as(seed(history)).isEqualTo(once.size());
        assertThat(crc(twice)).as(seed(history)).isEqualTo(crc(once));
        assertThat(YUpdate.merge(List.of(twice, twice))).as(seed(history)).isEqualTo(twice);
        respelled += twice.equals(once) ? 0 : 1;
      }
    }
    assertThat(respelled).as("merges with such flags").isPositive();
  }

  @Test
  void the_state_vector_of_an_update_has_the_bytes_of_yjs() {
    for (YjsHistory history : HISTORIES) {
      for (YjsHistory.Merge merge : history.merges()) {
        YUpdate merged = update(merge.merged());

        assertThat(merged.stateVector().encode()).as(seed(history)).isEqualTo(merge.stateVector());
        assertThat(Coverage.of(merged).stateVector().encode())
            .as(seed(history))
            .isEqualTo(merge.stateVector());
      }
    }
  }

  @Test
  void diff_gives_the_bytes_of_yjs() throws MalformedUpdateException {
    for (YjsHistory history : HISTORIES) {
      for (YjsHistory.Diff diff : history.diffs()) {
        StateVector known = StateVector.decode(diff.known(), LIMITS);

        assertThat(known.encode()).as(seed(history)).isEqualTo(diff.known());
        assertThat(update(diff.update()).diff(known).bytes())
            .as(seed(history))
            .isEqualTo(diff.diff());
      }
    }
  }

  @Test
  void coverage_finds_new_what_yjs_finds_new_and_nothing_else() {
    int nothingNew = 0;
    for (YjsHistory history : HISTORIES) {
      for (YjsHistory.Verdict verdict : history.verdicts()) {
        Coverage coverage = Coverage.of(update(verdict.stored()));
        YUpdate update = update(verdict.update());

        assertThat(coverage.isNew(update)).as(seed(history)).isEqualTo(verdict.isNew());

        coverage.add(update);
        assertThat(coverage.isNew(update)).as(seed(history)).isFalse();
        nothingNew += verdict.isNew() ? 0 : 1;
      }
    }
    assertThat(nothingNew).as("histories where nothing is new").isGreaterThan(1_000);
  }

  @Test
  void a_document_stored_update_by_update_is_the_merge_of_all_and_takes_each_once()
      throws MalformedUpdateException {
    for (YjsHistory history : HISTORIES) {
      for (YjsHistory.Merge merge : history.merges()) {
        StoredDocument document = StoredDocument.empty(LIMITS);
        List<byte[]> log = new ArrayList<>();
        for (byte[] input : merge.inputs()) {
          if (document.offer(update(input)) == Novelty.NEW) {
            log.add(input);
          }
        }
        StoredDocument opened = StoredDocument.open(new byte[] {0, 0}, log, LIMITS);

        assertThat(opened.stateVector().encode()).as(seed(history)).isEqualTo(merge.stateVector());
        assertThat(opened.content()).as(seed(history)).isEqualTo(document.content());
        for (byte[] input : merge.inputs()) {
          assertThat(opened.offer(update(input))).as(seed(history)).isEqualTo(Novelty.NOTHING_NEW);
        }
        assertThat(Coverage.of(opened.content()).isNew(update(merge.merged())))
            .as(seed(history))
            .isFalse();
      }
    }
  }

  @Test
  void what_makes_yjs_throw_is_refused() {
    int refused = 0;
    int taken = 0;
    for (YjsHistory history : HISTORIES) {
      for (YjsHistory.Mutant mutant : history.mutants()) {
        boolean accepted;
        try {
          YUpdate.decode(mutant.bytes(), LIMITS);
          accepted = true;
        } catch (MalformedUpdateException e) {
          accepted = false;
        }
        if (mutant.refused()) {
          assertThat(accepted).as(seed(history)).isFalse();
          refused++;
        }
        taken += accepted ? 1 : 0;
      }
    }
    assertThat(refused).as("mutants that yjs refuses").isGreaterThan(1_000);
    assertThat(taken).as("mutants that are valid updates").isGreaterThan(500);
  }

  private static String seed(YjsHistory history) {
    return "history of seed " + history.seed();
  }

  private static YUpdate update(byte[] bytes) {
    try {
      return YUpdate.decode(bytes, LIMITS);
    } catch (MalformedUpdateException e) {
      throw new AssertionError("yjs wrote it, but it was refused", e);
    }
  }

  private static List<YUpdate> updates(List<byte[]> inputs) {
    return inputs.stream().map(YjsHistoriesTest::update).toList();
  }

  private static long crc(YUpdate update) {
    StringBuilder listing = new StringBuilder();
    forEachStruct(update, s -> line(listing, kind(s) + " ", s.client(), s.clock(), s.length()));
    update
        .deletes()
        .ranges()
        .forEach((client, bounds) -> {
          for (int i = 0; i < bounds.length; i += 2) {
            line(listing, "d ", client, bounds[i], bounds[i + 1] - bounds[i]);
          }
        });
    CRC32 crc = new CRC32();
    crc.update(listing.toString().getBytes(UTF_8));
    return crc.getValue();
  }

  private static void line(StringBuilder to, String kind, long client, long clock, long length) {
    to.append(kind)
        .append(client)
        .append(' ')
        .append(clock)
        .append(' ')
        .append(length)
        .append('\n');
  }

  private static void forEachStruct(YUpdate update, Consumer<Struct> action) {
    StructCursor cursor = new StructCursor(update, update.blocks(), false);
    for (Struct s = cursor.current(); s != null; s = cursor.advance()) {
      action.accept(s);
    }
  }

  private static int kind(Struct struct) {
    return switch (struct) {
      case Collected _ -> Collected.KIND;
      case Skip _ -> Skip.KIND;
      case Item item -> item.kind();
    };
  }
}
