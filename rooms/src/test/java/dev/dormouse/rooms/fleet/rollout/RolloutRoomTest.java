package dev.dormouse.rooms.fleet.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.rooms.fleet.FleetWorld;
import dev.dormouse.rooms.fleet.SimDevice;
import dev.dormouse.rooms.fleet.SimDevice.Manner;
import dev.dormouse.testkit.FakeConnection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Rollouts over a few devices, each in its own manner.
class RolloutRoomTest {
  @Nested
  class A_rollout_in_which_all_goes_well {
    @Test
    void ends_finished_with_every_device_on_the_new_firmware() {
      FleetWorld.run(world -> {
        world.plug(FleetWorld.good(6));
        assertThat(world.roll(FleetWorld.QUICK).get("status").asText()).isEqualTo("scheduled");
        world.play(Duration.ofSeconds(10));
        assertThat(world.status()).as(String.join("\n", world.log())).isEqualTo("finished");
        world.assertFirmware(FleetWorld.NEW);
      });
    }
  }

  @Nested
  class Groups {
    private static final String CANARY =
        FleetWorld.QUICK + ",\"groups\":[{\"count\":2},{\"percent\":50}],\"groupSoak\":\"PT5S\"";

    @Test
    void the_next_one_begins_when_the_gate_has_been_open_for_its_soak_time() {
      FleetWorld.run(world -> {
        world.plug(FleetWorld.good(8));
        world.roll(CANARY);
        world.play(Duration.ofSeconds(4));
        assertThat(world.in(0, "confirmed")).isEqualTo(2);
        assertThat(world.in(1, "waiting")).isEqualTo(2);
        world.play(Duration.ofSeconds(5));
        assertThat(world.in(1, "waiting")).isZero();
        assertThat(world.in(2, "waiting")).isEqualTo(4);
        world.play(Duration.ofSeconds(30));
        assertThat(world.status()).isEqualTo("finished");
      });
    }

    @Test
    void one_that_is_not_well_in_time_keeps_the_gate_shut_and_then_breaks_it() {
      FleetWorld.run(world -> {
        world.plug(Manner.GOOD, Manner.SICK, Manner.GOOD);
        world.roll(CANARY);
        world.play(Duration.ofSeconds(50));
        assertThat(world.in(0, "updating")).isEqualTo(1);
        assertThat(world.in(1, "waiting")).isEqualTo(1);
        world.play(Duration.ofSeconds(40));
        assertThat(world.status()).as(String.join("\n", world.log())).isEqualTo("compensated");
        world.assertFirmware(FleetWorld.OLD);
      });
    }

    @Test
    void devices_begin_in_chunks() {
      FleetWorld.run(world -> {
        world.plug(FleetWorld.good(6));
        world.roll("\"soak\":\"PT1M\",\"chunk\":2,\"every\":\"PT10S\"");
        world.play(Duration.ofSeconds(5));
        assertThat(world.in(0, "waiting")).isEqualTo(4);
        world.play(Duration.ofSeconds(10));
        assertThat(world.in(0, "waiting")).isEqualTo(2);
      });
    }

    @Test
    void a_plan_can_start_later() {
      FleetWorld.run(world -> {
        world.plug(FleetWorld.good(2));
        String start = world.tester.execution().instant().plusSeconds(3_600).toString();
        world.roll(FleetWorld.QUICK + ",\"starts\":\"" + start + "\"");
        world.tester.advance(Duration.ofMinutes(59));
        assertThat(world.status()).isEqualTo("scheduled");
        world.tester.advance(Duration.ofMinutes(1));
        world.play(Duration.ofSeconds(10));
        assertThat(world.status()).isEqualTo("finished");
      });
    }
  }

  @Nested
  class A_rollout_that_fails {
    @Test
    void goes_back_by_itself_the_newest_group_first() {
      FleetWorld.run(world -> {
        world.plug(Manner.GOOD, Manner.GOOD, Manner.GOOD, Manner.GOOD, Manner.FAILS, Manner.FAILS);
        world.roll(FleetWorld.QUICK + ",\"groups\":[{\"count\":2},{\"count\":4}],\"chunk\":1");
        FakeConnection watcher = world.tester.connect("rollout", "acme/r");
        world.play(Duration.ofSeconds(30));
        assertThat(world.status()).isEqualTo("compensated");
        world.assertFirmware(FleetWorld.OLD);
        assertThat(world.log()).anyMatch(line -> line.startsWith("rolling back: group 2: "));

        List<Integer> wentBack =
            watcher.texts().stream()
                .map(FleetWorld::json)
                .filter(frame -> frame.path("state").asText().equals("b"))
                .map(frame -> frame.get("index").asInt())
                .toList();
        assertThat(wentBack).contains(0, 1, 2, 3);
        assertThat(wentBack.indexOf(0)).isGreaterThan(wentBack.indexOf(2));
        assertThat(wentBack.indexOf(0)).isGreaterThan(wentBack.indexOf(3));
        assertThat(wentBack.indexOf(1)).isGreaterThan(wentBack.indexOf(3));
      });
    }

    @Test
    void only_waits_if_the_policy_says_so_and_goes_on_when_it_is_resumed() {
      FleetWorld.run(world -> {
        world.plug(Manner.FAILS, Manner.GOOD, Manner.GOOD, Manner.GOOD);
        world.roll(FleetWorld.QUICK + ",\"groups\":[{\"count\":2}],\"policy\":\"pause\"");
        world.play(Duration.ofSeconds(20));
        assertThat(world.rollout().get("paused").asBoolean()).isTrue();
        assertThat(world.status()).isEqualTo("running");
        assertThat(world.in(1, "waiting")).isEqualTo(2);
        world.verb("resume");
        world.play(Duration.ofSeconds(20));
        assertThat(world.status()).isEqualTo("finished with errors");
        assertThat(world.device(0).firmware).isEqualTo(FleetWorld.OLD);
        assertThat(world.device(3).firmware).isEqualTo(FleetWorld.NEW);
      });
    }

    @Test
    void leaves_the_updated_as_they_are_if_the_policy_is_cancel() {
      FleetWorld.run(world -> {
        world.plug(Manner.GOOD, Manner.REJECTS, Manner.GOOD, Manner.GOOD);
        world.roll(
            FleetWorld.QUICK + ",\"groups\":[{\"count\":2}],\"policy\":\"cancel\",\"failure\":0.4");
        world.play(Duration.ofSeconds(20));
        assertThat(world.status()).as(String.join("\n", world.log())).isEqualTo("canceled");
        assertThat(world.device(1).firmware).isEqualTo(FleetWorld.OLD);
        assertThat(world.device(2).firmware).isEqualTo(FleetWorld.OLD);
        assertThat(world.get("device", "acme/d00", "").has("update")).isFalse();
      });
    }

    @Test
    void lists_devices_that_do_not_go_back_as_stuck_until_somebody_tries_again() {
      FleetWorld.run(world -> {
        world.plug(Manner.STUBBORN, Manner.FAILS, Manner.GOOD);
        world.roll(FleetWorld.QUICK);
        world.play(Duration.ofSeconds(20));
        assertThat(world.status()).isEqualTo("compensated with failures");
        assertThat(world.rollout().at("/stuck/0/device").asText()).isEqualTo("d00");
        assertThat(world.device(0).firmware).isEqualTo(FleetWorld.NEW);
        assertThat(world.device(2).firmware).isEqualTo(FleetWorld.OLD);

        world.device(0).manner = Manner.GOOD;
        world.verb("retry");
        world.play(Duration.ofSeconds(10));
        assertThat(world.status()).isEqualTo("compensated");
        world.assertFirmware(FleetWorld.OLD);
      });
    }

    @Test
    void takes_a_device_that_falls_back_for_a_failure() {
      FleetWorld.run(world -> {
        world.plug(Manner.FALLS_BACK);
        world.roll("\"soak\":\"PT30S\"");
        world.play(Duration.ofSeconds(1));
        world.device(0).age();
        world.play(Duration.ofSeconds(20));
        assertThat(world.status()).isEqualTo("compensated");
        assertThat(world.get("rollout", "acme/r", "devices").at("/devices/0/why").asText())
            .contains("it fell back to 1.0");
      });
    }
  }

  @Nested
  class People {
    @Test
    void pause_and_resume() {
      FleetWorld.run(world -> {
        world.plug(FleetWorld.good(6));
        world.roll(FleetWorld.QUICK + ",\"groups\":[{\"count\":2}]");
        world.verb("pause");
        world.play(Duration.ofSeconds(20));
        assertThat(world.in(1, "waiting")).isEqualTo(4);
        world.verb("resume");
        world.play(Duration.ofSeconds(20));
        assertThat(world.status()).isEqualTo("finished");
      });
    }

    @Test
    void roll_back_what_went_well() {
      FleetWorld.run(world -> {
        world.plug(FleetWorld.good(6));
        world.roll(FleetWorld.QUICK + ",\"groups\":[{\"count\":3}],\"groupSoak\":\"PT1M\"");
        world.play(Duration.ofSeconds(10));
        assertThat(world.in(0, "confirmed")).isEqualTo(3);
        world.verb("rollback");
        world.play(Duration.ofSeconds(10));
        assertThat(world.status()).isEqualTo("compensated");
        world.assertFirmware(FleetWorld.OLD);
      });
    }

    @Test
    void cancel_and_keep_what_is_updated() {
      FleetWorld.run(world -> {
        world.plug(Manner.GOOD, Manner.SILENT, Manner.GOOD);
        world.roll(FleetWorld.QUICK + ",\"groups\":[{\"count\":2}]");
        world.play(Duration.ofSeconds(10));
        world.verb("cancel");
        world.device(1).manner = Manner.GOOD;
        world.device(1).unplug();
        world.device(1).plug();
        world.play(Duration.ofSeconds(10));
        assertThat(world.status()).isEqualTo("canceled");
        assertThat(world.device(0).firmware).isEqualTo(FleetWorld.NEW);
        assertThat(world.device(1).firmware).isEqualTo(FleetWorld.OLD);
        assertThat(world.device(2).firmware).isEqualTo(FleetWorld.OLD);
      });
    }

    @Test
    void try_a_device_again_that_failed() {
      FleetWorld.run(world -> {
        world.plug(Manner.FAILS, Manner.GOOD, Manner.GOOD);
        world.roll(FleetWorld.QUICK + ",\"policy\":\"pause\"");
        world.play(Duration.ofSeconds(10));
        assertThat(world.in(0, "returned")).isEqualTo(1);
        world.device(0).manner = Manner.GOOD;
        world.verb("retry?device=d00");
        world.verb("resume");
        world.play(Duration.ofSeconds(10));
        assertThat(world.status()).isEqualTo("finished");
        world.assertFirmware(FleetWorld.NEW);
      });
    }

    @Test
    void are_told_what_cannot_be() {
      FleetWorld.run(world -> {
        world.plug(Manner.GOOD);
        assertThat(world.refused("rollout", "acme/r", FleetWorld.call("GET", "", "")))
            .isEqualTo(404);
        world.roll(FleetWorld.QUICK);
        assertThat(world.roll(FleetWorld.QUICK).get("name").asText()).isEqualTo("r");
        assertThat(
                world.refused(
                    "rollout", "acme/r", FleetWorld.call("PUT", "", "{\"firmware\":\"3\"}")))
            .isEqualTo(409);
        world.play(Duration.ofSeconds(10));
        for (String verb : new String[] {"pause", "resume", "cancel", "rollback", "retry"}) {
          assertThat(world.refused("rollout", "acme/r", FleetWorld.call("POST", verb, "")))
              .as(verb)
              .isEqualTo(409);
        }
        for (String bad :
            new String[] {
              "{}",
              "{\"firmware\":\"1\",\"devices\":[]}",
              "{\"firmware\":\"1\",\"success\":2}",
              "{\"firmware\":\"1\",\"soak\":\"long\"}",
              "{\"firmware\":\"1\",\"groups\":[{}]}",
              "{\"firmware\":\"1\",\"policy\":\"hope\"}"
            }) {
          assertThat(world.refused("rollout", "acme/bad", FleetWorld.call("PUT", "", bad)))
              .as(bad)
              .isEqualTo(400);
        }
      });
    }
  }

  @Nested
  class A_process_that_dies {
    @Test
    void leaves_a_rollout_that_goes_on() {
      FleetWorld.run(world -> {
        world.plug(FleetWorld.good(5));
        world.roll(FleetWorld.QUICK + ",\"groups\":[{\"count\":2}]");
        world.play(Duration.ofSeconds(1));
        world.tester.crash();
        world.devices.values().forEach(SimDevice::plug);
        world.play(Duration.ofSeconds(30));
        assertThat(world.status()).isEqualTo("finished");
        world.assertFirmware(FleetWorld.NEW);
      });
    }

    @Test
    void H1_everybody_sleeps_while_devices_soak() {
      FleetWorld.run(world -> {
        world.plug(FleetWorld.good(5));
        world.roll("\"soak\":\"PT1H\",\"timeout\":\"PT2H\"");
        world.play(Duration.ofSeconds(5));
        // Not a whole minute: then devices ask whether their sagas have ended.
        world.tester.advance(Duration.ofSeconds(90));
        assertThat(world.tester.node().awake()).isZero();
        world.tester.advance(Duration.ofHours(1));
        assertThat(world.status()).isEqualTo("finished");
      });
    }
  }
}
