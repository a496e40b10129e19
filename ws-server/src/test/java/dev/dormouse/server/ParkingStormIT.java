package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.jetty.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// H3, C1: clients of every habit, all at once, whose connections are parked and woken all the
/// time: nothing is lost, nothing comes twice, nothing comes to a stranger.
///
/// `-Ddormouse.rounds=…` makes it longer, `-Ddormouse.seed=…` repeats the clients' decisions.
@Timeout(600)
class ParkingStormIT extends WithParking {
  private static final int ROUNDS = Integer.getInteger("dormouse.rounds", 3_000);
  private static final long SEED = Long.getLong("dormouse.seed", System.nanoTime() % 1_000_000);
  private static final int CLIENTS = 24;
  private static final int ROOMS = 6;

  /// Rooms that take what comes, and rooms that are behind after 16 events, so that sockets are not
  /// read for a while; these also with a doorman before them, who answers and relays what comes to
  /// parked sockets.
  @ParameterizedTest
  @ValueSource(strings = {"crowd", "talk", "door"})
  void H3_C1_nothing_is_lost_or_doubled_or_comes_to_a_stranger(String kind) throws Exception {
    long before = server.front().wakes();
    long attended = server.counters().attended.sum();
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> speakers = new ArrayList<>();
      for (int room = 0; room < ROOMS; room++) {
        speakers.add(threads.submit(new Announcer(path(kind, room), over)));
      }
      List<Future<Void>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        long seed = SEED * CLIENTS + i;
        String door = kind.equals("door") ? "?by=porter" : "";
        String path = path(kind, i % ROOMS) + door;
        clients.add(threads.submit(new FickleClient(i, path, seed, ROUNDS / CLIENTS)));
      }
      try {
        for (Future<Void> each : clients) {
          each.get();
        }
      } finally {
        over.set(true);
      }
      for (Future<Void> each : speakers) {
        each.get();
      }
    } catch (Exception e) {
      throw new AssertionError("with -Ddormouse.seed=" + SEED, e);
    }
    assertThat(server.front().wakes() - before).as("wakes").isGreaterThan(ROUNDS / 4);
    if (server.front().transport() == Transport.EPOLL) {
      // A channel cannot be looked into without being read: on the other its socket wakes.
      assertThat(server.counters().attended.sum() - attended)
          .as("frames seen to while parked")
          .isGreaterThan(ROUNDS / 20);
    }
    parked(0);
  }

  /// Half of the rooms run on the threads that read.
  private static String path(String kind, int room) {
    String quick = kind.equals("talk") ? "quick" : "quick-" + kind;
    return "/" + (room % 2 == 0 ? kind : quick) + "/storm" + room;
  }
}
