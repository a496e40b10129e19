package dev.dormouse.rooms.fleet.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.rooms.fleet.FleetWorld;
import dev.dormouse.rooms.fleet.SimDevice;
import dev.dormouse.rooms.fleet.SimDevice.Manner;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Two rollouts over the same few devices, each in its own manner, which come and go; people who
/// meddle; a process that dies and a disk that fails, in orders drawn from seeds.
///
/// No device is ever in the hands of two rollouts, no group begins before its gate was open and it
/// was approved, and in the end each device is on the new firmware, on its old one, or listed as
/// stuck.
class FleetSimulationTest {
  private static final int SEEDS = Integer.getInteger("dormouse.fleet.seeds", 200);
  private static final int STEPS = 25;

  /// How many minutes a rollout may take to end once people resume and approve whenever they can.
  private static final int ROUNDS = 15;

  private static final List<Manner> MANNERS = List.of(Manner.values());
  private static final List<String> ROLLOUTS = List.of("r", "s");
  private static final List<String> VERBS =
      List.of(
          "pause",
          "resume",
          "resume",
          "cancel",
          "rollback",
          "retry",
          "retry?device=d01",
          "approve?by=ada",
          "approve?by=ada",
          "approve?by=ada");

  @Test
  void every_device_ends_on_the_new_or_its_old_firmware_or_is_listed_as_stuck() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      FleetWorld.tester(seed).run(t -> new Run(new FleetWorld(t)).play());
    }
  }

  private static final class Run {
    private final FleetWorld world;
    private final Random random;
    private List<GateWatch> watches = List.of();

    Run(FleetWorld world) {
      this.world = world;
      random = world.tester.execution().random();
    }

    void play() {
      int count = 4 + random.nextInt(5);
      Manner[] manners = new Manner[count];
      for (int i = 0; i < count; i++) {
        boolean odd = random.nextInt(3) == 0;
        manners[i] = odd ? MANNERS.get(random.nextInt(MANNERS.size())) : Manner.GOOD;
      }
      world.plug(manners);
      for (String name : ROLLOUTS) {
        make(name);
      }
      watches = ROLLOUTS.stream().map(name -> new GateWatch(world, "acme/" + name)).toList();
      for (int step = 0; step < STEPS; step++) {
        step();
        check();
      }
      end();
    }

    private void make(String name) {
      String policy = List.of("pause", "cancel", "compensate").get(random.nextInt(3));
      String wish =
          """
          {"firmware":"%s","soak":"PT%dS","timeout":"PT20S","back":"PT20S","within":"PT3M",
           "groups":[{"count":%d},{"percent":70}],"groupSoak":"PT%dS","chunk":%d,"every":"PT1S",
           "success":0.%d,"failure":0.%d,"sample":%d,"policy":"%s",
           "retries":%d,"retryWait":"PT%dS","reach":"PT%dS","review":"PT30S"%s}\
          """
              .formatted(
                  name.equals("r") ? "2.0" : "3.0",
                  random.nextInt(4),
                  1 + random.nextInt(3),
                  random.nextInt(3),
                  1 + random.nextInt(4),
                  3 + random.nextInt(6),
                  1 + random.nextInt(5),
                  1 + random.nextInt(4),
                  policy,
                  random.nextInt(3),
                  random.nextInt(4),
                  random.nextInt(3) * 10,
                  random.nextInt(3) == 0 ? ",\"approval\":\"each\"" : "");
      world.tester.request("rollout", "acme/" + name, FleetWorld.call("PUT", "", wish));
    }

    private SimDevice any() {
      return world.device(random.nextInt(world.devices.size()));
    }

    private void step() {
      switch (random.nextInt(12)) {
        case 0 -> any().unplug();
        case 1 -> {
          SimDevice device = any();
          if (!device.isPlugged() || random.nextInt(4) == 0) {
            device.plug();
          }
        }
        case 2 -> meddle();
        case 3 -> {
          if (random.nextInt(3) == 0) {
            crash();
          }
        }
        case 4 -> failSome();
        case 5 -> any().age();
        default -> world.play(Duration.ofMillis(500L * (1 + random.nextInt(12))));
      }
    }

    private void meddle() {
      String rollout = ROLLOUTS.get(random.nextInt(ROLLOUTS.size()));
      String verb = VERBS.get(random.nextInt(VERBS.size()));
      // What cannot be is refused.
      var _ =
          world.tester.requested("rollout", "acme/" + rollout, FleetWorld.call("POST", verb, ""));
    }

    private void crash() {
      world.tester.crash();
      for (SimDevice device : world.devices.values()) {
        boolean was = device.isPlugged();
        device.lost();
        if (was && random.nextInt(5) > 0) {
          device.plug();
        }
      }
      watches.forEach(GateWatch::reconnect);
    }

    private void failSome() {
      int[] left = {1 + random.nextInt(2)};
      world
          .tester
          .store()
          .faults(_ ->
              left[0]-- <= 0
                  ? new Verdict.Durable()
                  : random.nextBoolean()
                      ? new Verdict.Rejected("a test")
                      : new Verdict.Unknown(random.nextBoolean()));
    }

    private void check() {
      world.tester.settle();
      watches.forEach(GateWatch::read);
      for (int i = 0; i < world.devices.size(); i++) {
        int index = i;
        long hands = watches.stream().filter(watch -> watch.states().charAt(index) == 'c').count();
        assertThat(hands).as("rollouts that have device " + i).isLessThanOrEqualTo(1);
      }
    }

    /// Everybody is there, the rollouts go on, and time passes.
    private void end() {
      world.tester.store().faults(_ -> new Verdict.Durable());
      boolean over = false;
      // One round more, in which devices do what was decided last.
      for (int round = 0, more = 1; round < ROUNDS && more >= 0; round++, more -= over ? 1 : 0) {
        // What was said in a turn that failed is said again with the next connection.
        world.devices.values().forEach(SimDevice::plug);
        for (String name : ROLLOUTS) {
          for (String verb : List.of("resume", "approve?by=ada")) {
            var _ =
                world.tester.requested(
                    "rollout", "acme/" + name, FleetWorld.call("POST", verb, ""));
          }
        }
        world.play(Duration.ofSeconds(60));
        check();
        over = ROLLOUTS.stream().allMatch(this::isOver);
      }
      for (String name : ROLLOUTS) {
        JsonNode rollout = world.get("rollout", "acme/" + name, "");
        assertThat(rollout.get("over").asBoolean()).as(rollout.toString()).isTrue();
        checkApprovals(name, rollout);
      }
      world.devices.values().forEach(this::checkEnd);
    }

    private boolean isOver(String rollout) {
      return world.get("rollout", "acme/" + rollout, "").get("over").asBoolean();
    }

    /// No group that needs approval began before it was given. What a watcher is told can be lost
    /// with a turn of unknown outcome; the log cannot.
    private void checkApprovals(String name, JsonNode rollout) {
      List<String> log = world.get("rollout", "acme/" + name, "log").findValuesAsText("text");
      for (int group = 0; group < rollout.get("groups").size(); group++) {
        int begins = first(log, "group %d begins: ".formatted(group + 1));
        boolean needs = !rollout.get("groups").get(group).get("approval").asText().equals("none");
        if (needs && begins >= 0) {
          int approved = first(log, "running: group %d was approved by ada".formatted(group + 1));
          assertThat(approved).as(String.join("\n", log)).isBetween(0, begins);
        }
      }
    }

    private static int first(List<String> log, String beginning) {
      for (int i = 0; i < log.size(); i++) {
        if (log.get(i).startsWith(beginning)) {
          return i;
        }
      }
      return -1;
    }

    private void checkEnd(SimDevice device) {
      JsonNode shown = world.get("device", "acme/" + device.name, "");
      List<String> states = ROLLOUTS.stream().map(name -> state(name, device.name)).toList();
      String what = device.name + " " + device.manner + " " + states + " " + shown;
      if (states.contains("stuck")) {
        assertThat(shown.at("/update/phase").asText()).as(what).isEqualTo("stranded");
        return;
      }
      assertThat(shown.has("update")).as(what).isFalse();
      assertThat(states).as(what).isSubsetOf("updated", "returned", "waiting");
      // Whatever the device does, its room asks for what the last decision was.
      String desired = shown.at("/desired/state/firmware").asText(FleetWorld.OLD);
      assertThat(desired)
          .as(what)
          .isIn(
              FleetWorld.OLD,
              states.get(0).equals("updated") ? "2.0" : FleetWorld.OLD,
              states.get(1).equals("updated") ? "3.0" : FleetWorld.OLD);
      boolean obeys = device.manner == Manner.GOOD || device.manner == Manner.REPEATS;
      if (obeys) {
        assertThat(device.firmware).as(what).isEqualTo(desired);
      }
      if (states.stream().noneMatch("updated"::equals)) {
        assertThat(device.firmware).as(what).isEqualTo(FleetWorld.OLD);
      }
    }

    private String state(String rollout, String device) {
      for (JsonNode row : world.get("rollout", "acme/" + rollout, "devices").get("devices")) {
        if (row.get("name").asText().equals(device)) {
          return row.get("state").asText();
        }
      }
      throw new AssertionError(device);
    }
  }
}
