package dev.dormouse.rooms.fleet.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.rooms.fleet.FleetWorld;
import dev.dormouse.rooms.fleet.SimDevice.Manner;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Devices in a rollout which are late, away, or say too much or too little.
class DevicesOfARolloutTest {
  @Test
  void that_say_everything_twice_and_late_are_updated_like_others() {
    FleetWorld.run(world -> {
      world.plug(Manner.REPEATS, Manner.REPEATS, Manner.GOOD);
      world.roll(FleetWorld.QUICK);
      world.play(Duration.ofSeconds(20));
      assertThat(world.status()).isEqualTo("finished");
      world.assertFirmware(FleetWorld.NEW);
    });
  }

  @Test
  void that_are_offline_all_the_time_are_not_reached_and_speak_not_against_the_firmware() {
    FleetWorld.run(world -> {
      world.plug(FleetWorld.good(4));
      world.device(3).unplug();
      world.roll(FleetWorld.QUICK + ",\"success\":0.7,\"within\":\"PT10M\"");
      world.play(Duration.ofSeconds(30));
      assertThat(world.status()).isEqualTo("running");
      world.tester.advance(Duration.ofMinutes(11));
      world.play(Duration.ofSeconds(10));
      assertThat(world.status()).isEqualTo("finished with errors");
      assertThat(world.rollout().at("/groups/0/failed").asInt()).isZero();
      assertThat(world.rollout().at("/groups/0/unreached").asInt()).isEqualTo(1);
      assertThat(world.in(0, "returned")).isEqualTo(1);

      world.device(3).plug();
      world.play(Duration.ofSeconds(5));
      assertThat(world.device(3).firmware).isEqualTo(FleetWorld.OLD);
    });
  }

  @Test
  void that_do_not_say_which_wish_they_have_seen_confirm_nothing() {
    FleetWorld.run(world -> {
      world.plug(Manner.SILENT);
      world.roll(FleetWorld.QUICK);
      world.play(Duration.ofSeconds(2));
      String has = ",\"state\":{\"firmware\":\"2.0\"}}";
      world.device(0).say("{\"type\":\"report\"" + has);
      world.play(Duration.ofSeconds(10));
      assertThat(world.in(0, "updating")).isEqualTo(1);
      world.device(0).say("{\"type\":\"report\",\"seen\":1" + has);
      world.play(Duration.ofSeconds(10));
      assertThat(world.status()).isEqualTo("finished");
    });
  }

  @Test
  void that_come_late_are_updated_when_they_come() {
    FleetWorld.run(world -> {
      world.plug(FleetWorld.good(2));
      world.device(1).unplug();
      world.roll(FleetWorld.QUICK);
      world.play(Duration.ofSeconds(20));
      assertThat(world.status()).isEqualTo("running");
      world.device(1).plug();
      world.play(Duration.ofSeconds(20));
      assertThat(world.status()).isEqualTo("finished");
    });
  }

  @Test
  void that_leave_while_they_soak_have_to_soak_again() {
    FleetWorld.run(world -> {
      world.plug(Manner.GOOD);
      world.roll("\"soak\":\"PT1M\",\"timeout\":\"PT10M\"");
      world.play(Duration.ofSeconds(30));
      world.device(0).unplug();
      world.play(Duration.ofSeconds(60));
      assertThat(world.in(0, "updating")).isEqualTo(1);
      world.device(0).plug();
      world.play(Duration.ofSeconds(50));
      assertThat(world.in(0, "updating")).isEqualTo(1);
      world.play(Duration.ofSeconds(20));
      assertThat(world.status()).isEqualTo("finished");
    });
  }

  @Test
  void are_in_one_rollout_at_a_time() {
    FleetWorld.run(world -> {
      world.plug(Manner.SILENT);
      world.roll(FleetWorld.QUICK.replace("PT1M", "PT10M"));
      world.play(Duration.ofSeconds(2));
      world.tester.request(
          "rollout", "acme/other", FleetWorld.call("PUT", "", "{\"firmware\":\"3.0\"}"));
      world.play(Duration.ofSeconds(5));
      assertThat(world.get("rollout", "acme/other", "").get("status").asText())
          .isEqualTo("compensated");
      assertThat(world.get("device", "acme/d00", "").at("/update/rollout").asText())
          .isEqualTo("acme/r");
      assertThat(
              world.refused(
                  "device",
                  "acme/d00",
                  FleetWorld.call("PATCH", "desired", "{\"firmware\":\"9\"}")))
          .isEqualTo(409);
    });
  }
}
