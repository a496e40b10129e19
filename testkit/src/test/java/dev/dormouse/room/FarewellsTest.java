package dev.dormouse.room;

import static dev.dormouse.room.Script.ROOM;
import static dev.dormouse.room.Script.ask;
import static dev.dormouse.room.Script.join;
import static dev.dormouse.room.Script.recorded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// C5: how a room hears of the ends of its connections.
class FarewellsTest {
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final Map<Long, Integer> told = new HashMap<>();

  private final Script script =
      new Script()
          .answers("count", cue -> "" + cue.context().connections().count())
          .answers("gone", cue -> cue.get("gone").orElse("0"))
          .does(Script.CLOSE, this::gone);

  private void gone(Cue cue) {
    told.merge(cue.connection().key(), 1, Integer::sum);
    cue.put("gone", "" + (cue.get("gone").map(Integer::parseInt).orElse(0) + 1));
  }

  private static List<FakeConnection> many(RoomTester t, int count) {
    return IntStream.range(0, count)
        .mapToObj(_ -> t.opened(ROOM, "r", Admission.accept().tagged("all")))
        .toList();
  }

  /// One with `tag` between as many others on either side.
  private static List<FakeConnection> around(RoomTester t, int count, String tag) {
    List<FakeConnection> all = new ArrayList<>(many(t, count));
    all.add(t.opened(ROOM, "r", Admission.accept().tagged(tag)));
    all.addAll(many(t, count));
    return all;
  }

  @Nested
  class Many_ends_at_once {
    @Test
    void C5_wake_the_room_once_and_share_turns_of_up_to_a_thousand() {
      script.play(
          2,
          t -> {
            told.clear();
            List<FakeConnection> all = new ArrayList<>(many(t, 19_000));
            FakeConnection stays = t.opened(ROOM, "r", Admission.accept());
            t.settle();
            t.advance(IDLE.multipliedBy(2));
            assertThat(t.node().awake()).isZero();
            List<WriteSet> sets = recorded(t);
            all.forEach(FakeConnection::vanish);
            t.settle();
            assertThat(told).hasSize(19_000).allSatisfy((_, times) -> assertThat(times).isOne());
            assertThat(sets).hasSizeBetween(19, 40);
            assertThat(ask(t, "gone")).isEqualTo("19000");
            assertThat(ask(t, "count")).isEqualTo("1");
            assertThat(script.watch().starts).containsExactly(StartCause.CREATED, StartCause.WOKEN);
            t.advance(IDLE.multipliedBy(2));
            assertThat(t.records().count(t.id(ROOM, "r"))).as("whose records are gone").isOne();
            stays.send("count");
            t.settle();
            assertThat(stays.texts()).containsExactly("1");
          });
    }

    @Test
    void C5_each_still_finds_itself_listed_and_those_before_it_gone() {
      script.does(
          Script.CLOSE,
          cue -> {
            long listed =
                cue.context().connections().stream()
                    .filter(connection -> connection.key() == cue.connection().key())
                    .count();
            cue.note(listed + " of " + cue.context().connections().count());
          });
      script.play(t -> {
        List<FakeConnection> all = many(t, 3);
        t.advance(IDLE.multipliedBy(2));
        all.forEach(FakeConnection::vanish);
        t.settle();
        assertThat(script.notes()).containsExactly("1 of 3", "1 of 2", "1 of 1");
      });
    }

    @Test
    void C5_one_that_throws_takes_none_of_the_others_with_it() {
      script.does(
          Script.CLOSE,
          cue -> {
            gone(cue);
            if (cue.connection().tags().contains("bad")) {
              throw new IllegalStateException("on purpose");
            }
          });
      script.play(t -> {
        told.clear();
        List<FakeConnection> all = around(t, 5, "bad");
        t.advance(IDLE.multipliedBy(2));
        all.forEach(FakeConnection::vanish);
        t.advance(Duration.ofSeconds(1));
        // What the bad one wrote never was; those before it were told again, since their turn was
        // undone.
        assertThat(ask(t, "gone")).isEqualTo("10");
        assertThat(ask(t, "count")).isEqualTo("0");
        assertThat(told.get(all.get(5).key())).isOne();
        script.watch().handlerFailures.clear();
      });
    }

    @Test
    void C5_one_that_refuses_undoes_its_own_part_only() {
      script.does(
          Script.CLOSE,
          cue -> {
            gone(cue);
            if (cue.connection().tags().contains("bad")) {
              throw new Refusal.Refused(409, "on purpose");
            }
          });
      script.play(t -> {
        told.clear();
        List<FakeConnection> all = around(t, 5, "bad");
        t.advance(IDLE.multipliedBy(2));
        all.forEach(FakeConnection::vanish);
        t.settle();
        assertThat(told).hasSize(11).allSatisfy((_, times) -> assertThat(times).isOne());
        assertThat(ask(t, "gone")).isEqualTo("10");
        assertThat(script.watch().starts).containsExactly(StartCause.CREATED, StartCause.WOKEN);
      });
    }

    @Test
    void C5_one_that_waits_ends_the_shared_turn_and_loses_nothing() {
      script.does(
          Script.CLOSE,
          cue -> {
            gone(cue);
            if (cue.connection().tags().contains("slow")) {
              cue.context().sleep(Duration.ofSeconds(1));
              cue.put("slow", "done");
            }
          });
      script.answers("slow", cue -> cue.get("slow").orElse("not yet"));
      script.play(
          20,
          t -> {
            told.clear();
            List<FakeConnection> all = around(t, 3, "slow");
            t.advance(IDLE.multipliedBy(2));
            all.forEach(FakeConnection::vanish);
            t.advance(Duration.ofSeconds(3));
            assertThat(told).hasSize(7).allSatisfy((_, times) -> assertThat(times).isOne());
            assertThat(ask(t, "gone")).isEqualTo("7");
            assertThat(ask(t, "slow")).isEqualTo("done");
            assertThat(ask(t, "count")).isEqualTo("0");
          });
    }
  }

  @Nested
  class A_connection_that_leaves_quietly {
    @Test
    void C5_wakes_nobody_and_is_counted_off() {
      script.admits(_ -> Admission.accept().leavingQuietly());
      script.play(t -> {
        told.clear();
        FakeConnection ada = join(t);
        FakeConnection bob = join(t);
        t.advance(IDLE.multipliedBy(2));
        ada.close(1000, "");
        t.settle();
        assertThat(t.node().awake()).isZero();
        assertThat(t.records().count(t.id(ROOM, "r"))).isOne();
        bob.send("count");
        t.settle();
        assertThat(bob.texts()).containsExactly("1");
        assertThat(told).isEmpty();
      });
    }

    @Test
    void C5_says_nothing_to_an_awake_room_either() {
      script.admits(_ -> Admission.accept().leavingQuietly());
      script.play(t -> {
        told.clear();
        FakeConnection ada = join(t);
        ada.close(1000, "");
        t.settle();
        assertThat(ask(t, "count")).isEqualTo("0");
        assertThat(told).isEmpty();
      });
    }
  }
}
