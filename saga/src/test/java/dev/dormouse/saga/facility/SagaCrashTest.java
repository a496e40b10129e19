package dev.dormouse.saga.facility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.StepCommand;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One journey, killed once at every place there is: at each pass of each failpoint, before and
/// after each commit. Whatever was durable then is looked at; and once the process runs again the
/// journey ends as it would have.
class SagaCrashTest {
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

  /// One of the three takes its time.
  record Slow(String namespace) implements BookingRoom.Mood {
    @Override
    public void before(StepCommand command) {}

    @Override
    public Duration later(StepCommand command) {
      return command.step().equals(namespace) ? Duration.ofMillis(700) : Duration.ZERO;
    }
  }

  /// What goes wrong, and when; counts what passes.
  private static final class Trouble {
    private final RoomTester tester;
    private final Books books;
    private final Map<String, Integer> passes = new TreeMap<>();
    private int commits;
    private boolean happened;
    private boolean dead;

    /// @param later who answers in a later turn; may be nobody
    Trouble(int wholeKeys, String later) {
      tester =
          Agency.troubled(1, new SagaFacility(List.of(Trip.saga())), new Slow(later))
              .wholeKeys(wholeKeys);
      books = new Books(tester);
    }

    void killAt(String failpoint, int pass) {
      tester
          .execution()
          .at(
              failpoint,
              now -> {
                passes.merge(failpoint, 1, Integer::sum);
                if (now == pass) {
                  kill();
                }
              });
    }

    void killAtCommit(int number, boolean stored) {
      faultAt(
          number,
          () -> {
            kill();
            return new Verdict.Unknown(stored);
          });
    }

    void faultAt(int number, java.util.function.Supplier<Verdict> verdict) {
      tester
          .store()
          .faults((WriteSet set) -> {
            commits++;
            if (commits == number) {
              happened = true;
              return verdict.get();
            }
            return new Verdict.Durable();
          });
    }

    /// Nothing becomes durable after this, whoever still runs.
    private void kill() {
      happened = true;
      dead = true;
      tester.store().crash();
    }

    /// @return whether what was to happen did
    boolean run(String full) {
      tester.run(t -> {
        t.execution().start("caller", () -> ask(t, full));
        for (int i = 0; i < 30 && !dead; i++) {
          t.advance(Duration.ofMillis(100));
        }
        for (int i = 0; i < 12; i++) {
          if (dead) {
            books.holdAtAnyMoment();
            dead = false;
            t.crash();
          }
          t.advance(Duration.ofSeconds(40));
        }
        if (books.journeys().isEmpty()) {
          // Killed before anybody was promised anything.
          assertThat(happened).isTrue();
          ask(t, full);
          t.advance(Duration.ofMinutes(5));
        }
        books.holdAtTheEnd();
        assertThat(books.journeys()).hasSize(1);
        assertThat(books.status("1"))
            .isEqualTo(full.isEmpty() ? SagaStatus.COMPLETED : SagaStatus.COMPENSATED);
      });
      return happened;
    }

    private static void ask(RoomTester t, String full) {
      try {
        Agency.desk(t).book("1", new Trip(full));
      } catch (dev.dormouse.room.RoomException lost) {
        // Its caller would ask again.
        assertThat(lost).isNotNull();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', 1000, ''",
    "cars, 1000, ''",
    "cars, 0, hotels",
    "cars, 1000, cars",
    "'', 1000, cars"
  })
  void I1_to_I6_hold_when_it_is_killed_at_any_failpoint(String full, int wholeKeys, String later) {
    int kills = 0;
    for (String failpoint : FAILPOINTS) {
      for (int pass = 1; ; pass++) {
        Trouble trouble = new Trouble(wholeKeys, later);
        trouble.killAt(failpoint, pass);
        if (!trouble.run(full)) {
          break;
        }
        kills++;
      }
    }
    assertThat(kills).isGreaterThan(100);
  }

  @ParameterizedTest
  @CsvSource({
    "'', true, 1000, ''",
    "'', false, 1000, hotels",
    "cars, true, 1000, hotels",
    "cars, false, 0, ''",
    "cars, false, 1000, cars"
  })
  void I1_to_I6_hold_when_it_is_killed_at_any_commit(
      String full, boolean stored, int wholeKeys, String later) {
    int commit = 1;
    while (true) {
      Trouble trouble = new Trouble(wholeKeys, later);
      trouble.killAtCommit(commit, stored);
      if (!trouble.run(full)) {
        break;
      }
      commit++;
    }
    assertThat(commit).isGreaterThan(10);
  }

  @ParameterizedTest
  @CsvSource({"'', 1000, hotels", "cars, 1000, ''", "cars, 0, ''", "cars, 1000, cars"})
  void I1_to_I6_hold_when_any_commit_fails(String full, int wholeKeys, String later) {
    List<Verdict> verdicts =
        List.of(
            new Verdict.Rejected("on purpose"),
            new Verdict.Unknown(true),
            new Verdict.Unknown(false));
    for (Verdict verdict : verdicts) {
      int commit = 1;
      while (true) {
        Trouble trouble = new Trouble(wholeKeys, later);
        trouble.faultAt(commit, () -> verdict);
        if (!trouble.run(full)) {
          break;
        }
        commit++;
      }
      assertThat(commit).as(verdict.toString()).isGreaterThan(10);
    }
  }
}
