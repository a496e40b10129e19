package dev.dormouse.rooms.fleet.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.rooms.fleet.FleetWorld;
import dev.dormouse.testkit.FakeConnection;
import java.util.ArrayList;
import java.util.List;

/// Watches a rollout as a page does, and objects when a group begins before its gate was open.
final class GateWatch {
  private final FleetWorld world;
  private final String rollout;
  private final List<Integer> sizes = new ArrayList<>();
  private final List<Integer> needed = new ArrayList<>();
  private StringBuilder states = new StringBuilder();
  private FakeConnection connection;
  private int read;

  GateWatch(FleetWorld world, String rollout) {
    this.world = world;
    this.rollout = rollout;
    connection = world.tester.connect("rollout", rollout);
    read();
  }

  /// The process is gone, and the page connects anew.
  void reconnect() {
    connection = world.tester.connect("rollout", rollout);
    read = 0;
    read();
  }

  String states() {
    return states.toString();
  }

  void read() {
    List<String> texts = connection.texts();
    while (read < texts.size()) {
      take(FleetWorld.json(texts.get(read++)));
    }
  }

  private void take(JsonNode frame) {
    switch (frame.get("type").asText()) {
      case "all" -> {
        states = new StringBuilder(frame.get("states").asText());
        groups(frame.get("summary"));
      }
      case "summary" -> groups(frame);
      case "device" -> {
        int index = frame.get("index").asInt();
        char state = frame.get("state").asText().charAt(0);
        if (states.charAt(index) == 'w' && state == 'u') {
          mayBegin(index);
        }
        states.setCharAt(index, state);
      }
      default -> {}
    }
  }

  /// A group that somebody has forgiven needs nobody to succeed.
  private void groups(JsonNode summary) {
    sizes.clear();
    needed.clear();
    summary
        .get("groups")
        .forEach(group -> {
          sizes.add(group.get("size").asInt());
          needed.add(group.get("forgiven").asBoolean() ? 0 : group.get("needed").asInt());
        });
  }

  private void mayBegin(int index) {
    int begin = 0;
    for (int group = 0; index >= begin + sizes.get(group); group++) {
      begin += sizes.get(group);
      boolean isNext = index < begin + sizes.get(group + 1);
      if (isNext && states.charAt(begin) == 'w') {
        long succeeded =
            states.substring(begin - sizes.get(group), begin).chars().filter(c -> c == 'c').count();
        assertThat(succeeded)
            .as("succeeded of group %d when %d began: %s", group, index, states)
            .isGreaterThanOrEqualTo(needed.get(group));
      }
    }
  }
}
