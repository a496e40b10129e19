package dev.dormouse.room.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.HttpCall;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.spi.RoomObserver;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Rooms fall asleep at every moment there is, beside messages, calls, closes, alarms, timers and
/// commits under way: no event is lost or out of order, no two instances live at once, connections
/// keep what the room knows of them, and in the end everybody sleeps.
///
/// `-Ddormouse.seeds=N` runs N seeds, `-Ddormouse.seed=S` only S, which replays it.
class SleepSimulationTest {
  static final int ROOMS = 3;
  static final String SPACE = "sleep";
  private static final Duration IDLE = Duration.ofSeconds(1);

  @Test
  void H1_and_H2_hold_in_every_seeded_run() {
    Long one = Long.getLong("dormouse.seed");
    if (one != null) {
      new Simulation(one).run();
      return;
    }
    long seeds = Long.getLong("dormouse.seeds", 10_000);
    int woken = 0;
    for (long seed = 1; seed <= seeds; seed++) {
      woken += new Simulation(seed).run();
    }
    assertThat(woken).as("wakes in all runs").isGreaterThan((int) seeds);
  }

  private static final class Simulation implements RoomObserver {
    private final long seed;

    /// Every second run is without faults, so that whatever lacks was lost.
    private final boolean calm;

    private final Map<Long, Integer> sent = new HashMap<>();
    private final Map<FakeConnection, String> clients = new HashMap<>();
    private final Map<Long, Boolean> quiet = new HashMap<>();
    private SleeperWorld world;
    private RoomTester tester;

    Simulation(long seed) {
      this.seed = seed;
      this.calm = seed % 2 == 0;
    }

    /// Runs the seed and returns how often a room was woken.
    int run() {
      Namespace.Builder declaration =
          Namespace.named(SPACE, context -> new SleeperRoom(world, context))
              .calls(SleeperCalls.class)
              .limits(RoomLimits.defaults().withIdle(IDLE));
      tester =
          RoomTester.seeded(seed, declaration.build())
              .wholeKeys(seed % 3 == 0 ? 0 : 1_000)
              .observer(this);
      world = new SleeperWorld(tester.execution().random(), calm);
      tester.run(this::scenario);
      return world.woken;
    }

    @Override
    public void runtimeFailed(String what, Throwable failure) {
      if (!calm && String.valueOf(failure.getMessage()).contains("sulking on purpose")) {
        return;
      }
      tester.execution().fail(new AssertionError("the runtime failed while " + what, failure));
    }

    @Override
    public void handlerFailed(dev.dormouse.room.RoomId room, Throwable failure) {
      if (failure instanceof SleeperWorld.BrokenRule || calm) {
        tester.execution().fail(failure);
      }
    }

    private void scenario(RoomTester t) {
      Random random = t.execution().random();
      inject(t, random);
      for (int i = 0; i < 40; i++) {
        step(t, random);
      }
      t.store().faults(set -> new Verdict.Durable());
      t.records().faults((call, room) -> Optional.empty());
      for (int i = 0; i < 10; i++) {
        t.advance(Duration.ofSeconds(30));
      }
      assertThat(t.node().awake()).as("H1: rooms that never sleep").isZero();
      nothingLacks();
      for (int i = 0; i < ROOMS; i++) {
        connectionsAreKnown(t, "room " + i);
      }
    }

    private void step(RoomTester t, Random random) {
      String room = "room " + random.nextInt(ROOMS);
      int dice = random.nextInt(100);
      if (dice < 15) {
        connect(t, room, random);
      } else if (dice < 55) {
        speak(random);
      } else if (dice < 62) {
        hangUp(random);
      } else if (dice < 75) {
        t.advance(Duration.ofMillis(random.nextInt(1_800)));
      } else if (dice < 85) {
        var _ = t.node().evict(t.id(SPACE, room));
      } else if (dice < 90) {
        t.execution().start("outside caller", () -> knock(t, room));
      } else {
        t.execution().pass();
      }
    }

    private void connect(RoomTester t, String room, Random random) {
      boolean silent = random.nextInt(4) == 0;
      Map<String, String> query = new HashMap<>(Map.of("tag", room));
      if (silent) {
        query.put("quiet", "yes");
      }
      try {
        FakeConnection client = t.connecting(SPACE, room, RoomTester.upgrade(query));
        clients.put(client, room);
        quiet.put(client.key(), silent);
      } catch (AssertionError refused) {
        assertThat(calm).as("a room that never fails refused: " + refused).isFalse();
      }
    }

    private void speak(Random random) {
      FakeConnection client = any(random);
      if (client != null) {
        client.send(Integer.toString(sent.merge(client.key(), 1, Integer::sum)));
      }
    }

    private void hangUp(Random random) {
      FakeConnection client = any(random);
      if (client != null) {
        client.close(1000, "");
        clients.remove(client);
      }
    }

    private FakeConnection any(Random random) {
      List<FakeConnection> open = new ArrayList<>();
      clients.keySet().stream()
          .sorted(java.util.Comparator.comparingLong(FakeConnection::key))
          .filter(client -> client.closed().isEmpty())
          .forEach(open::add);
      return open.isEmpty() ? null : open.get(random.nextInt(open.size()));
    }

    private void knock(RoomTester t, String room) {
      try {
        assertThat(t.rooms().stub(SleeperCalls.class, SPACE, room).knock()).isPositive();
      } catch (RoomException failed) {
        assertThat(calm).as("a call of a room that never fails failed: " + failed).isFalse();
      }
    }

    private void nothingLacks() {
      if (!calm) {
        return;
      }
      sent.forEach((key, count) ->
          assertThat(world.handled).as("H1: lost messages").containsEntry(key, count));
      assertThat(world.alarmsFired).as("A1: lost alarms").isEqualTo(world.alarmsSet);
      assertThat(world.timersDone).as("T9: lost timers").isEqualTo(world.timersSet);
      quiet.forEach((key, silent) -> {
        boolean open = clients.keySet().stream().anyMatch(client -> client.key() == key);
        assertThat(world.closed.contains(key))
            .as("C5: the end of connection %d, quiet: %s, open: %s", key, silent, open)
            .isEqualTo(!open && !silent);
      });
    }

    /// C3, C4: a room that just woke lists exactly the open connections, in order.
    private void connectionsAreKnown(RoomTester t, String room) {
      List<String> expected = new ArrayList<>();
      clients.entrySet().stream()
          .filter(entry -> entry.getValue().equals(room))
          .map(Map.Entry::getKey)
          .filter(client -> client.closed().isEmpty())
          .sorted(java.util.Comparator.comparingLong(FakeConnection::key))
          .forEach(client -> expected.add(client.key() + " " + sent.getOrDefault(client.key(), 0)));
      String listed = t.request(SPACE, room, HttpCall.of("GET", "")).text();
      if (calm) {
        expected.addFirst(Integer.toString(expected.size()));
        assertThat(listed.strip().lines()).containsExactlyElementsOf(expected);
      } else {
        assertThat(listed.lines().skip(1).map(line -> line.substring(0, line.indexOf(' '))))
            .containsExactlyElementsOf(
                expected.stream().map(line -> line.substring(0, line.indexOf(' '))).toList());
      }
    }

    private void inject(RoomTester t, Random random) {
      if (!calm) {
        t.store()
            .faults(set -> {
              int dice = random.nextInt(100);
              return dice < 3
                  ? new Verdict.Rejected("rejected on purpose")
                  : dice < 6 ? new Verdict.Unknown(random.nextBoolean()) : new Verdict.Durable();
            });
        t.records()
            .faults((call, room) ->
                random.nextInt(100) < 5 ? Optional.of("sulking on purpose") : Optional.empty());
      }
    }
  }
}
