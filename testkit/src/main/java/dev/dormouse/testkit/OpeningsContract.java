package dev.dormouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.CommitFailure.Reason;
import dev.dormouse.room.spi.Position;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What one opening of a store leaves to the next (S5). Part of [RoomStoreContract].
abstract class OpeningsContract extends StorePart {
  OpeningsContract(RoomStoreContract contract) {
    super(contract);
  }

  private final RoomId room = room(1);

  @Test
  void S5_its_epoch_has_risen() throws Exception {
    long first = store().epoch();
    reopen();
    long second = store().epoch();
    reopen();

    assertThat(first).isPositive();
    assertThat(second).isGreaterThan(first);
    assertThat(store().epoch()).isGreaterThan(second);
  }

  @Test
  void everything_is_there_and_chains_go_on() throws Exception {
    next(room).put("a", "1").alarm(AlarmRow.at("tick", 5)).numbers(1, 2).commit();
    var submitted = next(room).put("b", "2").numbers(2, 2).submit();
    reopen();
    await(submitted);

    assertThat(keys(room)).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
    assertThat(load(room).alarms()).containsExactly(AlarmRow.at("tick", 5));
    assertThat(load(room).sequence()).isEqualTo(2);
    assertThat(load(room).schema()).isEqualTo(2);
    next(room).put("a", "3").commit();
    assertThat(keys(room)).containsEntry("a", "3");
  }

  @Test
  void S5_sets_of_the_opening_before_are_refused() throws Exception {
    long old = store().epoch();
    reopen();

    assertRefused(next(room).epoch(old).put("a", "1").submit(), Reason.EPOCH);
  }

  @Test
  void positions_still_grow() throws Exception {
    Position before = next(room).put("a", "1").commit();
    reopen();

    assertThat(next(room).put("a", "2").commit().value()).isGreaterThan(before.value());
  }
}
