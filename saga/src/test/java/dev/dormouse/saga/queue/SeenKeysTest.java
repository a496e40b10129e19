package dev.dormouse.saga.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeenKeysTest {
  private static final int CAPACITY = 1_000;

  private final MemoryRows rows = new MemoryRows();
  private SeenKeys seen = new SeenKeys(CAPACITY);

  private boolean add(String key, long position, boolean stored) {
    Draft draft = new Draft(rows);
    GroupHeader header = GroupHeader.load(draft.get(GroupKeys.HEADER), () -> 1);
    boolean added = seen.add(key, position, draft, header);
    draft.put(GroupKeys.HEADER, header.encode());
    if (stored) {
      rows.apply(new GroupChanges(draft.changes(), java.util.OptionalLong.empty()));
    }
    return added;
  }

  private void addMany(int from, int to) {
    for (int i = from; i < to; i++) {
      assertThat(add("k" + i, i, true)).isTrue();
    }
  }

  @Test
  void remembers_the_last_keys_and_forgets_the_others() {
    addMany(0, 3_000);

    assertThat(add("k2000", 3_000, true)).isFalse();
    assertThat(add("k1999", 3_000, true)).isTrue();
  }

  @Test
  void remembers_the_same_after_it_was_loaded_again() {
    addMany(0, 3_000);
    seen = new SeenKeys(CAPACITY);

    assertThat(add("k2000", 3_000, true)).isFalse();
    assertThat(add("k1999", 3_000, true)).isTrue();
  }

  @Test
  void keeps_its_rows_bounded() {
    addMany(0, 10_000);

    assertThat(rows.positions(GroupKeys.SEEN)).hasSizeBetween(4, 7);
  }

  @Test
  void forgets_what_a_turn_added_that_was_undone() {
    addMany(0, 10);
    assertThat(add("k10", 10, false)).isTrue();

    assertThat(add("k10", 10, true)).isTrue();
    assertThat(add("k10", 11, true)).isFalse();
  }

  @Test
  void forgets_from_a_position_on_and_goes_on() {
    addMany(0, 1_500);
    Draft draft = new Draft(rows);
    GroupHeader header = GroupHeader.load(draft.get(GroupKeys.HEADER), () -> 1);
    seen.forgetFrom(1_400, draft, header);
    draft.put(GroupKeys.HEADER, header.encode());
    rows.apply(new GroupChanges(draft.changes(), java.util.OptionalLong.empty()));
    seen = new SeenKeys(CAPACITY);

    assertThat(add("k1399", 1_400, true)).isFalse();
    assertThat(add("k1400", 1_400, true)).isTrue();
    addMany(1_401, 5_000);
    assertThat(rows.positions(GroupKeys.SEEN)).hasSizeBetween(4, 7);
  }

  @Test
  void remembers_nothing_if_it_may_not() {
    seen = new SeenKeys(0);

    assertThat(add("k", 0, true)).isTrue();
    assertThat(add("k", 1, true)).isTrue();
  }
}
