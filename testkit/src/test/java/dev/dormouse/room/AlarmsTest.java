package dev.dormouse.room;

import static dev.dormouse.room.Script.MANY;
import static dev.dormouse.room.Script.ROOM;
import static dev.dormouse.room.Script.ask;
import static dev.dormouse.room.Script.join;
import static dev.dormouse.room.Script.recorded;
import static dev.dormouse.room.Script.stored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.Execution.Signal;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// A1: alarms are set by name, fire at least once, and are not given up.
class AlarmsTest {
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

  @Nested
  class Setting {

    @Test
    void A1_any_number_by_name_each_fires_when_it_is_due() {
      script.play(t -> {
        FakeConnection ada = join(t);
        for (String deed : List.of("set:c/30", "set:a/10", "set:b/20")) {
          ada.send(deed);
        }
        t.advance(Duration.ofSeconds(9));
        assertThat(script.notes()).isEmpty();
        t.advance(Duration.ofSeconds(2));
        assertThat(script.notes()).containsExactly("a");
        t.advance(Duration.ofSeconds(20));
        assertThat(script.notes()).containsExactly("a", "b", "c");
        assertThat(rows(t)).isEmpty();
      });
    }

    @Test
    void A1_moving_earlier_or_later_and_deleting_count_from_the_turn_on() {
      script.play(t -> {
        FakeConnection ada = join(t);
        for (String deed :
            List.of(
                "set:later/10",
                "set:earlier/30",
                "set:gone/10",
                "set:later/30",
                "set:earlier/10",
                "delete:gone")) {
          ada.send(deed);
        }
        t.advance(Duration.ofSeconds(15));
        assertThat(script.notes()).containsExactly("earlier");
        t.advance(Duration.ofSeconds(20));
        assertThat(script.notes()).containsExactly("earlier", "later");
      });
    }

    @Test
    void A1_are_listed_as_the_turn_sees_them() {
      script.answers(
          "look",
          cue -> {
            Instant due = Instant.parse("2031-01-01T00:00:00Z");
            cue.alarms().set("b", due);
            cue.alarms().set("a", due);
            cue.alarms().setAtRestart("c");
            assertThat(cue.alarms().delete("a")).isTrue();
            assertThat(cue.alarms().delete("a")).isFalse();
            assertThat(cue.alarms().get("a")).isEmpty();
            assertThat(cue.alarms().get("b")).contains(new Alarm("b", due, 0, Alarm.State.SET));
            assertThat(cue.alarms().get("c"))
                .contains(new Alarm("c", Instant.MAX, 0, Alarm.State.AT_RESTART));
            return cue.alarms().list().stream().map(Alarm::name).toList().toString();
          });
      script.play(t -> {
        assertThat(ask(t, "look")).isEqualTo("[b, c]");
        assertThat(ask(t, "look")).isEqualTo("[b, c]");
      });
    }

    @Test
    void A1_a_time_in_the_past_fires_at_once() {
      script.play(
          MANY,
          t -> {
            join(t).send("set:now/-1000");
            t.advance(Duration.ofMillis(1));
            assertThat(script.notes()).containsExactly("now");
          });
    }

    @Test
    void A1_set_in_a_turn_that_throws_never_was() {
      script.does(
          "set and fail",
          cue -> {
            cue.alarms().set("never", cue.context().clock().instant());
            throw new Refusal.Refused(409, "no");
          });
      script.play(t -> {
        FakeConnection ada = join(t);
        ada.send("set:kept/10");
        ada.send("set and fail");
        t.advance(Duration.ofSeconds(20));
        assertThat(script.notes()).containsExactly("kept");
      });
    }
  }

  @Nested
  class Firing {

    @Test
    void A1_is_over_in_the_write_set_of_the_handlers_last_turn() {
      script.does(
          Script.ALARM,
          cue -> {
            cue.put("first", "v");
            cue.storage().sync();
            cue.put("last", "v");
          });
      script.play(
          MANY,
          t -> {
            join(t).send("set:a/1");
            t.settle();
            List<WriteSet> sets = recorded(t);
            t.advance(Duration.ofSeconds(2));
            assertThat(sets).hasSize(2);
            assertThat(sets.getFirst().alarms()).isEmpty();
            assertThat(sets.getLast().changes()).containsOnlyKeys("last");
            assertThat(sets.getLast().alarms()).containsExactly(new WriteSet.DeleteAlarm("a"));
          });
    }

    @Test
    void A1_is_at_least_once_through_any_crash() {
      script.does(
          Script.ALARM,
          cue -> {
            cue.note("attempt");
            cue.put("first", "v");
            cue.storage().sync();
            cue.put("last", "v");
          });
      // Crashes with as many of the handler's write sets durable as the number says.
      for (int durable = 0; durable <= 2; durable++) {
        int sets = durable;
        script.play(
            MANY,
            t -> {
              join(t).send("set:a/1");
              t.settle();
              t.store().hold();
              t.advance(Duration.ofSeconds(2));
              for (int i = 0; i < sets; i++) {
                assertThat(t.store().letOne()).isTrue();
                t.settle();
              }
              t.crash();
              t.advance(Duration.ofSeconds(2));
              assertThat(script.notes()).hasSize(sets == 2 ? 1 : 2);
              assertThat(stored(t, "last")).contains("v");
              assertThat(rows(t)).isEmpty();
            });
      }
    }

    @Test
    void A1_a_name_set_again_in_its_handler_stays() {
      script.does(
          Script.ALARM,
          cue -> {
            cue.note(cue.alarm().name());
            assertThat(cue.alarms().list()).as("not listed while it fires").isEmpty();
            assertThat(cue.alarms().delete(cue.alarm().name())).isFalse();
            if (script.notes().size() < 3) {
              cue.alarms().set(cue.alarm().name(), cue.context().clock().instant().plusSeconds(10));
            }
          });
      script.play(
          MANY,
          t -> {
            join(t).send("set:tick/10");
            t.settle();
            List<WriteSet> sets = recorded(t);
            t.advance(Duration.ofSeconds(11));
            assertThat(sets)
                .as("replaced in one write set")
                .singleElement()
                .satisfies(set -> assertThat(set.alarms()).hasSize(1));
            t.advance(Duration.ofSeconds(50));
            assertThat(script.notes()).containsExactly("tick", "tick", "tick");
            assertThat(rows(t)).isEmpty();
            assertThat(script.watch().handlerFailures).isEmpty();
          });
    }

    @Test
    void A1_a_name_set_again_by_another_event_meanwhile_stays_too() {
      for (String again : List.of("same time", "later")) {
        script.play(
            MANY,
            t -> {
              Signal go = t.execution().signal();
              Instant due = t.execution().instant().plusSeconds(10);
              script.does(
                  "set again",
                  cue -> cue.alarms().set("a", again.equals("later") ? due.plusSeconds(60) : due));
              script.does(
                  Script.ALARM,
                  cue -> {
                    cue.note("fired");
                    if (script.notes().size() == 1) {
                      cue.context()
                          .await(() -> {
                            go.await();
                            return null;
                          });
                    }
                  });
              FakeConnection ada = join(t);
              ada.send("set again");
              t.settle();
              script.does(
                  "set again",
                  cue -> cue.alarms().set("a", again.equals("later") ? due.plusSeconds(90) : due));
              t.advance(Duration.ofSeconds(75));
              assertThat(script.notes()).hasSize(1);
              ada.send("set again");
              t.settle();
              go.complete();
              t.settle();
              t.advance(Duration.ofSeconds(60));
              assertThat(script.notes()).hasSize(2);
              assertThat(rows(t)).isEmpty();
            });
      }
    }

    @Test
    void A1_deleted_meanwhile_it_is_gone_and_its_handler_goes_on() {
      script.does(
          Script.ALARM,
          cue -> {
            cue.context().sleep(Duration.ofSeconds(5));
            cue.note("went on");
          });
      script.play(t -> {
        FakeConnection ada = join(t);
        ada.send("set:a/1");
        t.advance(Duration.ofSeconds(2));
        ada.send("delete:a");
        t.advance(Duration.ofSeconds(10));
        assertThat(script.notes()).containsExactly("went on");
        assertThat(rows(t)).isEmpty();
      });
    }
  }
}
