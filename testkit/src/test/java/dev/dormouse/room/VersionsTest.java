package dev.dormouse.room;

import static dev.dormouse.room.Script.MANY;
import static dev.dormouse.room.Script.ROOM;
import static dev.dormouse.room.Script.ask;
import static dev.dormouse.room.Script.asking;
import static dev.dormouse.room.Script.declined;
import static dev.dormouse.room.Script.join;
import static dev.dormouse.room.Script.recorded;
import static dev.dormouse.room.Script.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.MemoryRoomStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// S2, S3, S5, S6: sequence, version, epoch, and what exists.
class VersionsTest {
  private final Script script =
      new Script()
          .does("put", cue -> cue.put("k", cue.argument()))
          .does("read", cue -> cue.get("k"))
          .answers("version", cue -> "" + cue.storage().version());

  @Nested
  class Two_numbers {

    @Test
    void S2_sequence_counts_write_sets_and_version_turns_that_changed_something() {
      script.does("alarm", cue -> cue.alarms().set("a", cue.context().clock().instant()));
      script.does("delete nothing", cue -> cue.storage().delete("none"));
      script.play(t -> {
        List<WriteSet> sets = recorded(t);
        FakeConnection ada = join(t);
        for (String deed : List.of("put:1", "read", "put:2", "delete nothing", "alarm")) {
          ada.send(deed);
        }
        t.advance(Duration.ofSeconds(1));
        assertThat(sets).extracting(WriteSet::sequence).containsExactly(1L, 2L, 3L, 4L);
        assertThat(sets)
            .extracting(WriteSet::version)
            .as("deleting the fired alarm is bookkeeping")
            .containsExactly(1L, 2L, 3L, 3L);
        assertThat(ask(t, "version")).isEqualTo("3");
      });
    }

    @Test
    void S2_bookkeeping_never_moves_the_version() {
      script.does("alarm", cue -> cue.alarms().set("a", cue.context().clock().instant()));
      script.does(
          Script.ALARM,
          cue -> {
            throw new IllegalStateException("broken");
          });
      script.play(t -> {
        List<WriteSet> sets = recorded(t);
        join(t).send("alarm");
        t.advance(Duration.ofMinutes(4));
        assertThat(sets).hasSize(8);
        assertThat(sets).extracting(WriteSet::version).containsOnly(1L);
        assertThat(sets)
            .extracting(WriteSet::sequence)
            .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
      });
    }

    @Test
    void S2_the_own_turn_is_not_counted_and_deletion_does_not_reset() {
      script.answers(
          "within",
          cue -> {
            long before = cue.storage().version();
            cue.put("k", "v");
            return before + " " + cue.storage().version();
          });
      script.does("delete all", cue -> cue.storage().deleteAll());
      script.play(t -> {
        assertThat(ask(t, "within")).isEqualTo("0 0");
        assertThat(ask(t, "within")).isEqualTo("1 1");
        ask(t, "delete all");
        assertThat(ask(t, "version")).isEqualTo("3");
        t.crash();
        assertThat(ask(t, "version")).isEqualTo("3");
      });
    }

    @Test
    void S2_a_gap_is_refused_by_the_store() {
      script.play(t -> {
        RoomId room = t.id(ROOM, "r");
        WriteSet gap =
            new WriteSet(
                room,
                t.store().epoch(),
                2,
                1,
                0,
                false,
                dev.dormouse.room.spi.KeyOrder.newMap(),
                List.of());
        var future = t.store().commit(gap);
        t.settle();
        assertThat(catchThrowable(future::join)).hasCauseInstanceOf(CommitFailure.class);
      });
    }
  }

  @Nested
  class Compare_and_set {
    private final Script cas =
        script.does(
            "cas",
            cue ->
                cue.storage()
                    .transition(
                        Long.parseLong(cue.argument()),
                        () -> {
                          cue.note("ran at " + cue.argument());
                          cue.put("k", "v");
                          return null;
                        }));

    @Test
    void S3_runs_the_change_only_at_the_expected_version() {
      cas.play(t -> {
        ask(t, "cas:0");
        long late = asking(t, "cas:0");
        t.settle();
        assertThat(declined(t, late))
            .isInstanceOfSatisfying(
                Refusal.VersionConflict.class,
                conflict -> {
                  assertThat(conflict.current()).isEqualTo(1);
                  assertThat(conflict.status()).isEqualTo(412);
                  assertThat(conflict).hasMessageContaining("room/r");
                });
        ask(t, "cas:1");
        assertThat(script.notes()).containsExactly("ran at 0", "ran at 1");
      });
    }

    @Test
    void S3_counts_turns_that_are_still_pending() {
      cas.play(
          MANY,
          t -> {
            join(t);
            t.store().hold();
            long first = asking(t, "cas:0");
            long second = asking(t, "cas:0");
            long third = asking(t, "cas:1");
            t.settle();
            assertThat(script.notes()).containsExactly("ran at 0", "ran at 1");
            t.store().letAll();
            t.settle();
            assertThat(t.sockets().answer(first)).isInstanceOf(Answer.Replied.class);
            assertThat(declined(t, second)).isInstanceOf(Refusal.VersionConflict.class);
            assertThat(t.sockets().answer(third)).isInstanceOf(Answer.Replied.class);
          });
    }

    @Test
    void S3_compares_at_the_turns_start() {
      script.does(
          "write then cas",
          cue -> {
            cue.put("other", "v");
            cue.storage()
                .transition(
                    0,
                    () -> {
                      cue.note("ran");
                      return null;
                    });
          });
      cas.play(t -> {
        ask(t, "write then cas");
        assertThat(script.notes()).containsExactly("ran");
        assertThat(ask(t, "version")).isEqualTo("1");
      });
    }

    @Test
    void S3_over_HTTP_is_an_entity_tag_in_If_Match_and_412() {
      cas.play(t -> {
        HttpReply reply = t.request(ROOM, "r", HttpCall.of("GET", "put/1"));
        assertThat(reply.headers())
            .as("the version before the turn")
            .containsEntry("etag", "\"0\"");
        reply = t.request(ROOM, "r", HttpCall.of("GET", "read"));
        assertThat(reply.headers()).containsEntry("etag", "\"1\"");
        assertThat(withIfMatch("\"17\"").ifMatch()).isEqualTo(OptionalLong.of(17));
        assertThat(withIfMatch("*").ifMatch()).isEmpty();
        assertThat(HttpCall.of("GET", "").ifMatch()).isEmpty();
        for (String bad :
            List.of(
                "17",
                "\"a\"",
                "W/\"17\"",
                "\"1\", \"2\"",
                "\"\"",
                "\"-1\"",
                "\"99999999999999999999\"")) {
          assertThat(catchThrowable(() -> withIfMatch(bad).ifMatch()))
              .as(bad)
              .isInstanceOfSatisfying(
                  Refusal.Refused.class, no -> assertThat(no.status()).isEqualTo(400));
        }
      });
    }

    private static HttpCall withIfMatch(String value) {
      return new HttpCall("PUT", "", Map.of(), Map.of("if-match", List.of(value)), new byte[0]);
    }

    @Test
    void S3_over_WebSocket_the_room_decides_in_onRefused() {
      script.does(
          Script.REFUSED,
          cue -> cue.tell("version is " + ((Refusal.VersionConflict) cue.what()).current()));
      cas.play(t -> {
        FakeConnection ada = join(t);
        ada.send("cas:0");
        ada.send("cas:0");
        t.settle();
        assertThat(ada.texts()).containsExactly("version is 1");
        assertThat(ada.refusals()).as("what dormouse.v1 would carry").hasSize(1);
      });
    }
  }

  @Nested
  class The_epoch {

    @Test
    void S5_rises_with_each_start_and_each_write_set_carries_it() {
      script.play(t -> {
        List<WriteSet> sets = recorded(t);
        ask(t, "put:1");
        long before = t.store().epoch();
        assertThat(sets).extracting(WriteSet::epoch).containsExactly(before);
        t.crash();
        assertThat(t.store().epoch()).isGreaterThan(before);
        List<WriteSet> later = recorded(t);
        ask(t, "put:2");
        assertThat(later).extracting(WriteSet::epoch).containsExactly(t.store().epoch());
      });
    }

    @Test
    void S5_a_process_that_was_replaced_stores_and_says_nothing_more() {
      script.play(t -> {
        FakeConnection ada = join(t);
        ada.send("put:mine");
        t.settle();
        var successor = new MemoryRoomStore(t.execution(), t.disk());
        assertThat(successor.epoch()).isGreaterThan(t.store().epoch());
        long exchange = asking(t, "put:stale");
        t.settle();
        assertThat(declined(t, exchange)).isInstanceOf(RoomException.RoomReset.class);
        assertThat(stored(t, "k")).contains("mine");
        assertThat(script.watch().commitFailures)
            .singleElement()
            .extracting(CommitFailure::reason)
            .isEqualTo(CommitFailure.Reason.EPOCH);
      });
    }
  }

  @Nested
  class What_exists {

    @Test
    void S6_rooms_with_rows_can_be_listed_and_those_without_do_not_exist() {
      script.does("delete all", cue -> cue.storage().deleteAll());
      script.does("alarm", cue -> cue.alarms().setAtRestart("a"));
      script.play(t -> {
        for (String deed : List.of("put:1", "read", "delete all", "alarm")) {
          t.request(ROOM, deed.substring(0, 3), HttpCall.of("GET", deed.replace(':', '/')));
        }
        var rooms = t.store().rooms(ROOM, null, 10);
        t.settle();
        assertThat(rooms.join()).containsExactlyInAnyOrder(t.id(ROOM, "put"), t.id(ROOM, "ala"));
        assertThat(rooms.join())
            .extracting(room -> room.name().orElse("?"))
            .containsExactlyInAnyOrder("put", "ala");
        var page = t.store().rooms(ROOM, rooms.join().getFirst(), 10);
        t.settle();
        assertThat(page.join()).containsExactly(rooms.join().getLast());
      });
    }

    @Test
    void S6_reading_a_room_stores_nothing() {
      script.play(t -> {
        FakeConnection ada = join(t);
        ada.send("read");
        ask(t, "version");
        ada.vanish();
        t.settle();
        assertThat(t.disk().commits()).isZero();
      });
    }

    @Test
    void S6_a_start_says_whether_there_was_a_state() {
      script.does("delete all", cue -> cue.storage().deleteAll());
      script.play(t -> {
        ask(t, "read");
        t.crash();
        ask(t, "put:1");
        t.crash();
        ask(t, "delete all");
        t.crash();
        ask(t, "read");
        assertThat(script.watch().starts)
            .containsExactly(
                StartCause.CREATED, StartCause.CREATED, StartCause.RESTARTED, StartCause.CREATED);
      });
    }

    @Test
    void S6_stored_data_carries_a_schema_number_that_onStart_can_migrate() {
      List<Integer> seen = new ArrayList<>();
      script.does(
          Script.START,
          cue -> {
            int schema = cue.storage().schema();
            seen.add(schema);
            if (schema < 2) {
              cue.put("k", "migrated from " + schema);
              cue.storage().schema(2);
            }
            assertThat(cue.storage().schema()).isEqualTo(2);
          });
      script.play(
          1,
          t -> {
            ask(t, "read");
            assertThat(stored(t, "k")).contains("migrated from 0");
            t.crash();
            ask(t, "read");
            assertThat(seen).containsExactly(0, 2);
          });
    }
  }
}
