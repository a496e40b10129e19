package dev.dormouse.rooms.fleet.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.rooms.fleet.FleetWorld;
import dev.dormouse.rooms.fleet.SimDevice;
import dev.dormouse.rooms.fleet.SimDevice.Manner;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Groups that do not begin before somebody has approved.
class RolloutApprovalTest {
  private static final String TWO_THEN_THE_REST =
      FleetWorld.QUICK + ",\"groups\":[{\"count\":2},{\"percent\":100,\"approval\":true}]";

  /// Four good devices of which two are updated, and the others wait for somebody.
  private static void asked(FleetWorld world, String more) {
    world.plug(FleetWorld.good(4));
    world.roll(TWO_THEN_THE_REST + more);
    world.play(Duration.ofSeconds(5));
    assertThat(world.status()).isEqualTo("waiting for approval");
    assertThat(world.in(0, "confirmed")).isEqualTo(2);
    assertThat(world.in(1, "waiting")).isEqualTo(2);
  }

  private static int refused(FleetWorld world, String verb) {
    return world.refused("rollout", "acme/r", FleetWorld.call("POST", verb, ""));
  }

  @Nested
  class A_group_that_needs_approval {
    @Test
    void waits_and_begins_when_somebody_has_approved_who_is_named_with_the_note() {
      FleetWorld.run(world -> {
        asked(world, "");
        world.play(Duration.ofMinutes(5));
        assertThat(world.in(1, "waiting")).isEqualTo(2);
        assertThat(world.rollout().at("/groups/0/approval").asText()).isEqualTo("none");
        assertThat(world.rollout().at("/groups/1/approval").asText()).isEqualTo("needed");

        world.verb("approve?by=ada&note=looks fine&group=2");
        world.play(Duration.ofSeconds(10));
        assertThat(world.status()).isEqualTo("finished");
        world.assertFirmware(FleetWorld.NEW);
        assertThat(world.rollout().at("/groups/1/approval").asText()).isEqualTo("given");
        assertThat(world.rollout().at("/groups/1/approvedBy").asText()).isEqualTo("ada");
        assertThat(world.log()).contains("running: group 2 was approved by ada: looks fine");
      });
    }

    @Test
    void is_the_first_too_if_each_does() {
      FleetWorld.run(world -> {
        world.plug(FleetWorld.good(4));
        world.roll(FleetWorld.QUICK + ",\"groups\":[{\"count\":2}],\"approval\":\"each\"");
        world.play(Duration.ofSeconds(10));
        assertThat(world.status()).isEqualTo("waiting for approval");
        assertThat(world.in(0, "waiting")).isEqualTo(2);
        world.verb("approve?by=ada");
        world.play(Duration.ofSeconds(10));
        assertThat(world.in(0, "confirmed")).isEqualTo(2);
        assertThat(world.status()).isEqualTo("waiting for approval");
        world.verb("approve?by=ada");
        world.play(Duration.ofSeconds(10));
        assertThat(world.status()).isEqualTo("finished");
      });
    }

    @Test
    void can_be_called_off_before_anything_has_begun() {
      FleetWorld.run(world -> {
        world.plug(FleetWorld.good(2));
        world.roll(FleetWorld.QUICK + ",\"approval\":\"each\"");
        world.play(Duration.ofSeconds(2));
        world.verb("cancel");
        assertThat(world.status()).isEqualTo("canceled");
        assertThat(refused(world, "approve?by=ada")).isEqualTo(409);
      });
    }

    @Test
    void takes_nothing_from_the_time_in_which_all_must_be_done() {
      FleetWorld.run(world -> {
        asked(world, ",\"within\":\"PT1M\"");
        world.tester.advance(Duration.ofMinutes(30));
        world.verb("approve?by=ada");
        world.play(Duration.ofSeconds(10));
        assertThat(world.status()).as(String.join("\n", world.log())).isEqualTo("finished");
      });
    }

    @Test
    void H1_sleeps_meanwhile_and_outlives_the_process() {
      FleetWorld.run(world -> {
        asked(world, "");
        world.tester.advance(Duration.ofMinutes(10));
        assertThat(world.tester.node().awake()).isZero();
        world.tester.crash();
        world.devices.values().forEach(SimDevice::plug);
        assertThat(world.status()).isEqualTo("waiting for approval");
        world.verb("approve?by=ada");
        world.play(Duration.ofSeconds(10));
        assertThat(world.status()).isEqualTo("finished");
      });
    }
  }

  @Nested
  class When_nobody_approves_in_time {
    private static final String SOON = ",\"review\":\"PT20S\",\"policy\":";

    @Test
    void it_pauses_and_waits_anew_once_it_is_resumed() {
      FleetWorld.run(world -> {
        asked(world, SOON + "\"pause\"");
        world.play(Duration.ofSeconds(30));
        assertThat(world.rollout().get("paused").asBoolean()).isTrue();
        assertThat(world.rollout().get("why").asText())
            .isEqualTo("nobody approved group 2 in time");
        assertThat(refused(world, "approve?by=ada")).isEqualTo(409);
        world.verb("resume");
        world.play(Duration.ofSeconds(10));
        assertThat(world.rollout().get("paused").asBoolean()).isFalse();
        assertThat(world.in(1, "waiting")).isEqualTo(2);
        world.verb("approve?by=ada");
        world.play(Duration.ofSeconds(10));
        assertThat(world.status()).isEqualTo("finished");
      });
    }

    @Test
    void it_keeps_what_is_updated_if_the_policy_is_cancel() {
      FleetWorld.run(world -> {
        asked(world, SOON + "\"cancel\"");
        world.play(Duration.ofSeconds(40));
        assertThat(world.status()).isEqualTo("canceled");
        assertThat(world.device(0).firmware).isEqualTo(FleetWorld.NEW);
        assertThat(world.device(2).firmware).isEqualTo(FleetWorld.OLD);
      });
    }

    @Test
    void it_brings_all_back_if_the_policy_is_compensate() {
      FleetWorld.run(world -> {
        asked(world, SOON + "\"compensate\"");
        world.play(Duration.ofSeconds(40));
        assertThat(world.status()).isEqualTo("compensated");
        world.assertFirmware(FleetWorld.OLD);
      });
    }
  }

  @Test
  void a_group_before_that_fails_meanwhile_is_seen() {
    FleetWorld.run(world -> {
      world.plug(Manner.GOOD, Manner.SICK, Manner.GOOD, Manner.GOOD);
      world.roll(TWO_THEN_THE_REST + ",\"success\":0.5,\"failure\":0.4");
      world.play(Duration.ofSeconds(10));
      assertThat(world.status()).isEqualTo("waiting for approval");
      assertThat(world.in(0, "updating")).isEqualTo(1);
      world.play(Duration.ofSeconds(70));
      assertThat(world.status()).isEqualTo("compensated");
      world.assertFirmware(FleetWorld.OLD);
    });
  }

  @Test
  void who_approves_is_named_and_so_is_the_group_if_it_is() {
    FleetWorld.run(world -> {
      asked(world, "");
      assertThat(refused(world, "approve")).isEqualTo(400);
      assertThat(refused(world, "approve?by= ")).isEqualTo(400);
      assertThat(refused(world, "approve?by=ada&group=1")).isEqualTo(409);
      assertThat(refused(world, "approve?by=ada&group=2")).isEqualTo(200);
      assertThat(refused(world, "approve?by=ada&group=2")).as("once").isEqualTo(409);
    });
  }

  @Test
  void what_cannot_be_is_refused() {
    FleetWorld.run(world -> {
      for (String bad : new String[] {"\"approval\":\"some\"", "\"review\":\"soon\""}) {
        String wish = "{\"firmware\":\"1\",\"devices\":[\"d\"]," + bad + "}";
        assertThat(world.refused("rollout", "acme/bad", FleetWorld.call("PUT", "", wish)))
            .as(bad)
            .isEqualTo(400);
      }
    });
  }
}
