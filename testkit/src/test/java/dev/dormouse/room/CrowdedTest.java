package dev.dormouse.room;

import static dev.dormouse.room.Script.MANY;
import static dev.dormouse.room.Script.ROOM;
import static dev.dormouse.room.Script.START;
import static dev.dormouse.room.Script.caller;
import static dev.dormouse.room.Script.declined;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.spi.KeptAwake;
import dev.dormouse.room.spi.KeptAwake.Condition;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// H6: what becomes of large rooms while the memory for them is taken.
class CrowdedTest {
  private static final int MIB = 1 << 20;

  /// For two rooms of [#LARGE], as they start and as they are.
  private static final long MEMORY = 6 * MIB;

  private static final int LARGE = MIB;

  private final Script script =
      new Script()
          .staged(tester -> tester.awakeMemory(MEMORY))
          .does("fill", cue -> cue.storage().put("state", new byte[LARGE]))
          .does(START, cue -> cue.context().holds(length(cue)))
          .answers("hello", _ -> "hello")
          .does("note", cue -> cue.note(cue.argument()))
          .does("nap", cue -> cue.context().sleep(Duration.ofSeconds(8)))
          .does("doze", cue -> cue.context().sleep(Duration.ofSeconds(2)))
          .answers("grow", CrowdedTest::grow)
          .does("refuse", CrowdedTest::refuse);

  private static long length(Cue cue) {
    return 2L * cue.storage().get("state").map(it -> it.length).orElse(0);
  }

  private static String grow(Cue cue) {
    cue.put("grown", cue.argument());
    cue.context().holds(Long.parseLong(cue.argument()) * MIB);
    return "grown";
  }

  private static void refuse(Cue cue) {
    grow(cue);
    throw new Refusal.Refused(409, "after all");
  }

  private void play(int seeds, RoomTester.Scenario scenario) {
    script.play(
        seeds,
        t -> {
          scenario.run(t);
          t.advance(Duration.ofMinutes(2));
          assertThat(t.node().awake()).as("rooms awake in the end").isZero();
          assertThat(t.node().crowd().taken()).as("bytes taken in the end").isZero();
          assertThat(t.node().crowd().waiting()).as("rooms that wait in the end").isZero();
        });
  }

  private void play(RoomTester.Scenario scenario) {
    play(MANY, scenario);
  }

  /// Large rooms of these names, asleep.
  private void fill(RoomTester t, String... rooms) {
    for (String room : rooms) {
      t.request(ROOM, room, HttpCall.of("GET", "fill"));
    }
    t.advance(Duration.ofSeconds(20));
    assertThat(t.node().awake()).isZero();
  }

  private static long asking(RoomTester t, String room, String deed) {
    long exchange = t.requesting(ROOM, room, HttpCall.of("GET", deed));
    t.settle();
    return exchange;
  }

  private static String answer(RoomTester t, long exchange) {
    return t.sockets().answer(exchange) instanceof Answer.Replied(HttpReply reply)
        ? reply.text()
        : "none yet";
  }

  private static boolean isAwake(RoomTester t, String room) {
    return t.node().awakeRooms().contains(t.id(ROOM, room));
  }

  private static List<Condition> keptAwake(RoomTester t, String room) {
    return t.node().report(t.id(ROOM, room)).join().keptAwake().stream()
        .map(KeptAwake::condition)
        .toList();
  }

  /// Two rooms that take all the memory, each with a handler that naps.
  private void nap(RoomTester t) {
    asking(t, "a", "nap");
    asking(t, "b", "nap");
    assertThat(t.node().crowd().waiting()).isZero();
  }

  @Nested
  class A_large_room {

    @Test
    void H6_waits_and_gets_the_place_of_the_one_that_was_idle_longest() {
      play(t -> {
        fill(t, "a", "b", "c");
        assertThat(answer(t, asking(t, "a", "hello"))).isEqualTo("hello");
        t.advance(Duration.ofMillis(500));
        assertThat(answer(t, asking(t, "b", "hello"))).isEqualTo("hello");
        long third = asking(t, "c", "hello");
        assertThat(answer(t, third)).isEqualTo("none yet");
        assertThat(keptAwake(t, "c")).contains(Condition.CROWDED, Condition.QUEUED);
        t.advance(Duration.ofMillis(900));
        assertThat(answer(t, third)).isEqualTo("hello");
        assertThat(isAwake(t, "a")).isFalse();
        assertThat(isAwake(t, "b")).isTrue();
      });
    }

    @Test
    void H6_that_gets_no_place_in_five_seconds_tells_those_who_ask_to_come_again() {
      play(t -> {
        fill(t, "a", "b", "c");
        nap(t);
        long waits = asking(t, "c", "hello");
        long knocks = t.sockets().nextKey();
        t.node()
            .post(
                t.id(ROOM, "c"),
                new dev.dormouse.room.spi.Event.Connect(
                    knocks, RoomTester.upgrade(java.util.Map.of())));
        t.advance(Duration.ofMillis(4_900));
        assertThat(answer(t, waits)).isEqualTo("none yet");
        t.advance(Duration.ofMillis(200));
        assertThat(declined(t, waits))
            .isInstanceOf(Refusal.Overloaded.class)
            .hasMessageContaining("memory")
            .hasMessageContaining("room/c");
        assertThat(declined(t, knocks)).isInstanceOf(Refusal.Overloaded.class);
        assertThat(t.node().crowd().waiting()).isZero();
        t.advance(Duration.ofSeconds(4));
        assertThat(answer(t, asking(t, "c", "hello"))).isEqualTo("hello");
      });
    }

    @Test
    void H6_that_gets_no_place_tells_callers_too() {
      script.does("nap long", cue -> cue.context().sleep(Duration.ofSeconds(20)));
      play(t -> {
        fill(t, "a", "b", "c");
        asking(t, "a", "nap long");
        asking(t, "b", "nap long");
        assertThat(catchThrowable(() -> caller(t, "c").say("hello")))
            .isInstanceOf(Refusal.Overloaded.class);
      });
    }

    @Test
    void H6_loses_no_message_and_no_alarm_however_long_it_waits() {
      script
          .does(
              "ring",
              cue -> cue.alarms().set("later", cue.context().clock().instant().plusSeconds(22)))
          .does(Script.ALARM, cue -> cue.note("alarm"));
      play(t -> {
        fill(t, "a", "b");
        t.request(ROOM, "c", HttpCall.of("GET", "fill"));
        t.request(ROOM, "c", HttpCall.of("GET", "ring"));
        FakeConnection ada = t.connect(ROOM, "c");
        t.advance(Duration.ofSeconds(20));
        nap(t);
        ada.send("note:1");
        ada.send("note:2");
        t.advance(Duration.ofMillis(5_500));
        long late = asking(t, "c", "hello");
        assertThat(declined(t, late)).as("at once").isInstanceOf(Refusal.Overloaded.class);
        ada.send("note:3");
        assertThat(script.notes()).isEmpty();
        t.advance(Duration.ofSeconds(4));
        assertThat(script.notes()).containsExactly("alarm", "1", "2", "3");
        assertThat(answer(t, asking(t, "c", "hello"))).isEqualTo("hello");
      });
    }

    @Test
    void H6_comes_in_before_those_that_came_later() {
      play(t -> {
        fill(t, "a", "b", "c", "d");
        asking(t, "a", "nap");
        asking(t, "b", "doze");
        long first = asking(t, "c", "doze");
        long second = asking(t, "d", "hello");
        t.advance(Duration.ofMillis(3_500));
        assertThat(isAwake(t, "b")).isFalse();
        assertThat(keptAwake(t, "c")).contains(Condition.SUSPENDED);
        assertThat(keptAwake(t, "d")).contains(Condition.CROWDED);
        t.advance(Duration.ofSeconds(2));
        assertThat(answer(t, first)).isEmpty();
        assertThat(declined(t, second)).isInstanceOf(Refusal.Overloaded.class);
      });
    }

    @Test
    void H6_keeps_no_small_one_waiting() {
      play(t -> {
        fill(t, "a", "b", "c");
        nap(t);
        asking(t, "c", "hello");
        assertThat(answer(t, asking(t, "small", "hello"))).isEqualTo("hello");
      });
    }

    @Test
    void H6_keeps_no_alarm_of_others_waiting() {
      script
          .staged(tester -> tester.awakeMemory(4 * MIB))
          .declared(builder -> builder.memoryPerByte(200))
          .does("fill", cue -> cue.storage().put("state", new byte[8_000]))
          .does(START, _ -> {})
          .does(
              "ring",
              cue -> cue.alarms().set("ring", cue.context().clock().instant().plusSeconds(60)))
          .does(
              "nap long",
              cue -> {
                cue.context().holds(2 * MIB);
                cue.context().sleep(Duration.ofSeconds(29));
              })
          .does(Script.ALARM, cue -> cue.note(cue.context().id().name().orElseThrow()));
      CrowdedTest.this.play(
          2,
          t -> {
            for (int i = 0; i < 300; i++) {
              t.request(ROOM, "large" + i, HttpCall.of("GET", "fill"));
              t.request(ROOM, "large" + i, HttpCall.of("GET", "ring"));
            }
            t.advance(Duration.ofSeconds(1));
            t.request(ROOM, "small", HttpCall.of("GET", "ring"));
            t.advance(Duration.ofSeconds(50));
            asking(t, "busy", "nap long");
            asking(t, "busy too", "nap long");
            t.advance(Duration.ofSeconds(20));
            assertThat(script.notes()).as("while large rooms wait").contains("small");
            assertThat(t.node().crowd().waiting()).isGreaterThan(250);
            t.advance(Duration.ofMinutes(20));
            assertThat(script.notes()).hasSize(301).doesNotHaveDuplicates();
          });
    }

    @Test
    void H6_that_waits_does_not_keep_the_server_from_stopping() {
      play(t -> {
        fill(t, "a", "b");
        t.request(ROOM, "c", HttpCall.of("GET", "fill"));
        FakeConnection ada = t.connect(ROOM, "c");
        t.advance(Duration.ofSeconds(20));
        asking(t, "a", "grow/7");
        ada.send("note:lost with the server");
        t.settle();
        assertThat(keptAwake(t, "c")).contains(Condition.CROWDED);
        assertThat(t.node().stop(Duration.ofSeconds(30))).isTrue();
        t.stopAndStart();
      });
    }

    @Test
    void O2_that_is_read_again_after_a_failed_write_holds_nothing_meanwhile() {
      script.does(START, _ -> {}).does("keep", cue -> cue.context().holds(1_400L << 10));
      play(t -> {
        List<FakeConnection> clients = new ArrayList<>();
        for (String room : List.of("a", "b", "c")) {
          t.request(ROOM, room, HttpCall.of("GET", "fill"));
          clients.add(t.connect(ROOM, room));
        }
        clients.forEach(client -> client.send("keep"));
        t.settle();
        assertThat(t.node().crowd().taken()).isGreaterThan(MEMORY);
        t.store().faults(_ -> new Verdict.Rejected("not now"));
        clients.forEach(client -> client.send("fill"));
        t.settle();
        t.store().faults(_ -> new Verdict.Durable());
        clients.forEach(client -> client.send("note:after"));
        t.advance(Duration.ofSeconds(4));
        assertThat(script.notes()).containsExactly("after", "after", "after");
      });
    }

    @Test
    void H6_that_cannot_be_read_after_all_gives_its_place_back() {
      play(t -> {
        fill(t, "a", "b", "c");
        asking(t, "a", "doze");
        asking(t, "b", "nap");
        long waits = asking(t, "c", "hello");
        t.store().unreadable("a broken file");
        t.advance(Duration.ofMillis(3_500));
        t.store().unreadable(null);
        assertThat(declined(t, waits)).isInstanceOf(RoomException.RoomReset.class);
        assertThat(t.node().crowd().taken()).as("of b alone").isEqualTo(3 * LARGE);
        assertThat(script.watch().broken).isNotEmpty();
        script.watch().broken.clear();
      });
    }

    @Test
    void H6_larger_than_all_the_memory_gets_in_alone() {
      script.does(
          "fill",
          cue -> {
            for (int i = 0; i < 8; i++) {
              cue.storage().put("piece" + i, new byte[LARGE]);
            }
          });
      play(t -> {
        fill(t, "a", "b");
        assertThat(answer(t, asking(t, "a", "hello"))).isEqualTo("hello");
        long other = asking(t, "b", "hello");
        t.advance(Duration.ofSeconds(3));
        assertThat(answer(t, other)).isEqualTo("hello");
      });
    }
  }

  @Nested
  class A_small_room {
    private static final int STORED = 200 << 10;

    private void fillSmall(RoomTester t, String... rooms) {
      script.does("fill", cue -> cue.storage().put("state", new byte[STORED]));
      fill(t, rooms);
    }

    @Test
    void H6_has_a_quarter_more_and_does_not_wait_behind_large_ones() {
      play(t -> {
        fillSmall(t, "s1");
        script.does("fill", cue -> cue.storage().put("state", new byte[LARGE]));
        fill(t, "a", "c");
        asking(t, "a", "grow/5");
        asking(t, "c", "hello");
        assertThat(keptAwake(t, "c")).contains(Condition.CROWDED);
        assertThat(answer(t, asking(t, "s1", "hello"))).isEqualTo("hello");
      });
    }

    @Test
    void H6_waits_where_that_is_taken_too() {
      play(t -> {
        fillSmall(t, "s1", "s2");
        asking(t, "a", "grow/7");
        long waits = asking(t, "s1", "hello");
        assertThat(keptAwake(t, "s1")).contains(Condition.CROWDED);
        assertThat(answer(t, asking(t, "tiny", "hello"))).isEqualTo("hello");
        t.advance(Duration.ofSeconds(2));
        assertThat(answer(t, waits)).isEqualTo("hello");
      });
    }
  }

  @Nested
  class What_a_room_holds {

    @Test
    void H6_may_be_anything_where_it_is_alone() {
      play(t -> {
        assertThat(answer(t, asking(t, "a", "grow/70"))).isEqualTo("grown");
        assertThat(answer(t, asking(t, "a", "grow/90"))).isEqualTo("grown");
      });
    }

    @Test
    void H6_may_grow_to_a_quarter_more_and_no_further() {
      play(t -> {
        assertThat(answer(t, asking(t, "a", "grow/7"))).isEqualTo("grown");
        assertThat(declined(t, asking(t, "b", "grow/1")))
            .isInstanceOf(Refusal.Overloaded.class)
            .hasMessageContaining("room/b");
        assertThat(t.disk().text(t.id(ROOM, "b"), "grown")).isEmpty();
        assertThat(t.node().crowd().taken()).isEqualTo(7 * MIB);
        assertThat(answer(t, asking(t, "a", "grow/2"))).isEqualTo("grown");
        assertThat(answer(t, asking(t, "b", "grow/1"))).isEqualTo("grown");
      });
    }

    @Test
    void H6_that_is_refused_makes_idle_rooms_sleep() {
      play(t -> {
        assertThat(answer(t, asking(t, "a", "grow/7"))).isEqualTo("grown");
        asking(t, "b", "grow/1");
        t.advance(Duration.ofMillis(900));
        assertThat(isAwake(t, "a")).as("just used").isTrue();
        t.advance(Duration.ofMillis(500));
        assertThat(isAwake(t, "a")).isFalse();
        assertThat(answer(t, asking(t, "b", "grow/1"))).isEqualTo("grown");
      });
    }

    @Test
    void H6_is_as_before_if_its_turn_never_was() {
      play(t -> {
        asking(t, "a", "grow/1");
        assertThat(declined(t, asking(t, "a", "refuse/3"))).isInstanceOf(Refusal.Refused.class);
        assertThat(t.node().crowd().taken()).isEqualTo(MIB);
        t.store().faults(_ -> new Verdict.Rejected("not now"));
        asking(t, "a", "grow/4");
        t.store().faults(_ -> new Verdict.Durable());
        assertThat(answer(t, asking(t, "a", "hello"))).isEqualTo("hello");
        assertThat(t.node().crowd().taken()).as("said by none since").isZero();
      });
    }

    @Test
    void H6_has_the_others_sleep_sooner_from_half_the_memory_on() {
      play(t -> {
        asking(t, "a", "grow/4");
        t.advance(Duration.ofMillis(1_500));
        asking(t, "b", "hello");
        t.advance(Duration.ofMillis(1_100));
        assertThat(isAwake(t, "b")).isFalse();
      });
    }
  }

  /// All that may come in any order: everybody is answered, and what is taken stays within bounds.
  @Test
  void H6_nobody_waits_for_ever() {
    play(
        200,
        t -> {
          Random random = new Random(t.execution().seed());
          String[] rooms = {"a", "b", "c", "d", "e"};
          fill(t, rooms);
          String[] deeds = {"hello", "nap", "grow/1", "grow/2", "grow/5", "refuse/1", "fill"};
          List<Long> asked = new ArrayList<>();
          for (int i = 0; i < 60; i++) {
            String room = rooms[random.nextInt(rooms.length)];
            String deed = deeds[random.nextInt(deeds.length)];
            asked.add(t.requesting(ROOM, room, HttpCall.of("GET", deed)));
            t.advance(Duration.ofMillis(random.nextInt(400)));
            if (random.nextInt(10) == 0) {
              t.node().abort(t.id(ROOM, room), "for the test");
            }
            assertThat(t.node().crowd().taken())
                .isBetween(0L, MEMORY * 5 / 4 + 3L * rooms.length * LARGE);
          }
          t.advance(Duration.ofSeconds(60));
          assertThat(asked).allMatch(it -> Objects.nonNull(t.sockets().answer(it)));
        });
  }
}
