package dev.dormouse.rooms.presence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.RoomTester;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// People who come, go, reload and say something else, each with several tabs, in orders drawn from
/// seeds. Every client follows by diffs alone, none of which tells what it knew; and whenever all
/// is quiet each knows exactly who is here.
class PresenceSimulationTest {
  private static final int SEEDS = 300;
  private static final int STEPS = 80;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Tab> tabs = new ArrayList<>();

  /// What each user said last.
  private final Map<String, String> said = new HashMap<>();

  private static final class Tab {
    final String user;
    final FakeConnection line;
    final Map<String, String> known = new TreeMap<>();
    int read;

    Tab(String user, FakeConnection line) {
      this.user = user;
      this.line = line;
    }

    void read() throws Exception {
      List<String> texts = line.texts();
      for (; read < texts.size(); read++) {
        JsonNode frame = JSON.readTree(texts.get(read));
        if (read == 0) {
          assertThat(frame.get("type").asText()).isEqualTo("here");
          frame.get("users").forEach(person -> known.put(user(person), info(person)));
          continue;
        }
        assertThat(frame.get("type").asText()).isEqualTo("diff");
        assertThat(frame).hasSizeGreaterThan(1);
        frame
            .path("joined")
            .forEach(
                person -> assertThat(known.put(user(person), info(person))).as("joined").isNull());
        frame
            .path("left")
            .forEach(name -> assertThat(known.remove(name.asText())).as("left").isNotNull());
        frame
            .path("changed")
            .forEach(person ->
                assertThat(known.put(user(person), info(person)))
                    .as("changed")
                    .isNotNull()
                    .isNotEqualTo(info(person)));
      }
    }

    private static String user(JsonNode person) {
      return person.get("user").asText();
    }

    private static String info(JsonNode person) {
      return person.path("info").toString();
    }
  }

  @Test
  void everybody_who_follows_the_diffs_knows_who_is_here() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      new PresenceSimulationTest().play(seed);
    }
  }

  private void play(long seed) {
    RoomTester.seeded(seed, PresenceNamespace.declaration())
        .run(t -> {
          Random random = t.execution().random();
          for (int step = 0; step < STEPS; step++) {
            step(t, random, step);
          }
          quiet(t);
        });
  }

  private void step(RoomTester t, Random random, int step) throws Exception {
    String info = "{\"at\":" + step + "}";
    switch (random.nextInt(8)) {
      case 0, 1 -> {
        String user = "u" + random.nextInt(5);
        Map<String, String> query =
            random.nextBoolean() ? Map.of("user", user) : Map.of("user", user, "info", info);
        tabs.add(new Tab(user, t.connecting("presence", "hall", RoomTester.upgrade(query))));
        if (query.containsKey("info") || tabs.stream().noneMatch(tab -> tab.user.equals(user))) {
          said.put(user, query.getOrDefault("info", ""));
        }
      }
      case 2, 3 -> {
        if (!tabs.isEmpty()) {
          Tab tab = tabs.remove(random.nextInt(tabs.size()));
          tab.line.vanish();
          if (tabs.stream().noneMatch(other -> other.user.equals(tab.user))) {
            said.remove(tab.user);
          }
        }
      }
      case 4, 5 -> {
        if (!tabs.isEmpty()) {
          Tab tab = tabs.get(random.nextInt(tabs.size()));
          tab.line.send("{\"type\":\"info\",\"info\":" + info + "}");
          said.put(tab.user, info);
        }
      }
      case 6 -> {
        for (Tab tab : tabs) {
          tab.read();
        }
      }
      default -> quiet(t);
    }
  }

  private void quiet(RoomTester t) throws Exception {
    t.settle();
    Map<String, String> here = new TreeMap<>();
    tabs.forEach(tab -> here.put(tab.user, said.getOrDefault(tab.user, "")));
    for (Tab tab : tabs) {
      tab.read();
      assertThat(tab.known).isEqualTo(here);
    }
  }
}
