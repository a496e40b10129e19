package dev.dormouse.rooms.fleet.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.rooms.fleet.FleetWorld;
import dev.dormouse.rooms.fleet.SimDevice;
import dev.dormouse.rooms.fleet.SimDevice.Manner;
import dev.dormouse.testkit.FakeConnection;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Devices that do not succeed at once, and are tried again by themselves.
class RolloutRetryTest {
  private static final String TWICE = FleetWorld.QUICK + ",\"retries\":2,\"retryWait\":\"PT5S\"";

  private static JsonNode device(FleetWorld world, int index) {
    return world.get("rollout", "acme/r", "devices").get("devices").get(index);
  }

  private static JsonNode group(FleetWorld world) {
    return world.rollout().at("/groups/0");
  }

  @Nested
  class A_device_that_fails {
    @Test
    void is_tried_again_and_its_first_failure_counts_nowhere() {
      FleetWorld.run(world -> {
        world.plug(Manner.FAILS, Manner.GOOD, Manner.GOOD);
        world.roll(TWICE);
        FakeConnection watcher = world.tester.connect("rollout", "acme/r");
        world.play(Duration.ofSeconds(3));
        assertThat(world.in(0, "retrying")).isEqualTo(1);
        assertThat(group(world).get("failed").asInt()).isZero();
        assertThat(device(world, 0).get("state").asText()).isEqualTo("retrying");
        assertThat(device(world, 0).get("why").asText()).contains("by nature");
        assertThat(device(world, 0).get("again").asText()).startsWith("20");
        assertThat(device(world, 1).has("again")).isFalse();
        assertThat(world.status()).isEqualTo("running");

        world.device(0).manner = Manner.GOOD;
        world.play(Duration.ofSeconds(15));
        assertThat(world.status()).as(String.join("\n", world.log())).isEqualTo("finished");
        assertThat(device(world, 0).get("attempt").asInt()).isEqualTo(2);
        world.assertFirmware(FleetWorld.NEW);
        assertThat(watcher.texts()).anyMatch(frame -> frame.contains("\"state\":\"t\""));
      });
    }

    @Test
    void counts_once_it_is_out_of_retries() {
      FleetWorld.run(world -> {
        world.plug(Manner.FAILS, Manner.GOOD, Manner.GOOD);
        world.roll(TWICE);
        world.play(Duration.ofSeconds(40));
        assertThat(world.status()).isEqualTo("compensated");
        assertThat(group(world).get("failed").asInt()).isEqualTo(1);
        assertThat(device(world, 0).get("attempt").asInt()).isEqualTo(3);
        world.assertFirmware(FleetWorld.OLD);
      });
    }

    @Test
    void waits_twice_as_long_each_time() {
      FleetWorld.run(world -> {
        world.plug(Manner.FAILS, Manner.GOOD);
        world.roll(TWICE);
        world.play(Duration.ofSeconds(3));
        assertThat(device(world, 0).get("attempt").asInt()).isEqualTo(1);
        world.play(Duration.ofSeconds(4));
        assertThat(device(world, 0).get("attempt").asInt()).isEqualTo(2);
        world.play(Duration.ofSeconds(6));
        assertThat(device(world, 0).get("attempt").asInt()).isEqualTo(2);
        world.play(Duration.ofSeconds(5));
        assertThat(device(world, 0).get("attempt").asInt()).isEqualTo(3);
      });
    }

    @Test
    void keeps_the_last_gate_shut_but_not_one_that_enough_have_passed() {
      FleetWorld.run(world -> {
        world.plug(Manner.FAILS, Manner.GOOD, Manner.GOOD, Manner.GOOD);
        world.roll(TWICE + ",\"groups\":[{\"count\":2}],\"success\":0.5,\"failure\":0.5");
        world.play(Duration.ofSeconds(6));
        assertThat(world.in(1, "waiting")).isZero();
        assertThat(world.status()).isEqualTo("running");
        world.play(Duration.ofSeconds(60));
        assertThat(world.status()).isEqualTo("finished with errors");
        assertThat(group(world).get("failed").asInt()).isEqualTo(1);
      });
    }

    @Test
    void that_nobody_can_bring_back_is_stuck_and_counts() {
      FleetWorld.run(world -> {
        world.plug(Manner.STUBBORN, Manner.GOOD);
        world.roll("\"soak\":\"PT4S\",\"timeout\":\"PT5S\",\"retries\":2,\"policy\":\"pause\"");
        world.play(Duration.ofSeconds(1));
        // It has taken the firmware and is not well with it.
        world.device(0).say("{\"type\":\"report\",\"state\":{\"health\":\"bad\"}}");
        world.play(Duration.ofSeconds(20));
        assertThat(world.in(0, "stuck")).as(world.rollout().toString()).isEqualTo(1);
        assertThat(group(world).get("failed").asInt()).isEqualTo(1);
      });
    }
  }

  @Nested
  class A_device_that_does_not_connect {
    @Test
    void is_tried_again_and_again_until_it_does() {
      FleetWorld.run(world -> {
        world.plug(FleetWorld.good(2));
        world.device(0).unplug();
        world.roll(TWICE + ",\"reach\":\"PT5S\"");
        world.play(Duration.ofSeconds(8));
        assertThat(world.in(0, "retrying")).isEqualTo(1);
        assertThat(group(world).get("unreached").asInt()).isZero();
        assertThat(device(world, 0).get("why").asText()).contains("unreached");
        world.device(0).plug();
        world.play(Duration.ofSeconds(10));
        assertThat(world.status()).isEqualTo("finished");
      });
    }

    @Test
    void is_not_reached_once_it_is_out_of_retries() {
      FleetWorld.run(world -> {
        world.plug(FleetWorld.good(2));
        world.device(0).unplug();
        world.roll(TWICE + ",\"reach\":\"PT5S\",\"success\":0.5");
        world.play(Duration.ofSeconds(60));
        assertThat(world.status()).isEqualTo("finished with errors");
        assertThat(group(world).get("unreached").asInt()).isEqualTo(1);
        assertThat(device(world, 0).get("attempt").asInt()).isEqualTo(3);
      });
    }
  }

  @Nested
  class Meanwhile {
    private void failing(FleetWorld world) {
      world.plug(Manner.FAILS, Manner.GOOD, Manner.GOOD);
      world.roll(TWICE);
      world.play(Duration.ofSeconds(3));
      assertThat(world.in(0, "retrying")).isEqualTo(1);
    }

    @Test
    void a_rollback_ends_the_waiting_and_counts_the_failure() {
      FleetWorld.run(world -> {
        failing(world);
        world.verb("rollback");
        world.play(Duration.ofSeconds(10));
        assertThat(world.status()).isEqualTo("compensated");
        assertThat(world.in(0, "returned")).isEqualTo(3);
        assertThat(group(world).get("failed").asInt()).isEqualTo(1);
        world.play(Duration.ofSeconds(30));
        world.assertFirmware(FleetWorld.OLD);
      });
    }

    @Test
    void a_cancel_ends_it_too() {
      FleetWorld.run(world -> {
        failing(world);
        world.verb("cancel");
        world.play(Duration.ofSeconds(10));
        assertThat(world.status()).isEqualTo("canceled");
        assertThat(world.in(0, "updated")).isEqualTo(2);
        assertThat(world.in(0, "returned")).isEqualTo(1);
      });
    }

    @Test
    void a_pause_holds_it() {
      FleetWorld.run(world -> {
        failing(world);
        world.verb("pause");
        world.play(Duration.ofSeconds(30));
        assertThat(device(world, 0).get("attempt").asInt()).isEqualTo(1);
        world.device(0).manner = Manner.GOOD;
        world.verb("resume");
        world.play(Duration.ofSeconds(5));
        assertThat(world.status()).isEqualTo("finished");
      });
    }

    @Test
    void somebody_can_try_at_once() {
      FleetWorld.run(world -> {
        failing(world);
        world.device(0).manner = Manner.GOOD;
        world.verb("retry?device=d00");
        world.play(Duration.ofMillis(500));
        assertThat(device(world, 0).get("attempt").asInt()).isEqualTo(2);
        world.play(Duration.ofSeconds(30));
        assertThat(world.status()).isEqualTo("finished");
        assertThat(device(world, 0).get("attempt").asInt()).as("and no more").isEqualTo(2);
      });
    }

    @Test
    void the_process_may_die_and_everybody_sleeps() {
      FleetWorld.run(world -> {
        world.plug(Manner.FAILS, Manner.GOOD);
        world.roll(FleetWorld.QUICK + ",\"retries\":1,\"retryWait\":\"PT10M\"");
        world.play(Duration.ofSeconds(5));
        // Not a whole minute: then devices ask whether their sagas have ended.
        world.tester.advance(Duration.ofSeconds(205));
        assertThat(world.tester.node().awake()).isZero();
        world.tester.crash();
        world.device(0).manner = Manner.GOOD;
        world.devices.values().forEach(SimDevice::plug);
        world.tester.advance(Duration.ofMinutes(7));
        world.play(Duration.ofSeconds(10));
        assertThat(world.status()).isEqualTo("finished");
      });
    }
  }

  @Test
  void nobody_is_tried_again_when_there_is_no_time_left_for_it() {
    FleetWorld.run(world -> {
      world.plug(Manner.FAILS, Manner.GOOD);
      world.roll(FleetWorld.QUICK + ",\"retries\":5,\"retryWait\":\"PT10M\",\"within\":\"PT1M\"");
      world.play(Duration.ofSeconds(20));
      assertThat(world.status()).isEqualTo("compensated");
      assertThat(group(world).get("failed").asInt()).isEqualTo(1);
    });
  }

  @Test
  void what_cannot_be_is_refused() {
    FleetWorld.run(world -> {
      for (String bad : new String[] {"\"retries\":11", "\"retries\":-1", "\"reach\":\"far\""}) {
        String wish = "{\"firmware\":\"1\",\"devices\":[\"d\"]," + bad + "}";
        assertThat(world.refused("rollout", "acme/bad", FleetWorld.call("PUT", "", wish)))
            .as(bad)
            .isEqualTo(400);
      }
    });
  }
}
