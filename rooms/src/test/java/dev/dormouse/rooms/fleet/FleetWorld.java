package dev.dormouse.rooms.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Refusal;
import dev.dormouse.rooms.fleet.SimDevice.Manner;
import dev.dormouse.saga.facility.SagaFacility;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.RoomTester;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A tenant's devices and rollouts in a test.
public final class FleetWorld {
  public static final String OLD = "1.0";
  public static final String NEW = "2.0";

  /// The times of a rollout that is over in seconds.
  public static final String QUICK =
      "\"soak\":\"PT2S\",\"timeout\":\"PT1M\",\"back\":\"PT1M\",\"every\":\"PT0.1S\"";

  private static final ObjectMapper JSON = new ObjectMapper();

  public final RoomTester tester;
  public final Map<String, SimDevice> devices = new LinkedHashMap<>();

  public FleetWorld(RoomTester tester) {
    this.tester = tester;
  }

  public static RoomTester tester(long seed) {
    return RoomTester.seeded(seed, FleetNamespaces.declarations().toArray(Namespace[]::new))
        .facility(new SagaFacility(UpdateDevice.sagas()));
  }

  /// What a test does with one.
  public interface Scenario {
    void run(FleetWorld world) throws Exception;
  }

  public static void run(Scenario scenario) {
    tester(1).run(t -> scenario.run(new FleetWorld(t)));
  }

  /// Devices `d00` and so on, connected and known to the registry.
  public void plug(Manner... manners) {
    for (Manner manner : manners) {
      String name = "d%02d".formatted(devices.size());
      devices.put(name, new SimDevice(tester, name, OLD, manner).plug());
    }
    tester.advance(Duration.ofSeconds(1));
  }

  public static Manner[] good(int count) {
    Manner[] manners = new Manner[count];
    Arrays.fill(manners, Manner.GOOD);
    return manners;
  }

  /// All devices have it, and no update is open.
  public void assertFirmware(String firmware) {
    for (SimDevice device : devices.values()) {
      assertThat(device.firmware).as(device.name).isEqualTo(firmware);
      assertThat(get("device", "acme/" + device.name, "").has("update"))
          .as(device.name + " has an open update")
          .isFalse();
    }
  }

  public SimDevice device(int index) {
    return Objects.requireNonNull(devices.get("d%02d".formatted(index)));
  }

  // ---- HTTP

  public static HttpCall call(String method, String path, String body) {
    String[] parts = path.split("\\?", 2);
    Map<String, List<String>> query = new LinkedHashMap<>();
    if (parts.length == 2) {
      for (String pair : parts[1].split("&", -1)) {
        String[] word = pair.split("=", 2);
        query.put(word[0], List.of(word[1]));
      }
    }
    return new HttpCall(method, parts[0], query, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  public static JsonNode json(HttpReply reply) {
    return json(reply.text());
  }

  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (Exception e) {
      throw new AssertionError(text, e);
    }
  }

  public JsonNode get(String namespace, String name, String path) {
    return json(tester.request(namespace, name, call("GET", path, "")));
  }

  /// What is said to whom it refuses with 400.
  public String complaint(String namespace, String name, HttpCall call) {
    return switch (tester.requested(namespace, name, call)) {
      case Answer.Declined(Refusal refusal) -> {
        assertThat(refusal.status()).isEqualTo(400);
        yield String.valueOf(refusal.getMessage());
      }
      case Answer other -> throw new AssertionError(other);
    };
  }

  /// The status of what is refused.
  public int refused(String namespace, String name, HttpCall call) {
    return switch (tester.requested(namespace, name, call)) {
      case Answer.Declined(Refusal refusal) -> refusal.status();
      case Answer.Replied(HttpReply reply) -> reply.status();
      case Answer other -> throw new AssertionError(other);
    };
  }

  // ---- rollouts

  /// Starts rollout `r` over all devices, unless the wish says otherwise.
  public JsonNode roll(String wish) {
    String body = "{\"firmware\":\"" + NEW + "\"" + (wish.isEmpty() ? "" : "," + wish) + "}";
    return json(tester.request("rollout", "acme/r", call("PUT", "", body)));
  }

  public JsonNode verb(String verb) {
    return json(tester.request("rollout", "acme/r", call("POST", verb, "")));
  }

  public JsonNode rollout() {
    return get("rollout", "acme/r", "");
  }

  public String status() {
    return rollout().get("status").asText();
  }

  /// The states of a group: how many devices are in one.
  public int in(int group, String state) {
    return rollout().get("groups").get(group).get("states").path(state).asInt(0);
  }

  public List<String> log() {
    return get("rollout", "acme/r", "log").findValuesAsText("text");
  }

  // ---- time

  /// Lets time pass and the devices act in it.
  public void play(Duration duration) {
    long steps = Math.max(1, duration.toMillis() / 500);
    for (long step = 0; step < steps; step++) {
      act();
      tester.advance(Duration.ofMillis(Math.min(500, duration.toMillis())));
    }
    act();
  }

  /// Devices act until none has anything left to do.
  public void act() {
    boolean any = true;
    for (int round = 0; any && round < 50; round++) {
      tester.settle();
      any = false;
      for (SimDevice device : devices.values()) {
        any |= device.look();
      }
    }
    tester.settle();
  }
}
