package dev.dormouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.CommitFailure.Reason;
import dev.dormouse.room.spi.Position;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Write sets one behind the other, of one room and of several (O1, O2). Part of
/// [RoomStoreContract].
abstract class ChainsContract extends StorePart {
  ChainsContract(RoomStoreContract contract) {
    super(contract);
  }

  private final RoomId room = room(1);
  private final RoomId other = room(2);

  @Test
  void O1_futures_of_a_room_complete_in_order_and_positions_grow() throws Exception {
    List<Integer> completed = Collections.synchronizedList(new ArrayList<>());
    List<CompletableFuture<Position>> futures = new ArrayList<>();
    List<CompletableFuture<Position>> others = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int number = i;
      CompletableFuture<Position> future = next(room).put("a", "" + i).submit();
      futures.add(future.whenComplete((_, _) -> completed.add(number)));
      others.add(next(other).put("b", "" + i).submit());
    }
    List<Position> positions = new ArrayList<>();
    for (CompletableFuture<Position> future : futures) {
      positions.add(await(future));
    }

    for (CompletableFuture<Position> future : others) {
      await(future);
    }

    assertThat(completed).isSorted().hasSize(200);
    assertThat(positions).extracting(Position::value).isSorted();
    assertThat(positions).extracting(Position::file).containsOnly(positions.getFirst().file());
    assertThat(keys(room)).containsExactly(Map.entry("a", "199"));
    assertThat(load(room).sequence()).isEqualTo(200);
  }

  @Test
  void every_set_of_a_chain_counts() throws Exception {
    List<Draft> chain =
        List.of(
            next(room).put("a", "1").put("b", "1").alarm(AlarmRow.at("x", 1)),
            next(room).delete("a").put("c", "2").alarm(AlarmRow.at("y", 2)).noAlarm("x"),
            next(room).clear().put("d", "3").alarm(AlarmRow.at("z", 3)),
            next(room).put("a", "4").alarm(AlarmRow.at("y", 4)).noAlarm("z").numbers(99, 5),
            next(room).delete("d").put("e", "5").numbers(100, 6));
    for (CompletableFuture<Position> future : chain.stream().map(Draft::submit).toList()) {
      await(future);
    }

    assertThat(keys(room)).containsExactly(Map.entry("a", "4"), Map.entry("e", "5"));
    assertThat(load(room).alarms()).containsExactly(AlarmRow.at("y", 4));
    assertThat(load(room).version()).isEqualTo(100);
    assertThat(load(room).schema()).isEqualTo(6);
  }

  @Test
  void O2_a_gap_is_refused_with_its_chain_and_other_rooms_commit() throws Exception {
    next(room).put("a", "1").commit();
    sequences.put(room, 2L);
    var gap = next(room).put("a", "3").submit();
    var follower = next(room).put("a", "4").submit();
    var elsewhere = next(other).put("b", "1").submit();

    assertRefused(gap, Reason.SEQUENCE);
    assertRefused(follower, Reason.SEQUENCE);
    await(elsewhere);
    assertThat(keys(room)).containsExactly(Map.entry("a", "1"));
    assertThat(keys(other)).containsExactly(Map.entry("b", "1"));
    sequences.put(room, 1L);
    next(room).put("a", "2").commit();
    assertThat(keys(room)).containsExactly(Map.entry("a", "2"));
  }

  @Test
  void O2_a_sequence_that_was_used_is_refused() throws Exception {
    next(room).put("a", "1").commit();
    sequences.put(room, 0L);

    assertRefused(next(room).put("a", "again").submit(), Reason.SEQUENCE);
    assertThat(keys(room)).containsExactly(Map.entry("a", "1"));
  }

  @Test
  void O2_the_right_set_after_a_wrong_one_is_taken() throws Exception {
    sequences.put(room, 7L);
    var wrong = next(room).put("a", "wrong").submit();
    sequences.put(room, 0L);
    var right = next(room).put("a", "right").submit();

    assertRefused(wrong, Reason.SEQUENCE);
    await(right);
    assertThat(keys(room)).containsExactly(Map.entry("a", "right"));
  }

  @Test
  void O2_what_builds_on_a_refused_set_of_another_room_is_refused() throws Exception {
    Optional<RoomId> together =
        IntStream.rangeClosed(2, 9)
            .mapToObj(StorePart::room)
            .filter(each -> store().isTogether(room, each))
            .findFirst();
    if (together.isEmpty()) {
      // Each room has a queue of its own.
      assertThat(store().isTogether(room, room)).isTrue();
      return;
    }
    RoomId other = together.get();
    sequences.put(room, 7L);
    var wrong = next(room).put("a", "wrong").number(1).submit();
    var dependent = next(other).put("b", "1").number(2).after(1).submit();
    var follower = next(other).put("b", "2").submit();
    sequences.put(room, 0L);
    var third = next(room).put("a", "of the second").after(2).submit();

    assertRefused(wrong, Reason.SEQUENCE);
    assertRefused(dependent, Reason.ORDER);
    assertRefused(follower, Reason.SEQUENCE);
    assertRefused(third, Reason.ORDER);
    assertThat(load(other).sequence()).isZero();
    sequences.put(room, 0L);
    next(room).put("a", "right").number(4).commit();
    // In another batch too, and what it does not build on is no matter.
    sequences.put(other, 0L);
    assertRefused(next(other).put("b", "1").after(1, 4).submit(), Reason.ORDER);
    sequences.put(other, 0L);
    next(other).put("b", "3").after(4).commit();
    assertThat(keys(other)).containsExactly(Map.entry("b", "3"));
  }

  @Test
  void S5_another_epoch_is_refused_with_its_chain() throws Exception {
    var old = next(room).epoch(store().epoch() - 1).put("a", "1").submit();
    var follower = next(room).put("a", "2").submit();
    var future = next(other).epoch(store().epoch() + 1).put("b", "1").submit();

    assertRefused(old, Reason.EPOCH);
    assertRefused(follower, Reason.SEQUENCE);
    assertRefused(future, Reason.EPOCH);
    assertThat(load(room).sequence()).isZero();
  }
}
