package dev.dormouse.loadtest.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.loadtest.WireException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private final Ledger ledger = new Ledger();
  private final Map<String, Counts> stored = new HashMap<>();

  private Counts check() {
    return ledger.check(4, object -> stored.getOrDefault(object, Counts.NONE));
  }

  @Test
  void a_saga_counts_once_on_each_object_and_a_refused_one_back_on_two() {
    ledger.ended(new Order("1", "t0", "t1", "t2", false));
    ledger.ended(new Order("2", "t1", "t2", "t3", true));
    stored.put("t0", new Counts(1, 0));
    stored.put("t1", new Counts(2, 1));
    stored.put("t2", new Counts(2, 1));
    assertThat(check()).isEqualTo(new Counts(5, 2));
  }

  @Test
  void one_count_too_many_is_found() {
    ledger.ended(new Order("1", "t0", "t1", "t2", false));
    stored.put("t0", new Counts(1, 0));
    stored.put("t1", new Counts(1, 0));
    stored.put("t2", new Counts(1, 1));
    assertThatThrownBy(this::check).isInstanceOf(WireException.class).hasMessageContaining("t2");
  }

  @Test
  void one_count_too_few_is_found() {
    ledger.ended(new Order("1", "t0", "t1", "t2", true));
    stored.put("t0", new Counts(1, 1));
    stored.put("t1", new Counts(1, 0));
    assertThatThrownBy(this::check).isInstanceOf(WireException.class).hasMessageContaining("t1");
  }
}
