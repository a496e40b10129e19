package dev.dormouse.rooms.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.HttpCall;
import dev.dormouse.rooms.fleet.SimDevice.Manner;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What people misspell is refused: left out, it would mean more devices than they meant.
class MisspeltTest {
  private static String put(FleetWorld world, String wish) {
    return world.complaint("rollout", "acme/r", FleetWorld.call("PUT", "", wish));
  }

  @Test
  void a_field_of_a_rollout_is_refused_with_those_that_there_are() {
    FleetWorld.run(world -> {
      assertThat(put(world, "{}")).as("without devices").isEqualTo("'firmware' is missing");
      world.plug(Manner.GOOD);
      assertThat(put(world, "{\"firmware\":\"2.1\",\"filter\":{\"tagg\":\"eu\"}}"))
          .isEqualTo("nobody knows a field 'filter.tagg'; there are [firmware, online, tag]");
      assertThat(put(world, "{\"firmware\":\"2.1\",\"soack\":\"PT2S\"}"))
          .startsWith("nobody knows a field 'soack'; there are [approval, ")
          .contains("soak");
      assertThat(put(world, "{\"firmware\":\"2.1\",\"groups\":[{\"cuont\":1}]}"))
          .contains("'groups.cuont'; there are [approval, count, percent]");
      assertThat(put(world, "{\"firmware\":\"2.1\",\"filter\":{\"online\":\"yes\"}}"))
          .isEqualTo("'online' is true or false");
      assertThat(put(world, "{}")).isEqualTo("'firmware' is missing");
    });
  }

  @Test
  void a_field_of_a_command_is_refused_and_a_desired_state_may_have_any() {
    FleetWorld.run(world -> {
      world.plug(Manner.GOOD);
      HttpCall command =
          FleetWorld.call("POST", "commands", "{\"name\":\"reboot\",\"whithin\":\"\"}");
      assertThat(world.complaint("device", "acme/d00", command))
          .isEqualTo("nobody knows a field 'whithin'; there are [id, name, payload, within]");
      HttpCall wish = FleetWorld.call("PATCH", "desired", "{\"colour\":\"red\"}");
      assertThat(
              FleetWorld.json(world.tester.request("device", "acme/d00", wish)).findValue("colour"))
          .isNotNull();
    });
  }

  @Test
  void a_parameter_of_a_query_is_refused_too() {
    FleetWorld.run(world -> {
      world.plug(Manner.GOOD);
      world.roll(FleetWorld.QUICK);
      assertThat(world.complaint("fleet", "acme", FleetWorld.call("GET", "devices?onlin=true", "")))
          .isEqualTo(
              "nobody knows a parameter 'onlin'; there are [firmware, tag, online, after, limit]");
      assertThat(world.complaint("fleet", "acme", FleetWorld.call("GET", "devices?online=yes", "")))
          .isEqualTo("'online' is true or false");
      for (String ask : List.of("retry?devise=d00", "approve?bye=ada", "pause?device=d00")) {
        assertThat(world.complaint("rollout", "acme/r", FleetWorld.call("POST", ask, "")))
            .as(ask)
            .startsWith("nobody knows a parameter ");
      }
      assertThat(world.complaint("rollout", "acme/r", FleetWorld.call("GET", "devices?form=1", "")))
          .startsWith("nobody knows a parameter 'form'");
    });
  }

  @Test
  void what_a_device_reports_may_have_more_fields() {
    FleetWorld.run(world -> {
      var device = world.tester.connect("device", "acme/new");
      device.send("{\"type\":\"report\",\"state\":{\"firmware\":\"1.0\"},\"rssi\":-70}");
      world.play(Duration.ofSeconds(1));
      assertThat(device.texts()).anyMatch(text -> text.contains("\"reported\""));
    });
  }
}
