package dev.dormouse.saga.facility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.StepCommand;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Many journeys at once, while messages are lost and doubled, commits fail, rooms fall asleep,
/// participants throw and the process dies: the invariants hold at every death, and when the storm
/// is over every journey ends.
///
/// `-Ddormouse.seeds=N` runs N seeds, `-Ddormouse.seed=S` only S, which replays it.
class SagaStormTest {

  @Test
  void I1_to_I7_hold_in_every_seeded_run() {
    Map<SagaStatus, Integer> ends = new EnumMap<>(SagaStatus.class);
    Long one = Long.getLong("dormouse.seed");
    if (one != null) {
      new Storm(one).run(ends);
      return;
    }
    long seeds = Long.getLong("dormouse.seeds", 500);
    for (long seed = 1; seed <= seeds; seed++) {
      new Storm(seed).run(ends);
    }
    assertThat(ends.get(SagaStatus.COMPLETED)).isGreaterThan((int) seeds / 2);
    assertThat(ends.get(SagaStatus.COMPENSATED)).isGreaterThan((int) seeds / 2);
  }

  private static final class Storm {
    private final Wire wire = new Wire(new SagaFacility(List.of(Trip.saga())));
    private final RoomTester tester;
    private final Books books;
    private final Random random;
    private boolean raging = true;
    private int asked;
    private final Set<String> promised = new HashSet<>();

    Storm(long seed) {
      tester =
          Agency.troubled(
              seed,
              wire,
              new BookingRoom.Mood() {
                @Override
                public void before(StepCommand command) {
                  if (happens(6)) {
                    throw happens(50)
                        ? new IllegalStateException("on purpose")
                        : new Refusal.Overloaded("on purpose");
                  }
                }

                @Override
                public Duration later(StepCommand command) {
                  // Longer than all attempts together, sometimes.
                  return happens(25) ? Duration.ofMillis(random.nextInt(240_000)) : Duration.ZERO;
                }
              });
      if (seed % 3 == 0) {
        tester.wholeKeys(0);
      }
      books = new Books(tester);
      random = tester.execution().random();
    }

    private boolean happens(int percent) {
      return raging && random.nextInt(100) < percent;
    }

    void run(Map<SagaStatus, Integer> ends) {
      tester.run(t -> {
        wire.fate((from, to) ->
            happens(8) ? Wire.Fate.LOST : happens(12) ? Wire.Fate.TWICE : Wire.Fate.ARRIVES);
        faults(t);
        for (int i = 0; i < 12; i++) {
          step(t);
        }
        raging = false;
        for (int i = 0; i < 12; i++) {
          t.advance(Duration.ofMinutes(5));
        }
        books.holdAtTheEnd();
        assertThat(books.journeys().stream().map(Books.Journey::id))
            .as("I9: what callers were promised")
            .containsAll(promised);
        books.journeys().forEach(journey -> ends.merge(journey.status(), 1, Integer::sum));
      });
    }

    private void faults(RoomTester t) {
      t.store()
          .faults(set -> {
            int dice = raging ? random.nextInt(100) : 100;
            return dice < 2
                ? new Verdict.Rejected("on purpose")
                : dice < 5 ? new Verdict.Unknown(random.nextBoolean()) : new Verdict.Durable();
          });
    }

    private void step(RoomTester t) {
      int dice = random.nextInt(100);
      if (dice < 35) {
        String id = "trip-" + ++asked;
        Trip trip = new Trip(random.nextBoolean() ? "" : Trip.STEPS.get(random.nextInt(3)));
        t.execution().start("caller", () -> ask(t, id, trip));
      } else if (dice < 45) {
        String id = "trip-" + (1 + random.nextInt(Math.max(1, asked)));
        t.execution().start("caller", () -> cancel(t, id));
      } else if (dice < 60) {
        t.advance(Duration.ofMillis(random.nextInt(4_000)));
      } else if (dice < 75) {
        List<String> all = List.of(Agency.DESKS, "flights", "hotels", "cars");
        var _ = t.node().evict(t.id(all.get(random.nextInt(all.size())), "main"));
      } else if (dice < 85) {
        t.store().crash();
        books.holdAtAnyMoment();
        t.crash();
        faults(t);
      } else if (dice < 88) {
        t.stopAndStart();
        books.holdAtAnyMoment();
        faults(t);
      } else {
        t.execution().pass();
      }
    }

    private void ask(RoomTester t, String id, Trip trip) {
      try {
        Agency.desk(t).book(id, trip);
        promised.add(id);
      } catch (RoomException lost) {
        // In a process that died, or in a turn that failed: the caller would ask again.
        assertThat(lost).isNotNull();
      }
    }

    private void cancel(RoomTester t, String id) {
      try {
        Agency.desk(t).does("cancel", id);
      } catch (RoomException no) {
        assertThat(no).isNotNull();
      }
    }
  }
}
