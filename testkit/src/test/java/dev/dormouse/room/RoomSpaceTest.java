package dev.dormouse.room;

import static dev.dormouse.room.Script.ask;
import static dev.dormouse.room.Script.asking;
import static dev.dormouse.room.Script.declined;
import static dev.dormouse.room.Script.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.testkit.RoomTester;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// S1: how much a room may have, whether its keys are in memory or read on demand.
class RoomSpaceTest {

  abstract static class Limited {
    private final Script script = new Script();

    abstract int wholeKeys();

    /// Twenty bytes and three keys.
    private void play(RoomTester.Scenario scenario) {
      script
          .limits(RoomLimits.defaults().withStored(20, 3))
          .staged(tester -> tester.wholeKeys(wholeKeys()))
          .does("fill", cue -> cue.put("a", "123456789"))
          .does("fill b", cue -> cue.put("b", "123456789"))
          .does("fill c", cue -> cue.put("c", ""))
          .does("shrink", cue -> cue.put("a", "1"))
          .does("delete", cue -> cue.storage().delete("b"))
          .does("same", cue -> cue.put("a", "abcdefghi"))
          .does("grow", cue -> cue.put("a", "1234567890"))
          .does("clear", cue -> cue.storage().deleteAll())
          .does(
              "tiny",
              cue -> {
                for (String key : new String[] {"x", "y", "z"}) {
                  cue.put(key, "");
                }
              })
          .does("one more", cue -> cue.put("w", ""))
          .play(scenario);
    }

    private void assertFull(RoomTester t, String deed, String... words) {
      int before = script.watch().full;
      long exchange = asking(t, deed);
      t.settle();
      assertThat(declined(t, exchange))
          .isInstanceOfSatisfying(
              Refusal.RoomFull.class,
              no -> {
                assertThat(no.status()).isEqualTo(507);
                assertThat(no.retryable()).isFalse();
              })
          .hasMessageContaining("room/r")
          .hasMessageContainingAll(words);
      assertThat(script.instances()).hasSize(1);
      assertThat(script.watch().full).as("told to the observer").isEqualTo(before + 1);
    }

    @Test
    void S1_what_fits_to_the_byte_is_taken_and_one_more_is_refused() {
      play(t -> {
        ask(t, "fill");
        ask(t, "fill b");
        assertFull(t, "fill c", "20 bytes", "'c'", "21");
        assertThat(stored(t, "c")).isEmpty();
        assertFull(t, "grow", "20 bytes", "'a'", "21");
        assertThat(stored(t, "a")).contains("123456789");
      });
    }

    @Test
    void S1_a_full_room_can_be_changed_and_made_smaller_and_goes_on_then() {
      play(t -> {
        ask(t, "fill");
        ask(t, "fill b");
        ask(t, "same");
        ask(t, "same");
        assertFull(t, "fill c", "21");
        ask(t, "shrink");
        ask(t, "fill c");
        assertFull(t, "grow", "22");
        ask(t, "delete");
        ask(t, "grow");
        assertThat(stored(t, "a")).contains("1234567890");
      });
    }

    @Test
    void S1_keys_count_too() {
      play(t -> {
        ask(t, "tiny");
        assertFull(t, "one more", "3 keys", "'w'");
        ask(t, "tiny");
        ask(t, "clear");
        ask(t, "one more");
      });
    }

    @Test
    void S1_one_turn_is_refused_as_a_whole() {
      script
          .limits(RoomLimits.defaults().withStored(20, 100))
          .staged(tester -> tester.wholeKeys(wholeKeys()))
          .does(
              "too much",
              cue -> {
                for (int i = 0; i < 5; i++) {
                  cue.put("k" + i, "1234");
                }
              })
          .does(
              "in its place",
              cue -> {
                for (int i = 0; i < 5; i++) {
                  cue.put("k", "123456789");
                }
                cue.storage().delete("k");
                cue.put("l", "1234567890123456789");
              })
          .does(
              "caught",
              cue -> {
                cue.put("l", "");
                assertThatThrownBy(() -> cue.put("m", "12345678901234567890"))
                    .isInstanceOf(Refusal.RoomFull.class);
                cue.put("n", "taken");
              })
          .does(
              "anew",
              cue -> {
                cue.storage().deleteAll();
                cue.put("l", "1234567890123456789");
              })
          .play(t -> {
            assertFull(t, "too much", "'k3'");
            assertThat(stored(t, "k0")).isEmpty();
            ask(t, "in its place");
            ask(t, "caught");
            assertThat(stored(t, "n")).contains("taken");
            ask(t, "anew");
            assertThat(stored(t, "n")).isEmpty();
          });
    }
  }

  @Nested
  class In_memory extends Limited {
    @Override
    int wholeKeys() {
      return 1_000;
    }
  }

  @Nested
  class On_demand extends Limited {
    @Override
    int wholeKeys() {
      return -1;
    }

    @Test
    void S1_a_turn_near_the_limit_asks_once_how_much_there_is_and_once_for_each_key() {
      int many = 100;
      List<String> asked = new ArrayList<>();
      Script script = new Script();
      script
          .limits(RoomLimits.defaults().withStored(1_000_000, many))
          .staged(tester ->
              tester
                  .wholeKeys(wholeKeys())
                  .storedBy((memory, _) -> recorded(memory, asked), _ -> {}))
          .does("fill", cue -> putAll(cue, many))
          .does("again", cue -> putAll(cue, many))
          .does(
              "in transactions",
              cue -> {
                for (int i = 0; i < many; i++) {
                  String key = "k" + i;
                  cue.storage().transaction(() -> cue.storage().delete(key));
                  cue.storage()
                      .transaction(() -> {
                        cue.put(key, "");
                        return "";
                      });
                }
              })
          .play(t -> {
            ask(t, "fill");
            asked.clear();
            ask(t, "again");
            assertThat(asked).filteredOn("sizeWithout"::equals).hasSize(1);
            assertThat(asked).filteredOn("read"::equals).hasSizeLessThanOrEqualTo(many);
            asked.clear();
            ask(t, "in transactions");
            assertThat(asked).filteredOn("sizeWithout"::equals).hasSizeLessThanOrEqualTo(1);
            assertThat(asked).filteredOn("read"::equals).hasSizeLessThanOrEqualTo(many);
          });
    }

    @Test
    void S1_what_is_written_again_and_again_is_asked_about_once_in_a_while() {
      List<String> asked = new ArrayList<>();
      Script script = new Script();
      script
          .limits(RoomLimits.defaults().withStored(1_000, 1_000))
          .staged(tester ->
              tester
                  .wholeKeys(wholeKeys())
                  .storedBy((memory, _) -> recorded(memory, asked), _ -> {}))
          .does("put", cue -> cue.put("a", "x".repeat(99)))
          .play(t -> {
            asked.clear();
            for (int i = 0; i < 100; i++) {
              ask(t, "put");
            }
            assertThat(asked).filteredOn("sizeWithout"::equals).hasSizeBetween(1, 12);
          });
    }

    private static void putAll(Cue cue, int many) {
      for (int i = 0; i < many; i++) {
        cue.put("k" + i, "");
      }
    }

    /// A store that writes down what it is asked.
    private static RoomStore recorded(RoomStore store, List<String> asked) {
      return (RoomStore)
          Proxy.newProxyInstance(
              RoomStore.class.getClassLoader(),
              new Class<?>[] {RoomStore.class},
              (_, method, arguments) -> {
                asked.add(method.getName());
                return method.invoke(store, arguments);
              });
    }
  }
}
