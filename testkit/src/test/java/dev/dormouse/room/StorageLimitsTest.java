package dev.dormouse.room;

import static dev.dormouse.room.Script.ask;
import static dev.dormouse.room.Script.asking;
import static dev.dormouse.room.Script.declined;
import static dev.dormouse.room.Script.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import dev.dormouse.testkit.RoomTester;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// S1, E1: what storage refuses.
class StorageLimitsTest {
  private final Script script = new Script();

  /// Runs `test` in the room's handler and fails with it.
  private void inRoom(RoomTester t, Script.Quiet test) {
    script.does("test", test);
    join(t).send("test");
    t.settle();
    assertThat(script.watch().handlerFailures).isEmpty();
  }

  private final RoomLimits small =
      new RoomLimits(
          8,
          16,
          64,
          40,
          1 << 20,
          1_000,
          100,
          100,
          2,
          1_024,
          1 << 20,
          10,
          64,
          RoomLimits.defaults().idle(),
          RoomLimits.defaults().turn(),
          RoomLimits.defaults().criticalSection(),
          RoomLimits.defaults().call(),
          RoomLimits.defaults().afterReply());

  private void refused(String deed, Script.Quiet what, String... words) {
    script
        .limits(small)
        .does(deed, what)
        .does(
            "fill",
            cue -> {
              cue.put("a", "0123456789");
              cue.put("b", "0123456789");
              cue.put("c", "0123456789");
              cue.put("d", "0123456789");
            });
    script.play(t -> {
      FakeConnection ada = join(t);
      ada.send("fill");
      t.settle();
      long exchange = asking(t, deed);
      t.settle();
      assertThat(declined(t, exchange))
          .isInstanceOf(Refusal.TooLarge.class)
          .hasMessageContaining("room/r")
          .hasMessageContainingAll(words);
      assertThat(script.instances()).hasSize(1);
    });
  }

  @Test
  void S1_are_enforced_and_errors_name_them() {
    refused("key", cue -> cue.put("123456789", "v"), "key", "8");
    refused("key in UTF-8", cue -> cue.put("🐁🐁€", "v"), "key", "8", "11");
    refused("read", cue -> cue.get("123456789"), "key", "8");
    refused("empty key", cue -> cue.put("", "v"), "key", "0");
    refused("value", cue -> cue.put("k", "0123456789abcdefg"), "value", "16", "17");
    refused(
        "turn",
        cue -> {
          for (int i = 0; i < 10; i++) {
            cue.put("k", "0123456789");
          }
        },
        "turn",
        "64");
    refused("list", cue -> cue.storage().list(KeyRange.all()), "listing", "40", "limit");
    refused(
        "alarms",
        cue -> {
          for (int i = 0; i < 3; i++) {
            cue.alarms().set("a" + i, Instant.parse("2031-01-01T00:00:00Z"));
          }
        },
        "alarms",
        "2");
    refused("alarm's name", cue -> cue.alarms().setAtRestart("x".repeat(257)), "256", "257");
  }

  @Test
  void S1_what_keeps_to_them_is_taken() {
    script
        .limits(small)
        .play(t ->
            inRoom(
                t,
                cue -> {
                  cue.put("12345678", "0123456789abcdef");
                  cue.put("🐁🐁", "");
                  assertThat(cue.storage().list(KeyRange.all().limited(2))).hasSize(2);
                  cue.alarms().set("a", Instant.parse("2031-01-01T00:00:00Z"));
                  cue.alarms().set("b", Instant.parse("2031-01-01T00:00:00Z"));
                  cue.alarms().set("a", Instant.parse("2032-01-01T00:00:00Z"));
                }));
  }

  @Test
  void S1_a_key_that_is_not_well_formed_is_an_error() {
    script.play(t ->
        inRoom(
            t,
            cue -> {
              for (String key : List.of("\ud83d", "a\udc01", "\udc01\ud83d")) {
                assertThat(catchThrowable(() -> cue.put(key, "v")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("room/r");
              }
            }));
  }

  @Test
  void E1_a_full_disk_refuses_writes_and_serves_reads() {
    script.does("put", cue -> cue.put("k", "v"));
    script.answers("look", cue -> cue.get("k").orElse("none"));
    script.play(t -> {
      ask(t, "put");
      t.store().trouble("no space left on device");
      long exchange = asking(t, "put");
      t.settle();
      assertThat(declined(t, exchange))
          .isInstanceOfSatisfying(
              Refusal.StorageFull.class,
              no -> {
                assertThat(no)
                    .hasMessageContainingAll("room/r", "try again later")
                    .hasMessageNotContaining("no space left on device");
                assertThat(no.retryable()).isTrue();
              });
      assertThat(ask(t, "look")).isEqualTo("v");
      t.store().trouble(null);
      t.store().faults(_ -> new Verdict.Rejected("/srv/data/rooms-0.db: [SQLITE_FULL]"));
      exchange = asking(t, "put");
      t.settle();
      assertThat(declined(t, exchange))
          .isInstanceOf(RoomException.RoomReset.class)
          .hasMessageContaining("a write of room/r failed")
          .hasMessageNotContainingAny("/srv/data", "SQLITE");
      t.store().faults(_ -> new Verdict.Durable());
      assertThat(ask(t, "put")).isEmpty();
    });
  }
}
