package dev.dormouse.room;

import static dev.dormouse.room.Script.MANY;
import static dev.dormouse.room.Script.join;
import static dev.dormouse.room.Script.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.RoomTester;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// S1: keys and values.
class StorageTest {
  private final Script script = new Script();

  /// Runs `test` in the room's handler and fails with it.
  private void inRoom(RoomTester t, Script.Quiet test) {
    script.does("test", test);
    join(t).send("test");
    t.settle();
    assertThat(script.watch().handlerFailures).isEmpty();
  }

  @Nested
  class Values {

    @Test
    void S1_are_bytes_text_or_mapped() {
      UUID id = new UUID(1, 2);
      script.play(t -> {
        inRoom(
            t,
            cue -> {
              cue.storage().put("bytes", new byte[] {1, -1});
              cue.storage().putText("text", "größe 🐁");
              cue.storage().putValue("value", id);
            });
        inRoom(
            t,
            cue -> {
              assertThat(cue.storage().get("bytes")).contains(new byte[] {1, -1});
              assertThat(cue.storage().getText("text")).contains("größe 🐁");
              assertThat(cue.storage().getValue("value", UUID.class)).contains(id);
              assertThat(cue.storage().get("none")).isEmpty();
              assertThat(cue.storage().getText("none")).isEmpty();
              assertThat(cue.storage().getValue("none", UUID.class)).isEmpty();
              assertThat(catchThrowable(() -> cue.storage().getValue("value", List.class)))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThat(catchThrowable(() -> cue.storage().putValue("bad", new Object())))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessageContaining("java.lang.Object");
            });
        assertThat(stored(t, "text")).contains("größe 🐁");
      });
    }

    @Test
    void S1_are_copies_on_their_way_in_and_out() {
      script.play(t ->
          inRoom(
              t,
              cue -> {
                byte[] mine = {1};
                cue.storage().put("k", mine);
                mine[0] = 2;
                cue.storage().get("k").orElseThrow()[0] = 3;
                cue.storage().list(KeyRange.all()).getFirst().value()[0] = 4;
                assertThat(cue.storage().get("k")).contains(new byte[] {1});
              }));
    }

    @Test
    void S1_delete_says_whether_the_key_was_there() {
      script.play(t -> {
        inRoom(
            t,
            cue -> {
              cue.put("k", "v");
              assertThat(cue.storage().delete("k")).isTrue();
              assertThat(cue.storage().delete("k")).isFalse();
              cue.put("k", "w");
            });
        inRoom(
            t,
            cue -> {
              assertThat(cue.storage().delete("k")).isTrue();
              assertThat(cue.get("k")).isEmpty();
              assertThat(cue.storage().delete("other")).isFalse();
            });
        assertThat(stored(t, "k")).isEmpty();
      });
    }
  }

  @Nested
  class Listings {

    @Test
    void S1_are_in_the_order_of_UTF_8() {
      List<String> ordered =
          List.of(
              "a",
              "ab",
              "b",
              "\u00e4",
              "\ud7ff",
              "\ue000",
              "\uffff",
              new String(Character.toChars(0x10000)),
              new String(Character.toChars(0x10ffff)));
      script.play(t -> {
        inRoom(
            t,
            cue -> {
              for (String key : ordered.reversed()) {
                cue.put(key, "v");
              }
              assertThat(keys(cue, KeyRange.all())).containsExactlyElementsOf(ordered);
            });
        inRoom(
            t,
            cue -> {
              assertThat(keys(cue, KeyRange.all())).containsExactlyElementsOf(ordered);
              assertThat(keys(cue, KeyRange.all().reversed()))
                  .containsExactlyElementsOf(ordered.reversed());
            });
      });
    }

    @Test
    void S1_go_from_start_to_before_end_within_a_prefix_in_a_direction_up_to_a_limit() {
      script.play(t ->
          inRoom(
              t,
              cue -> {
                for (String key : List.of("a", "b1", "b2", "b3", "c")) {
                  cue.put(key, "v");
                }
                assertThat(keys(cue, KeyRange.all().from("b1").to("b3")))
                    .containsExactly("b1", "b2");
                assertThat(keys(cue, KeyRange.prefixed("b"))).containsExactly("b1", "b2", "b3");
                assertThat(keys(cue, KeyRange.prefixed("b").from("b2")))
                    .containsExactly("b2", "b3");
                assertThat(keys(cue, KeyRange.prefixed("b").to("b2"))).containsExactly("b1");
                assertThat(keys(cue, KeyRange.prefixed("b").reversed().limited(2)))
                    .containsExactly("b3", "b2");
                assertThat(keys(cue, KeyRange.all().limited(2))).containsExactly("a", "b1");
                assertThat(keys(cue, KeyRange.all().from("c").to("a"))).isEmpty();
                assertThat(catchThrowable(() -> KeyRange.all().limited(0)))
                    .isInstanceOf(IllegalArgumentException.class);
              }));
    }

    private static List<String> keys(Cue cue, KeyRange range) {
      return cue.storage().list(range).stream().map(Storage.Entry::key).toList();
    }
  }

  @Nested
  class Reads_agree_with_a_model {

    @Test
    void S1_in_a_room_that_is_held_in_memory() {
      agree(1_000);
    }

    @Test
    void S1_in_a_large_room_that_is_read_on_demand() {
      agree(2);
    }

    /// Random turns, some with transactions, while commits come when they come.
    private void agree(int wholeKeys) {
      script.staged(tester -> tester.wholeKeys(wholeKeys));
      script.play(
          MANY,
          t -> {
            Random random = t.execution().random();
            NavigableMap<String, String> model = KeyOrder.newMap();
            script.does(
                "turn",
                cue -> {
                  for (int i = 0; i < 6; i++) {
                    NavigableMap<String, String> inner = KeyOrder.newMap();
                    inner.putAll(model);
                    boolean inTransaction = random.nextInt(4) == 0;
                    boolean fails = random.nextBoolean();
                    if (inTransaction) {
                      Throwable thrown =
                          catchThrowable(() ->
                              cue.storage()
                                  .transaction(() -> {
                                    change(cue, random, inner);
                                    check(cue, random, inner);
                                    if (fails) {
                                      throw new Refusal.Refused(409, "roll back");
                                    }
                                    return null;
                                  }));
                      assertThat(thrown == null || thrown instanceof Refusal).isTrue();
                    } else {
                      change(cue, random, inner);
                    }
                    if (!inTransaction || !fails) {
                      model.clear();
                      model.putAll(inner);
                    }
                    check(cue, random, model);
                  }
                  if (random.nextInt(3) == 0) {
                    cue.storage().sync();
                    check(cue, random, model);
                  }
                });
            FakeConnection ada = join(t);
            for (int round = 0; round < 3; round++) {
              for (int i = 0; i < 6; i++) {
                ada.send("turn");
                if (random.nextBoolean()) {
                  t.store().hold();
                } else {
                  t.store().letAll();
                }
                t.settle();
                while (random.nextBoolean() && t.store().letOne()) {
                  t.settle();
                }
              }
              t.store().letAll();
              t.settle();
              assertThat(script.watch().handlerFailures).isEmpty();
              t.crash();
              ada = join(t);
            }
          });
    }

    private static String key(Random random) {
      String[] letters = {"a", "b", "ä", "\ue000", "🐁"};
      StringBuilder key = new StringBuilder(letters[random.nextInt(letters.length)]);
      while (random.nextInt(3) > 0 && key.length() < 4) {
        key.append(letters[random.nextInt(letters.length)]);
      }
      return key.toString();
    }

    private static void change(Cue cue, Random random, NavigableMap<String, String> model) {
      String key = key(random);
      int what = random.nextInt(60);
      if (what == 0) {
        // Rarely: a room that was emptied is held in memory from then on.
        cue.storage().deleteAll();
        model.clear();
      } else if (what < 15) {
        assertThat(cue.storage().delete(key)).isEqualTo(model.remove(key) != null);
      } else {
        String value = "" + random.nextInt(100);
        cue.put(key, value);
        model.put(key, value);
      }
    }

    private static void check(Cue cue, Random random, NavigableMap<String, String> model) {
      String key = key(random);
      assertThat(cue.get(key).orElse("none")).isEqualTo(model.getOrDefault(key, "none"));
      KeyRange range =
          new KeyRange(
              random.nextBoolean() ? key(random) : null,
              random.nextBoolean() ? key(random) : null,
              random.nextBoolean() ? key(random) : "",
              random.nextBoolean(),
              random.nextBoolean() ? 1 + random.nextInt(3) : Integer.MAX_VALUE);
      List<String> expected = new ArrayList<>();
      (range.reverse() ? model.descendingMap() : model)
          .forEach((k, v) -> {
            if (expected.size() < range.limit()
                && k.startsWith(range.prefix())
                && (range.start() == null || KeyOrder.UTF8.compare(k, range.start()) >= 0)
                && (range.end() == null || KeyOrder.UTF8.compare(k, range.end()) < 0)) {
              expected.add(k + "=" + v);
            }
          });
      assertThat(cue.storage().list(range).stream().map(e -> e.key() + "=" + e.text()))
          .as("%s", range)
          .containsExactlyElementsOf(expected);
    }
  }

  @Nested
  class Everything_at_once {

    @Test
    void S1_deleteAll_deletes_keys_alarms_and_schema_in_its_turn() {
      script.play(t -> {
        inRoom(
            t,
            cue -> {
              cue.put("k", "v");
              cue.storage().schema(2);
              cue.alarms().set("alarm", Instant.parse("2031-01-01T00:00:00Z"));
            });
        inRoom(
            t,
            cue -> {
              cue.put("same turn", "v");
              cue.storage().deleteAll();
              assertThat(cue.storage().list(KeyRange.all())).isEmpty();
              assertThat(cue.alarms().list()).isEmpty();
              assertThat(cue.storage().schema()).isZero();
              cue.put("after", "v");
            });
        t.crash();
        inRoom(
            t,
            cue -> {
              assertThat(cue.storage().list(KeyRange.all()))
                  .singleElement()
                  .extracting(Storage.Entry::key)
                  .isEqualTo("after");
              assertThat(cue.alarms().list()).isEmpty();
              assertThat(cue.storage().schema()).isZero();
            });
      });
    }

    @Test
    void S1_sync_ends_the_turn_and_returns_when_all_is_durable() {
      script.play(
          MANY,
          t -> {
            script.does(
                "sync",
                cue -> {
                  cue.put("mine", "v");
                  cue.storage().sync();
                  cue.note(stored(t, "others").orElse("?") + stored(t, "mine").orElse("?"));
                });
            script.does("put", cue -> cue.put("others", "v"));
            FakeConnection ada = join(t);
            t.store().hold();
            ada.send("put");
            ada.send("sync");
            t.settle();
            t.store().letOne();
            t.settle();
            assertThat(script.notes()).isEmpty();
            t.store().letOne();
            t.settle();
            assertThat(script.notes()).containsExactly("vv");
          });
    }
  }
}
