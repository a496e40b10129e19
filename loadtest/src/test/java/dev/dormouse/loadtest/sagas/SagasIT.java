package dev.dormouse.loadtest.sagas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.loadtest.Typed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The command itself against our own server.
class SagasIT {
  private static String said(String... options) throws Exception {
    List<String> words = new ArrayList<>(List.of("./sagas"));
    words.addAll(List.of(options));
    return Typed.line(words.toArray(String[]::new)).well();
  }

  @Test
  void every_saga_ends_as_it_should_and_every_object_has_counted_it() throws Exception {
    assertThat(said("--smoke")).endsWith("Every answer was right.\n");
  }

  /// The bound is for a machine that does much else besides; `docs/performance.md` has a figure.
  @Test
  void three_thousand_overdue_sagas_are_settled_after_a_kill() throws Exception {
    assertThat(said("--overdue", "3000", "--within", "90")).endsWith("of being ready: yes\n");
  }

  @Test
  void a_thousand_overdue_alarms_ring_after_a_kill() throws Exception {
    assertThat(said("--alarms", "1000", "--per-room", "1", "--due-after", "20", "--within", "30"))
        .endsWith("of being ready: yes\n");
  }

  @Test
  void sagas_sleep_and_go_on() throws Exception {
    assertThat(said("--sleeping", "500"))
        .endsWith("500 of them were answered then, and all of those ended\n");
  }
}
