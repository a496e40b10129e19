package dev.dormouse.saga.queue.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Shops that send and accounts that count, while notes are lost, commits and appends fail,
/// handlers throw and wait, files are deleted, rooms fall asleep and the process dies: the
/// invariants hold at every death, and when the storm is over every message has had its effect once
/// or is a dead letter.
///
/// `-Ddormouse.seeds=N` runs N seeds, `-Ddormouse.seed=S` only S, which replays it.
class QueueStormTest {

  @Test
  void I5_I6_I8_hold_in_every_seeded_run() {
    long[] ends = new long[2];
    Long one = Long.getLong("dormouse.seed");
    if (one != null) {
      new Storm(one).run(ends);
      return;
    }
    long seeds = Long.getLong("dormouse.seeds", 500);
    for (long seed = 1; seed <= seeds; seed++) {
      new Storm(seed).run(ends);
    }
    assertThat(ends[0]).as("messages with their effect").isGreaterThan(seeds * 5);
    assertThat(ends[1]).as("dead letters without").isGreaterThan(seeds / 20);
  }

  private static final class Storm {
    private final Trade trade;
    private final RoomTester tester;
    private final Random random;
    private boolean raging = true;

    Storm(long seed) {
      trade = new Trade(seed, Trade.patient(seed % 2 == 0 ? 1 : 30));
      tester = trade.plant.tester;
      random = tester.execution().random();
      trade.plant.lost = () -> happens(5);
      trade.mood = (context, batch) -> grumble();
      trade.halfway =
          (context, batch) -> {
            if (happens(10)) {
              batch.messages().getFirst().ack();
              context.await(() -> "");
              grumble();
            }
          };
      for (String place : List.of(QueueFailpoints.BEFORE_APPEND, QueueFailpoints.APPENDED)) {
        tester
            .execution()
            .at(
                place,
                pass -> {
                  if (happens(4)) {
                    throw new IllegalStateException("on purpose at " + place);
                  }
                });
      }
      if (seed % 3 == 0) {
        tester.wholeKeys(0);
      }
    }

    private boolean happens(int percent) {
      return raging && random.nextInt(100) < percent;
    }

    private void grumble() {
      if (happens(10)) {
        throw happens(50)
            ? new IllegalStateException("on purpose")
            : new Refusal.Overloaded("on purpose");
      }
    }

    void run(long[] ends) {
      trade.plant.run(t -> {
        faults(t);
        for (int i = 0; i < 14; i++) {
          step(t);
        }
        raging = false;
        for (int i = 0; i < 10; i++) {
          t.advance(Duration.ofMinutes(3));
        }
        trade.holdAtTheEnd();
        long[] mine = trade.ends();
        ends[0] += mine[0];
        ends[1] += mine[1];
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

    private void step(RoomTester t) throws Exception {
      int dice = random.nextInt(100);
      if (dice < 40) {
        String shop = Trade.SHOPS.get(random.nextInt(Trade.SHOPS.size()));
        String what = "x".repeat(1 + random.nextInt(3));
        t.execution().start("caller", () -> sell(shop, what));
      } else if (dice < 60) {
        t.advance(Duration.ofMillis(random.nextInt(6_000)));
      } else if (dice < 70) {
        var _ =
            switch (random.nextInt(3)) {
              case 0 -> t.node().evict(t.id(QueueNode.NAMESPACE, "orders/billing"));
              case 1 -> t.node().evict(t.id(Plant.SHOPS, "a"));
              default -> t.node().evict(t.id(Plant.ACCOUNTS, "1"));
            };
      } else if (dice < 76) {
        QueueNode node = trade.plant.node();
        t.execution().start("sweep", node::sweep);
      } else if (dice < 88) {
        t.store().crash();
        trade.holdAtAnyMoment();
        trade.plant.crash();
        faults(t);
      } else if (dice < 91) {
        trade.plant.stopAndStart();
        trade.holdAtAnyMoment();
        faults(t);
      } else {
        t.execution().pass();
      }
    }

    private void sell(String shop, String what) {
      try {
        trade.plant.shop(shop, what);
      } catch (RoomException lost) {
        // In a process that died, or in a turn that failed: it may be sent or not.
        assertThat(lost).isNotNull();
      }
    }
  }
}
