package dev.dormouse.saga.facility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What a saga of three steps on three rooms makes its store write, the rooms' own rows included.
class SagaCostTest {
  private static final int SAGAS = 50;

  private final RoomTester tester = Agency.tester(1);
  private int sets;
  private int rows;
  private long bytes;

  private void begin(RoomTester t) {
    sets = 0;
    rows = 0;
    bytes = 0;
    t.store()
        .faults((WriteSet set) -> {
          sets++;
          rows += set.changes().size() + set.alarms().size();
          bytes += set.bytes() - 64;
          return new Verdict.Durable();
        });
  }

  private void one(RoomTester t, String id, String full) {
    Agency.desk(t).book(id, new Trip(full));
    t.settle();
  }

  private String each() {
    return "%.1f write sets, %.1f rows, %.1f kB"
        .formatted((double) sets / SAGAS, (double) rows / SAGAS, bytes / 1e3 / SAGAS);
  }

  @Test
  void one_that_is_completed_takes_seven_write_sets() {
    tester.run(t -> {
      one(t, "first", "");
      begin(t);
      for (int i = 0; i < SAGAS; i++) {
        one(t, "s" + i, "");
      }
      System.out.println("completed: " + each());
      assertThat(sets).isEqualTo(7 * SAGAS);
      assertThat(rows).isLessThan(45 * SAGAS);
    });
  }

  @Test
  void one_that_is_refused_at_the_last_step_takes_eleven() {
    tester.run(t -> {
      one(t, "first", "cars");
      begin(t);
      for (int i = 0; i < SAGAS; i++) {
        one(t, "s" + i, "cars");
      }
      System.out.println("refused: " + each());
      assertThat(sets).isEqualTo(11 * SAGAS);
      assertThat(rows).isLessThan(70 * SAGAS);
    });
  }

  @Test
  void what_is_remembered_of_many_is_forgotten_together() {
    tester.run(t -> {
      for (int i = 0; i < SAGAS; i++) {
        Agency.desk(t).book("s" + i, new Trip(""));
      }
      t.settle();
      begin(t);
      t.advance(Duration.ofMinutes(5));
      System.out.println("forgotten: " + each());
      assertThat(sets).isLessThan(SAGAS);
      new Books(t).holdAtTheEnd();
    });
  }
}
