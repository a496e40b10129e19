package dev.dormouse.rooms.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import dev.dormouse.testkit.RoomTester;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Clients that post, lose their line, come back and repeat what was not answered, while the
/// process dies and the disk fails, in orders drawn from seeds. Every client ends with the same
/// conversation, without a hole and without anything twice; what was acknowledged is in it.
class ChatSimulationTest {
  private static final int SEEDS = 150;
  private static final int STEPS = 60;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Talker> talkers =
      List.of(new Talker("Ada"), new Talker("Bob"), new Talker("Cyd"));

  /// A client as the protocol wants it: keeps its place, fills holes, repeats what is unanswered.
  private static final class Talker {
    final String name;
    final Map<Long, String> heard = new TreeMap<>();
    final Map<String, Long> acknowledged = new TreeMap<>();
    final List<String> unanswered = new ArrayList<>();
    @Nullable FakeConnection line;
    String epoch = "";
    long place;
    int said;
    int read;

    Talker(String name) {
      this.name = name;
    }

    boolean isOnline() {
      return line != null && line.closed().isEmpty();
    }

    void connect(RoomTester t) {
      FakeConnection fresh;
      try {
        fresh = t.connecting("chat", "lobby", RoomTester.upgrade(Map.of()));
      } catch (AssertionError declined) {
        // So it happens when the write before the admission fails; the client stays off line.
        assertThat(declined).hasMessageContaining("RoomReset");
        return;
      }
      line = fresh;
      read = 0;
      ObjectNode join = JSON.createObjectNode();
      join.put("type", "join").put("name", name).put("epoch", epoch).put("offset", place);
      send(join);
      unanswered.forEach(this::repeat);
    }

    void say() {
      String id = name + said++;
      unanswered.add(id);
      repeat(id);
    }

    private void repeat(String id) {
      send(JSON.createObjectNode().put("type", "post").put("text", "I am " + id).put("id", id));
    }

    private void send(ObjectNode frame) {
      if (line != null && isOnline()) {
        line.send(frame.toString());
      }
    }

    boolean pump() throws Exception {
      FakeConnection current = line;
      if (current == null) {
        return false;
      }
      List<String> texts = current.texts();
      boolean any = read < texts.size();
      while (read < texts.size()) {
        hear(JSON.readTree(texts.get(read++)));
      }
      return any;
    }

    private void hear(JsonNode frame) {
      switch (frame.get("type").asText()) {
        case "joined" -> {
          assertThat(frame.get("recovered").asBoolean()).as("nothing is forgotten here").isTrue();
          epoch = frame.get("epoch").asText();
          frame.get("messages").forEach(this::take);
        }
        case "message" -> {
          epoch = frame.get("epoch").asText();
          take(frame.get("message"));
        }
        case "history" -> {
          epoch = frame.get("epoch").asText();
          frame.get("messages").forEach(this::take);
        }
        case "posted" -> {
          String id = frame.get("id").asText();
          unanswered.remove(id);
          Long before = acknowledged.put(id, frame.get("offset").asLong());
          assertThat(before).isIn(null, frame.get("offset").asLong());
        }
        case "restarted" -> {
          ask();
          unanswered.forEach(this::repeat);
        }
        case "error" ->
            assertThat(frame.get("code").asText()).as(frame.toString()).isEqualTo("join-first");
        default -> {}
      }
    }

    private void take(JsonNode message) {
      long offset = message.get("offset").asLong();
      String text = message.get("text").asText();
      assertThat(heard.getOrDefault(offset, text)).as("at " + offset).isEqualTo(text);
      if (offset > place + 1) {
        ask();
        return;
      }
      heard.put(offset, text);
      place = Math.max(place, offset);
    }

    private void ask() {
      send(JSON.createObjectNode().put("type", "history").put("after", place));
    }
  }

  @Test
  void everybody_ends_with_the_same_conversation_without_holes_or_repetitions() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      new ChatSimulationTest().play(seed);
    }
  }

  private void play(long seed) {
    RoomTester.seeded(seed, ChatNamespace.declaration())
        .run(t -> {
          Random random = t.execution().random();
          for (int step = 0; step < STEPS; step++) {
            step(t, random);
          }
          end(t);
        });
  }

  private void step(RoomTester t, Random random) throws Exception {
    Talker talker = talkers.get(random.nextInt(talkers.size()));
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> talker.say();
      case 4, 5 -> {
        if (!talker.isOnline()) {
          talker.connect(t);
        }
      }
      case 6 -> {
        if (talker.line != null) {
          talker.line.vanish();
        }
      }
      case 7, 8, 9 -> settle(t);
      case 10 -> {
        int[] left = {1};
        t.store()
            .faults(_ ->
                left[0]-- > 0 ? new Verdict.Unknown(random.nextBoolean()) : new Verdict.Durable());
      }
      default -> {
        if (random.nextInt(3) == 0) {
          for (Talker each : talkers) {
            each.pump();
            each.line = null;
          }
          t.crash();
        }
      }
    }
    talker.pump();
  }

  private void settle(RoomTester t) throws Exception {
    boolean any;
    do {
      t.settle();
      any = false;
      for (Talker talker : talkers) {
        any |= talker.pump();
      }
    } while (any);
  }

  private void end(RoomTester t) throws Exception {
    t.store().faults(_ -> new Verdict.Durable());
    settle(t);
    // Whatever they say wakes a room whose last write failed; it then tells those who are still
    // there.
    for (int round = 0; round < 2; round++) {
      for (Talker talker : talkers) {
        if (!talker.isOnline()) {
          talker.connect(t);
        }
        talker.send(JSON.createObjectNode().put("type", "who"));
        settle(t);
      }
    }
    Map<Long, String> conversation = talkers.getFirst().heard;
    assertThat(new HashSet<>(conversation.values())).hasSize(conversation.size());
    for (Talker talker : talkers) {
      assertThat(talker.unanswered).isEmpty();
      assertThat(talker.heard).isEqualTo(conversation);
      assertThat(talker.heard.keySet()).hasSize((int) talker.place);
      talker.acknowledged.forEach(
          (id, offset) -> assertThat(conversation).containsEntry(offset, "I am " + id));
      assertThat(talker.acknowledged).hasSize(talker.said);
    }
  }
}
