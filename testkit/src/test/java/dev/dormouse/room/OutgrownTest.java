package dev.dormouse.room;

import static dev.dormouse.room.Script.MANY;
import static dev.dormouse.room.Script.ROOM;
import static dev.dormouse.room.Script.ask;
import static dev.dormouse.room.Script.asking;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// S1: a room that grows too large for the memory while it is awake.
class OutgrownTest {
  private static final int PIECE = 1_200 << 10;

  private final Script script =
      new Script()
          .declared(builder -> builder.nonBlocking())
          .does("put", OutgrownTest::put)
          .does("delete", cue -> cue.storage().delete(cue.argument()))
          .does("clear", cue -> cue.storage().deleteAll())
          .answers("list", OutgrownTest::list);

  /// `key=letter`: a large value that begins with the letter.
  private static void put(Cue cue) {
    String[] parts = cue.argument().split("=", 2);
    byte[] value = new byte[PIECE];
    value[0] = (byte) parts[1].charAt(0);
    cue.storage().put(parts[0], value);
  }

  /// The first letter of each, as the room sees it; one after the other and all at once.
  private static String list(Cue cue) {
    TreeMap<String, Character> all = new TreeMap<>();
    for (Storage.Entry entry : cue.storage().list(KeyRange.all())) {
      all.put(entry.key(), (char) entry.value()[0]);
      byte[] alone = cue.storage().get(entry.key()).orElseThrow();
      assertThat(alone).isEqualTo(entry.value());
    }
    return all.toString();
  }

  private static long inMemory(RoomTester t) {
    return t.node().crowd().taken();
  }

  @Test
  void S1_is_read_on_demand_once_all_that_it_has_is_durable() {
    script.play(t -> {
      ask(t, "put:a=1");
      ask(t, "put:b=2");
      ask(t, "put:c=3");
      assertThat(inMemory(t)).isGreaterThan(2 * PIECE);
      t.store().hold();
      asking(t, "put:d=4");
      asking(t, "put:a=5");
      long seen = asking(t, "list");
      t.settle();
      assertThat(inMemory(t)).as("what is not durable cannot be read").isGreaterThan(3 * PIECE);
      t.store().letAll();
      t.settle();
      assertThat(t.sockets().answer(seen)).isNotNull();
      assertThat(inMemory(t)).as("without another event").isZero();
      assertThat(ask(t, "list")).isEqualTo("{a=5, b=2, c=3, d=4}");
      assertThat(inMemory(t)).isZero();
      ask(t, "put:b=6");
      assertThat(ask(t, "list")).isEqualTo("{a=5, b=6, c=3, d=4}");
      t.crash();
      assertThat(ask(t, "list")).isEqualTo("{a=5, b=6, c=3, d=4}");
    });
  }

  @Test
  void S1_that_is_emptied_is_in_memory_again() {
    script.play(t -> {
      for (String put : new String[] {"put:a=1", "put:b=2", "put:c=3", "put:d=4"}) {
        ask(t, put);
      }
      assertThat(ask(t, "list")).isEqualTo("{a=1, b=2, c=3, d=4}");
      assertThat(inMemory(t)).isZero();
      ask(t, "clear");
      ask(t, "put:e=5");
      assertThat(ask(t, "list")).isEqualTo("{e=5}");
      assertThat(inMemory(t)).isPositive();
    });
  }

  /// Beside a map that does the same.
  @Test
  void S1_sees_what_it_wrote_at_every_moment() {
    script.play(
        2 * MANY,
        t -> {
          Random random = new Random(t.execution().seed());
          TreeMap<String, Character> expected = new TreeMap<>();
          for (int i = 0; i < 60; i++) {
            String key = "k" + random.nextInt(7);
            int what = random.nextInt(40);
            if (what == 0) {
              asking(t, "clear");
              expected.clear();
            } else if (what < 12) {
              asking(t, "delete:" + key);
              expected.remove(key);
            } else {
              char letter = (char) ('a' + random.nextInt(26));
              asking(t, "put:" + key + "=" + letter);
              expected.put(key, letter);
            }
            if (random.nextInt(4) == 0) {
              t.settle();
            }
            if (random.nextInt(5) == 0) {
              assertThat(ask(t, "list")).isEqualTo(expected.toString());
            }
            if (random.nextInt(25) == 0) {
              t.advance(Duration.ofSeconds(20));
            }
          }
          assertThat(ask(t, "list")).isEqualTo(expected.toString());
          assertThat(t.disk().keys(t.id(ROOM, "r")).keySet()).isEqualTo(expected.keySet());
        });
  }
}
