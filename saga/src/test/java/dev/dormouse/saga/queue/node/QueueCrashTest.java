package dev.dormouse.saga.queue.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Two shops that send, one message of which nobody can take, killed once at every place there is:
/// at each pass of each failpoint, before and after each commit. Whatever was durable then is
/// looked at; and once the process runs again everything comes to its end.
class QueueCrashTest {
  private static final List<String> FAILPOINTS =
      List.of(
          "room.takes",
          "room.begins",
          "room.turn-ends",
          "room.suspends",
          "room.resumes",
          "room.may-sleep",
          "facility.posts",
          "store.before-commit");

  private static final class Trouble {
    private final Trade trade = new Trade(1, Trade.patient(1));
    private int commits;
    private boolean happened;
    private boolean dead;

    Trouble() {
      trade.mood =
          (context, batch) -> {
            if (batch.messages().stream().anyMatch(each -> each.text().equals("b:1"))) {
              throw new Refusal.Refused(409, "nobody can take it");
            }
          };
    }

    void killAt(String failpoint, int pass) {
      trade
          .plant
          .tester
          .execution()
          .at(
              failpoint,
              now -> {
                if (now == pass) {
                  kill();
                }
              });
    }

    void killAtCommit(int number, boolean stored) {
      trade
          .plant
          .tester
          .store()
          .faults(set -> {
            commits++;
            if (commits == number) {
              kill();
              return new Verdict.Unknown(stored);
            }
            return new Verdict.Durable();
          });
    }

    private void kill() {
      happened = true;
      dead = true;
      trade.plant.tester.store().crash();
    }

    /// @return whether what was to happen did
    boolean run() {
      trade.plant.run(t -> {
        t.execution().start("caller", () -> ask("a", "xx"));
        t.execution().start("caller", () -> ask("b", "x"));
        for (int i = 0; i < 30 && !dead; i++) {
          t.advance(Duration.ofMillis(200));
        }
        for (int i = 0; i < 4; i++) {
          if (dead) {
            trade.holdAtAnyMoment();
            dead = false;
            trade.plant.crash();
          }
          t.advance(Duration.ofSeconds(40));
        }
        trade.holdAtTheEnd();
        if (!happened) {
          assertThat(trade.ends()).containsExactly(2, 1);
        }
      });
      return happened;
    }

    private void ask(String shop, String what) {
      try {
        trade.plant.shop(shop, what);
      } catch (RoomException lost) {
        // It may be sent or not.
        assertThat(lost).isNotNull();
      }
    }
  }

  @Test
  void C3_to_C15_I6_and_I8_hold_when_it_is_killed_at_any_failpoint() {
    int kills = 0;
    List<String> all = new java.util.ArrayList<>(FAILPOINTS);
    all.addAll(QueueFailpoints.all());
    for (String failpoint : all) {
      int pass = 1;
      while (true) {
        Trouble trouble = new Trouble();
        trouble.killAt(failpoint, pass);
        if (!trouble.run()) {
          break;
        }
        pass++;
        kills++;
      }
      assertThat(pass).as(failpoint).isGreaterThan(1);
    }
    assertThat(kills).isGreaterThan(100);
  }

  @Test
  void C1_I6_and_I8_hold_when_it_is_killed_at_any_commit() {
    for (boolean stored : new boolean[] {true, false}) {
      int commit = 1;
      while (true) {
        Trouble trouble = new Trouble();
        trouble.killAtCommit(commit, stored);
        if (!trouble.run()) {
          break;
        }
        commit++;
      }
      assertThat(commit).isGreaterThan(10);
    }
  }
}
