package dev.dormouse.rooms.fleet.device;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.rooms.fleet.FleetWorld;
import dev.dormouse.rooms.fleet.SimDevice.Manner;
import dev.dormouse.testkit.FakeConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// A device's room: two states, commands, one line, presence.
class DeviceRoomTest {
  private static JsonNode device(FleetWorld world) {
    return world.get("device", "acme/d00", "");
  }

  private static HttpReply patch(FleetWorld world, String body) {
    return world.tester.request("device", "acme/d00", FleetWorld.call("PATCH", "desired", body));
  }

  private static FakeConnection connect(FleetWorld world) {
    FakeConnection connection = world.tester.connect("device", "acme/d00");
    world.tester.settle();
    return connection;
  }

  private static void say(FleetWorld world, FakeConnection connection, String frame) {
    connection.send(frame);
    world.tester.settle();
  }

  @Nested
  class Desired_and_reported {
    @Test
    void each_change_moves_the_version_of_its_state_by_one() {
      FleetWorld.run(world -> {
        FakeConnection line = connect(world);
        say(world, line, "{\"type\":\"report\",\"state\":{\"firmware\":\"1.0\",\"led\":\"off\"}}");
        say(world, line, "{\"type\":\"report\",\"state\":{\"led\":null}}");
        patch(world, "{\"led\":\"on\"}");

        assertThat(device(world).get("reported").toString())
            .isEqualTo("{\"version\":2,\"state\":{\"firmware\":\"1.0\"}}");
        assertThat(device(world).get("desired").toString())
            .isEqualTo("{\"version\":1,\"state\":{\"led\":\"on\"}}");
      });
    }

    @Test
    void the_device_is_told_what_it_should_change() {
      FleetWorld.run(world -> {
        FakeConnection line = connect(world);
        say(world, line, "{\"type\":\"report\",\"state\":{\"led\":\"off\",\"fan\":1}}");
        patch(world, "{\"led\":\"on\",\"fan\":1}");
        world.tester.settle();
        assertThat(line.texts())
            .endsWith("{\"type\":\"delta\",\"version\":1,\"state\":{\"led\":\"on\"}}");
      });
    }

    @Test
    void a_device_that_may_be_acting_on_an_earlier_wish_is_told_all_of_the_new_one() {
      FleetWorld.run(world -> {
        FakeConnection line = connect(world);
        say(world, line, "{\"type\":\"report\",\"seen\":0,\"state\":{\"led\":\"off\"}}");
        patch(world, "{\"led\":\"on\"}");
        patch(world, "{\"led\":\"off\"}");
        world.tester.settle();
        assertThat(line.texts())
            .endsWith("{\"type\":\"delta\",\"version\":2,\"state\":{\"led\":\"off\"}}");
      });
    }

    @Test
    void a_device_that_was_offline_is_told_when_it_comes_back() {
      FleetWorld.run(world -> {
        connect(world).vanish();
        world.tester.settle();
        patch(world, "{\"led\":\"on\"}");
        world.tester.advance(Duration.ofMinutes(5));
        assertThat(connect(world).texts())
            .containsExactly("{\"type\":\"delta\",\"version\":1,\"state\":{\"led\":\"on\"}}");
      });
    }

    @Test
    void S3_a_change_that_builds_on_another_version_is_refused() {
      FleetWorld.run(world -> {
        FakeConnection line = connect(world);
        patch(world, "{\"led\":\"on\"}");
        byte[] body = "{\"led\":\"off\"}".getBytes(StandardCharsets.UTF_8);
        HttpCall stale =
            new HttpCall("PATCH", "desired", Map.of(), Map.of("if-match", List.of("\"0\"")), body);
        assertThat(world.refused("device", "acme/d00", stale)).isEqualTo(412);
        HttpCall fresh =
            new HttpCall("PATCH", "desired", Map.of(), Map.of("if-match", List.of("\"1\"")), body);
        assertThat(world.tester.request("device", "acme/d00", fresh).status()).isEqualTo(200);

        say(world, line, "{\"type\":\"report\",\"version\":7,\"state\":{\"led\":\"off\"}}");
        assertThat(line.texts()).endsWith("{\"type\":\"conflict\",\"version\":0}");
      });
    }

    @Test
    void a_report_from_before_what_the_device_has_said_already_changes_nothing() {
      FleetWorld.run(world -> {
        FakeConnection line = connect(world);
        say(world, line, "{\"type\":\"report\",\"seen\":3,\"state\":{\"firmware\":\"2.0\"}}");
        say(world, line, "{\"type\":\"report\",\"seen\":1,\"state\":{\"firmware\":\"1.0\"}}");
        assertThat(device(world).at("/reported/state/firmware").asText()).isEqualTo("2.0");
        assertThat(line.texts()).endsWith("{\"type\":\"conflict\",\"version\":1}");
      });
    }

    @Test
    void what_makes_no_sense_is_said_to_make_none() {
      FleetWorld.run(world -> {
        FakeConnection line = connect(world);
        say(world, line, "{\"type\":\"dance\"}");
        assertThat(line.texts().getLast()).contains("\"type\":\"error\"");
        assertThat(line.closed()).isEmpty();
        assertThat(world.refused("device", "acme", FleetWorld.call("GET", "", ""))).isEqualTo(404);
        assertThat(world.refused("device", "acme/ghost", FleetWorld.call("GET", "", "")))
            .isEqualTo(404);
      });
    }
  }

  @Nested
  class Commands {
    private static JsonNode give(FleetWorld world, String body) {
      return FleetWorld.json(
          world.tester.request("device", "acme/d00", FleetWorld.call("POST", "commands", body)));
    }

    private static String state(FleetWorld world, String id) {
      return world.get("device", "acme/d00", "commands/" + id).get("state").asText();
    }

    @Test
    void reach_the_device_and_end_with_its_answer() {
      FleetWorld.run(world -> {
        FakeConnection line = connect(world);
        assertThat(give(world, "{\"name\":\"reboot\",\"payload\":{\"in\":5}}").get("id").asText())
            .isEqualTo("c1");
        world.tester.settle();
        assertThat(line.texts().getLast())
            .contains("\"id\":\"c1\",\"name\":\"reboot\",\"payload\":{\"in\":5}");
        say(
            world,
            line,
            "{\"type\":\"done\",\"command\":\"c1\",\"ok\":true,\"result\":{\"up\":1}}");
        say(world, line, "{\"type\":\"done\",\"command\":\"c1\",\"ok\":false}");
        assertThat(state(world, "c1")).isEqualTo("done");
      });
    }

    @Test
    void wait_for_a_device_that_is_offline() {
      FleetWorld.run(world -> {
        connect(world).vanish();
        world.tester.settle();
        give(world, "{\"name\":\"reboot\"}");
        world.tester.advance(Duration.ofMinutes(30));
        assertThat(connect(world).texts().getLast()).contains("\"id\":\"c1\"");
      });
    }

    @Test
    void A1_expire_when_nobody_answers() {
      FleetWorld.run(world -> {
        connect(world);
        give(world, "{\"name\":\"reboot\",\"within\":\"PT10M\"}");
        world.tester.advance(Duration.ofMinutes(9));
        assertThat(state(world, "c1")).isEqualTo("pending");
        world.tester.crash();
        world.tester.advance(Duration.ofMinutes(2));
        assertThat(state(world, "c1")).isEqualTo("expired");
      });
    }

    @Test
    void of_one_id_are_given_once() {
      FleetWorld.run(world -> {
        FakeConnection line = connect(world);
        give(world, "{\"id\":\"x\",\"name\":\"reboot\"}");
        give(world, "{\"id\":\"x\",\"name\":\"reboot\"}");
        world.tester.settle();
        assertThat(line.texts()).hasSize(1);
      });
    }

    @Test
    void are_bounded() {
      FleetWorld.run(world -> {
        connect(world);
        for (int i = 0; i < 32; i++) {
          give(world, "{\"name\":\"reboot\"}");
        }
        assertThat(
                world.refused(
                    "device",
                    "acme/d00",
                    FleetWorld.call("POST", "commands", "{\"name\":\"reboot\"}")))
            .isEqualTo(409);
      });
    }
  }

  @Nested
  class The_line {
    @Test
    void the_newest_connection_wins() {
      FleetWorld.run(world -> {
        FakeConnection first = connect(world);
        FakeConnection second = connect(world);
        world.tester.advance(Duration.ofSeconds(2));
        assertThat(first.closed().orElseThrow().code()).isEqualTo(4409);
        assertThat(second.closed()).isEmpty();
        assertThat(device(world).get("online").asBoolean()).isTrue();
        assertThat(world.get("fleet", "acme", "").get("online").asInt()).isEqualTo(1);
      });
    }

    @Test
    void H1_the_room_sleeps_while_the_device_is_connected_and_gives_signs_of_life() {
      FleetWorld.run(world -> {
        world.plug(Manner.GOOD);
        world.tester.advance(Duration.ofSeconds(30));
        assertThat(world.tester.node().awake()).isZero();
        world.device(0).say("{\"type\":\"ping\"}");
        world.tester.settle();
        assertThat(world.device(0).line().texts()).endsWith("{\"type\":\"pong\"}");
        assertThat(world.tester.node().awake()).isZero();
      });
    }
  }

  @Nested
  class The_registry {
    @Test
    void knows_devices_once_they_have_connected_and_lists_them_in_pages() {
      FleetWorld.run(world -> {
        world.plug(Manner.GOOD, Manner.GOOD, Manner.GOOD);
        world.device(1).say("{\"type\":\"tags\",\"tags\":[\"eu\",\"lab\"]}");
        world.device(2).unplug();
        world.tester.advance(Duration.ofSeconds(1));

        JsonNode page = world.get("fleet", "acme", "devices?limit=2");
        assertThat(page.get("devices").findValuesAsText("name")).containsExactly("d00", "d01");
        assertThat(page.get("next").asText()).isEqualTo("d01");
        JsonNode rest = world.get("fleet", "acme", "devices?limit=2&after=d01");
        assertThat(rest.get("devices").findValuesAsText("name")).containsExactly("d02");
        assertThat(rest.get("next").asText()).isEmpty();

        assertThat(names(world, "tag=eu")).containsExactly("d01");
        assertThat(names(world, "online=false")).containsExactly("d02");
        assertThat(names(world, "firmware=1.0&online=true")).containsExactly("d00", "d01");
        assertThat(names(world, "firmware=9")).isEmpty();
        assertThat(world.get("fleet", "acme", "").get("firmware").toString())
            .isEqualTo("{\"1.0\":3}");
      });
    }

    private static List<String> names(FleetWorld world, String query) {
      return world.get("fleet", "acme", "devices?" + query).get("devices").findValuesAsText("name");
    }

    @Test
    void is_left_alone_by_what_does_not_matter() {
      FleetWorld.run(world -> {
        world.plug(Manner.GOOD);
        long version = version(world);
        for (int i = 0; i < 20; i++) {
          world.device(0).say("{\"type\":\"ping\"}");
          world.device(0).say("{\"type\":\"report\",\"state\":{\"heat\":" + i + "}}");
          world.tester.advance(Duration.ofSeconds(10));
        }
        assertThat(version(world)).isEqualTo(version);
      });
    }

    /// Moves with every note.
    private static long version(FleetWorld world) {
      return world.get("fleet", "acme", "devices").at("/devices/0/number").asLong();
    }

    @Test
    void C3_takes_nobody_for_connected_after_the_process_has_ended() {
      FleetWorld.run(world -> {
        world.plug(Manner.GOOD, Manner.GOOD);
        world.tester.crash();
        world.tester.advance(Duration.ofSeconds(1));
        assertThat(world.get("fleet", "acme", "").get("online").asInt()).isZero();
        assertThat(world.get("fleet", "acme", "").get("devices").asInt()).isEqualTo(2);

        world.device(1).plug();
        world.tester.advance(Duration.ofSeconds(1));
        assertThat(world.get("fleet", "acme", "").get("online").asInt()).isEqualTo(1);
        assertThat(names(world, "online=true")).containsExactly("d01");
      });
    }
  }
}
