package dev.dormouse.room;

import static dev.dormouse.room.Script.MANY;
import static dev.dormouse.room.Script.ROOM;
import static dev.dormouse.room.Script.ask;
import static dev.dormouse.room.Script.join;
import static dev.dormouse.room.Script.stored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.Execution.Signal;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A1: an alarm whose handler throws is tried again, and never given up.
class AlarmRetriesTest {
  private final Script script =
      new Script()
          // "set:name/10" sets the alarm for 10 s from now.
          .does(
              "set",
              cue -> {
                String[] parts = cue.argument().split("/", 2);
                cue.alarms()
                    .set(
                        parts[0],
                        cue.context().clock().instant().plusSeconds(Long.parseLong(parts[1])));
              })
          .does("delete", cue -> cue.alarms().delete(cue.argument()))
          .does(Script.ALARM, cue -> cue.note(cue.alarm().name()));

  private static List<AlarmRow> rows(RoomTester t) {
    return t.disk().alarms(t.id(ROOM, "r"));
  }

  private void failing(boolean refusing) {
    script.does(
        Script.ALARM,
        cue -> {
          cue.note(
              "%s attempt %d"
                  .formatted(
                      Duration.between(
                              Instant.parse("2030-01-01T00:00:00Z"),
                              cue.context().clock().instant())
                          .toSeconds(),
                      cue.alarm().attempt()));
          cue.put("k", "never");
          throw refusing ? new Refusal.Refused(409, "no") : new IllegalStateException("broken");
        });
  }

  @Test
  void A1_is_tried_again_after_2_to_64_seconds_then_parked_visible_and_counted() {
    for (boolean refusing : List.of(true, false)) {
      failing(refusing);
      script.play(t -> {
        join(t).send("set:a/0");
        t.advance(Duration.ofMinutes(10));
        assertThat(script.notes()).hasSize(7);
        long last = 0;
        for (int attempt = 1; attempt <= 7; attempt++) {
          String[] note = script.notes().get(attempt - 1).split(" ", -1);
          assertThat(note[2]).isEqualTo("" + attempt);
          long at = Long.parseLong(note[0]);
          if (attempt > 1) {
            long pause = 1L << (attempt - 1);
            assertThat(at - last)
                .as("pause before attempt %d", attempt)
                .isBetween(pause - 1, pause + pause / 4 + 1);
          }
          last = at;
        }
        assertThat(script.watch().parked).containsExactly("a");
        assertThat(rows(t))
            .singleElement()
            .satisfies(row -> {
              assertThat(row.state()).isEqualTo(Alarm.State.PARKED);
              assertThat(row.attempt()).isEqualTo(7);
            });
        assertThat(stored(t, "k")).isEmpty();

        t.crash();
        t.advance(Duration.ofDays(1));
        assertThat(script.notes()).as("parked for good").hasSize(7);
        script.answers(
            "state",
            cue -> cue.alarms().get("a").map(alarm -> alarm.state().name()).orElse("none"));
        assertThat(ask(t, "state")).isEqualTo("PARKED");
        ask(t, "set:a/1");
        t.advance(Duration.ofSeconds(2));
        assertThat(script.notes().getLast()).as("set again").endsWith("attempt 1");
      });
    }
  }

  @Test
  void A1_jitter_keeps_alarms_that_failed_together_apart() {
    failing(false);
    script.play(
        1,
        t -> {
          for (int i = 0; i < 40; i++) {
            t.request(ROOM, "room" + i, HttpCall.of("GET", "set/a/1"));
          }
          t.advance(Duration.ofMillis(1_500));
          List<Long> next = new java.util.ArrayList<>();
          for (int i = 0; i < 40; i++) {
            t.disk()
                .alarms(t.id(ROOM, "room" + i))
                .forEach(row -> next.add(row.next() - row.due()));
          }
          assertThat(next)
              .hasSize(40)
              .allSatisfy(each -> assertThat(each).isBetween(2_000L, 2_600L));
          assertThat(next.stream().distinct().count()).isGreaterThan(20);
        });
  }

  @Test
  void A1_the_attempts_survive_a_crash() {
    failing(false);
    script.play(t -> {
      join(t).send("set:a/0");
      t.advance(Duration.ofSeconds(1));
      t.crash();
      t.advance(Duration.ofSeconds(4));
      assertThat(script.notes()).hasSize(2);
      assertThat(script.notes().getLast()).endsWith("attempt 2");
    });
  }

  @Test
  void A1_leaves_the_other_alarms_alone() {
    script.does(
        Script.ALARM,
        cue -> {
          cue.note(cue.alarm().name());
          if (cue.alarm().name().equals("bad")) {
            throw new IllegalStateException("broken");
          }
        });
    script.play(
        MANY,
        t -> {
          FakeConnection ada = join(t);
          ada.send("set:bad/1");
          ada.send("set:good/1");
          t.advance(Duration.ofMillis(2_500));
          assertThat(script.notes()).containsExactlyInAnyOrder("bad", "good");
          assertThat(rows(t)).extracting(AlarmRow::name).containsExactly("bad");
        });
  }

  @Test
  void A1_counts_an_attempt_when_its_room_is_reset_or_hangs() {
    script.play(t -> {
      Signal never = t.execution().signal();
      script.does(
          Script.ALARM,
          cue -> {
            cue.note("attempt " + cue.alarm().attempt());
            if (cue.alarm().attempt() == 1) {
              never.await();
            }
          });
      join(t).send("set:a/1");
      t.advance(Duration.ofSeconds(36));
      assertThat(script.notes()).containsExactly("attempt 1", "attempt 2");
      assertThat(rows(t)).isEmpty();
    });
  }
}
