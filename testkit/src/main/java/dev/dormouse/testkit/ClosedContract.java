package dev.dormouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.KeyRange;
import org.junit.jupiter.api.Test;

/// A store that is closed. Part of [RoomStoreContract].
abstract class ClosedContract extends StorePart {
  ClosedContract(RoomStoreContract contract) {
    super(contract);
  }

  @Test
  void later_calls_fail_and_say_why() throws Exception {
    Draft late = next(room(1)).put("a", "1");
    store().close();

    assertThat(failure(late.submit())).hasMessageContaining("closed");
    assertThat(store().load(room(1))).isCompletedExceptionally();
    assertThat(store().read(room(1), "a")).isCompletedExceptionally();
    assertThat(store().list(room(1), KeyRange.all(), 1)).isCompletedExceptionally();
    assertThat(store().rooms(SPACE, null, 1)).isCompletedExceptionally();
    assertThat(store().marks("", null, 1)).isCompletedExceptionally();
    assertThat(store().dueAlarms(1, 1)).isCompletedExceptionally();
    open();
  }
}
