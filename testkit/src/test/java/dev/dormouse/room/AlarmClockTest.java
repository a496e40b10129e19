package dev.dormouse.room;

import static dev.dormouse.room.Script.MANY;
import static dev.dormouse.room.Script.ROOM;
import static dev.dormouse.room.Script.ask;
import static dev.dormouse.room.Script.asking;
import static dev.dormouse.room.Script.join;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.runtime.RoomNode;
import dev.dormouse.room.spi.Execution.Signal;
import dev.dormouse.room.spi.RoomObserver;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets;
import dev.dormouse.testkit.MemoryConnectionRecords;
import dev.dormouse.testkit.MemoryRoomStore;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import dev.dormouse.testkit.RoomTester;
import dev.dormouse.testkit.SerialCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// A2, A3: what wakes rooms for their alarms.
class AlarmClockTest {
  private final Script script =
      new Script()
          .does(
              "set",
              cue ->
                  cue.alarms()
                      .set(
                          "a",
                          cue.context()
                              .clock()
                              .instant()
                              .plusSeconds(Long.parseLong(cue.argument()))))
          .does("note", cue -> cue.note(cue.argument()))
          .does(Script.ALARM, cue -> cue.note("alarm " + cue.context().id()));

  private static void set(RoomTester t, String room, int seconds) {
    t.request(ROOM, room, HttpCall.of("GET", "set/" + seconds));
  }

  @Nested
  class When_the_clock_is_set {

    @Test
    void A2_what_is_due_by_it_rings_within_ten_seconds() {
      script.play(
          MANY,
          t -> {
            set(t, "far", 3_600);
            t.execution().setClock(Duration.ofHours(2));
            t.advance(Duration.ofSeconds(10));
            assertThat(script.notes()).containsExactly("alarm room/far");
          });
    }

    @Test
    void A2_what_waits_at_its_room_when_the_clock_goes_back_is_not_forgotten() {
      script.does(
          "busy",
          cue ->
              cue.context()
                  .critical(() -> {
                    cue.context().sleep(Duration.ofSeconds(20));
                    return null;
                  }));
      script.play(
          MANY,
          t -> {
            set(t, "r", 5);
            asking(t, "busy");
            t.advance(Duration.ofSeconds(10));
            t.execution().setClock(Duration.ofHours(-1));
            t.advance(Duration.ofSeconds(30));
            assertThat(script.notes()).isEmpty();
            t.execution().setClock(Duration.ofHours(1));
            t.advance(Duration.ofSeconds(10));
            assertThat(script.notes()).containsExactly("alarm room/r");
          });
    }

    @Test
    void A2_what_is_no_longer_due_waits_and_rings_once() {
      script.play(
          MANY,
          t -> {
            set(t, "near", 60);
            t.execution().setClock(Duration.ofHours(-1));
            t.advance(Duration.ofMinutes(5));
            assertThat(script.notes()).isEmpty();
            t.execution().setClock(Duration.ofHours(1));
            t.advance(Duration.ofSeconds(10));
            assertThat(script.notes()).containsExactly("alarm room/near");
          });
    }
  }

  @Nested
  class At_start {

    @Test
    void A2_overdue_alarms_fire_before_any_request() {
      script.play(
          MANY,
          t -> {
            ask(t, "set:10");
            t.store().crash();
            t.advance(Duration.ofSeconds(20));
            assertThat(script.notes()).isEmpty();
            t.crash();
            asking(t, "note:request");
            t.settle();
            assertThat(script.notes()).containsExactly("alarm room/r", "request");
          });
    }

    @Test
    void A2_the_earliest_first() {
      script.does(
          "set both",
          cue -> {
            cue.alarms().set("b", cue.context().clock().instant().plusSeconds(2));
            cue.alarms().set("a", cue.context().clock().instant().plusSeconds(4));
          });
      script.does(Script.ALARM, cue -> cue.note(cue.alarm().name()));
      script.play(
          MANY,
          t -> {
            ask(t, "set both");
            t.store().crash();
            t.advance(Duration.ofSeconds(20));
            t.crash();
            t.settle();
            assertThat(script.notes()).containsExactly("b", "a");
          });
    }

    @Test
    void A2_at_most_256_rooms_wake_at_once() {
      script.play(
          1,
          t -> {
            Signal go = t.execution().signal();
            int rooms = 300;
            script.does(
                Script.ALARM,
                cue -> {
                  cue.note("fired");
                  cue.context()
                      .await(() -> {
                        go.await();
                        return null;
                      });
                });
            for (int i = 0; i < rooms; i++) {
              set(t, "room" + i, 5);
            }
            t.store().crash();
            t.advance(Duration.ofSeconds(10));
            t.crash();
            t.settle();
            t.advance(Duration.ofSeconds(1));
            assertThat(script.notes().size()).isEqualTo(256);
            assertThat(t.node().awake()).isEqualTo(256);
            go.complete();
            t.advance(Duration.ofSeconds(1));
            assertThat(script.notes().size()).isEqualTo(rooms);
          });
    }

    @Test
    void A2_those_that_hang_leave_the_others_the_rest_of_the_places() {
      script.play(
          1,
          t -> {
            Signal go = t.execution().signal();
            script.does(
                Script.ALARM,
                cue -> {
                  if (cue.context().id().name().orElseThrow().startsWith("hangs")) {
                    cue.context()
                        .await(() -> {
                          go.await();
                          return null;
                        });
                  } else {
                    cue.note("fired");
                  }
                });
            for (int i = 0; i < 200; i++) {
              set(t, "hangs" + i, 4);
            }
            for (int i = 0; i < 100; i++) {
              set(t, "room" + i, 5);
            }
            t.store().crash();
            t.advance(Duration.ofSeconds(10));
            t.crash();
            t.advance(Duration.ofSeconds(1));
            assertThat(script.notes()).hasSize(100);
            go.complete();
            t.settle();
          });
    }

    @Test
    void A2_an_alarm_of_an_undeclared_namespace_stays_and_hinders_nobody() {
      script.play(t -> {
        ask(t, "set:1");
        t.store().crash();
        List<String> told = new ArrayList<>();
        RoomNode other =
            RoomNode.builder()
                .namespaces(List.of(Namespace.named("other", _ -> new Room() {}).build()))
                .store(new MemoryRoomStore(t.execution(), t.disk()))
                .records(new MemoryConnectionRecords(t.execution()))
                .sockets(new FakeSockets())
                .execution(t.execution())
                .codec(new SerialCodec())
                .idKey(new byte[32])
                .observer(
                    new RoomObserver() {
                      @Override
                      public void runtimeFailed(String what, Throwable failure) {
                        told.add(what);
                      }
                    })
                .build();
        t.advance(Duration.ofSeconds(5));
        other.start();
        t.advance(Duration.ofSeconds(60));
        assertThat(told).singleElement().asString().contains("room/r", "'a'", "not declared");
        assertThat(other.stop(Duration.ofSeconds(1))).isTrue();

        t.crash();
        t.settle();
        assertThat(script.notes()).containsExactly("alarm room/r");
      });
    }
  }

  @Nested
  class While_it_runs {

    @Test
    void A2_a_spurious_wake_is_harmless() {
      script.play(
          MANY,
          t -> {
            FakeConnection ada = join(t);
            ada.send("set:10");
            t.advance(Duration.ofSeconds(9));
            ada.send("set:20");
            t.advance(Duration.ofSeconds(15));
            assertThat(script.notes()).isEmpty();
            t.advance(Duration.ofSeconds(6));
            assertThat(script.notes()).containsExactly("alarm room/r");
          });
    }

    @Test
    void A2_moved_just_as_it_fires_it_fires_at_the_new_time_only() {
      script.play(
          MANY,
          t -> {
            Signal go = t.execution().signal();
            script.does(
                "move",
                cue -> {
                  go.await();
                  cue.alarms().set("a", cue.context().clock().instant().plusSeconds(30));
                });
            FakeConnection ada = join(t);
            ada.send("set:1");
            ada.send("move");
            t.advance(Duration.ofSeconds(5));
            go.complete();
            t.advance(Duration.ofSeconds(10));
            assertThat(script.notes()).isEmpty();
            t.advance(Duration.ofSeconds(30));
            assertThat(script.notes()).containsExactly("alarm room/r");
          });
    }

    @Test
    void A2_is_armed_once_it_is_stored() {
      script.play(t -> {
        FakeConnection ada = join(t);
        t.store().hold();
        ada.send("set:1");
        t.advance(Duration.ofSeconds(5));
        assertThat(script.notes()).isEmpty();
        t.store().letAll();
        t.advance(Duration.ofMillis(10));
        assertThat(script.notes()).containsExactly("alarm room/r");
      });
    }

    @Test
    void A1_a_handler_whose_writes_fail_runs_again() {
      script.does(
          Script.ALARM,
          cue -> {
            cue.note("attempt");
            cue.put("k", "v");
          });
      for (Verdict verdict : List.of(new Verdict.Rejected("no"), new Verdict.Unknown(false))) {
        script.play(
            20,
            t -> {
              join(t).send("set:1");
              t.settle();
              t.store().faults(_ -> script.notes().size() < 3 ? verdict : new Verdict.Durable());
              t.advance(Duration.ofSeconds(20));
              assertThat(script.notes()).hasSize(3);
              assertThat(Script.stored(t, "k")).contains("v");
              assertThat(t.disk().alarms(t.id(ROOM, "r"))).isEmpty();
            });
      }
    }

    @Test
    void A1_a_store_that_cannot_be_read_for_a_while_delays_alarms_and_loses_none() {
      script.play(t -> {
        ask(t, "set:1");
        t.store().unreadable("the disk is sulking");
        t.advance(Duration.ofSeconds(10));
        assertThat(script.notes()).isEmpty();
        assertThat(script.watch().broken).isNotEmpty();
        script.watch().broken.clear();
        t.store().unreadable(null);
        t.advance(Duration.ofSeconds(2));
        assertThat(script.notes()).containsExactly("alarm room/r");
      });
    }
  }

  @Nested
  class A_restart_alarm {

    @Test
    void A3_is_due_at_the_next_process_start_and_not_before() {
      script.does("set at restart", cue -> cue.alarms().setAtRestart("sweep"));
      script.does(Script.ALARM, cue -> cue.note(cue.alarm().name()));
      script.play(
          MANY,
          t -> {
            ask(t, "set at restart");
            t.advance(Duration.ofDays(400));
            assertThat(script.notes()).isEmpty();
            t.crash();
            asking(t, "note:request");
            t.settle();
            assertThat(script.notes()).containsExactly("sweep", "request");
            assertThat(t.disk().alarms(t.id(ROOM, "r"))).isEmpty();
            t.crash();
            t.advance(Duration.ofSeconds(1));
            assertThat(script.notes()).hasSize(2);
          });
    }

    @Test
    void A3_can_be_set_again_by_its_handler_for_the_start_after() {
      script.does("set at restart", cue -> cue.alarms().setAtRestart("sweep"));
      script.does(
          Script.ALARM,
          cue -> {
            cue.note(cue.alarm().name());
            cue.alarms().setAtRestart("sweep");
          });
      script.play(t -> {
        ask(t, "set at restart");
        for (int start = 1; start <= 3; start++) {
          t.stopAndStart();
          t.advance(Duration.ofSeconds(1));
          assertThat(script.notes()).hasSize(start);
        }
      });
    }
  }
}
