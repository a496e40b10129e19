package dev.dormouse.loadtest.sagas;

import dev.dormouse.loadtest.WireException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Starts many sagas that wait: all of a room's in one turn, some rooms at a time.
///
/// @param kind the word of the bench contract for them
/// @param perRoom how many a room owns, and how many wait in a room: those of one owner wait in
///   different ones
/// @param more what the contract wants besides, a blank before it
record Opening(String kind, int sagas, int perRoom, String more) {
  private static final int AT_ONCE = 8;

  /// How many rooms own some; as many others have some waiting.
  int rooms() {
    return (sagas + perRoom - 1) / perRoom;
  }

  /// The name of owner `number`.
  String owner(int number) {
    return kind + "-owner-" + number;
  }

  /// How many it owns.
  int owned(int number) {
    return Math.min(sagas, (number + 1) * perRoom) - number * perRoom;
  }

  /// The name of the room that is number `number` of those where they wait.
  String place(int number) {
    return kind + "-" + number;
  }

  /// The sagas that wait there.
  IntStream waiting(int number) {
    return IntStream.iterate(number, saga -> saga < sagas, saga -> saga + rooms());
  }

  /// Returns when all were durably started.
  ///
  /// @return the seconds it took
  double open(DormouseSide side) throws IOException {
    long began = System.nanoTime();
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      for (int i = 0; i < AT_ONCE; i++) {
        running.add(
            threads.submit(() -> {
              for (int owner = next.getAndIncrement();
                  owner < rooms();
                  owner = next.getAndIncrement()) {
                open(side, owner);
              }
              return null;
            }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new WireException("sagas could not be opened: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WireException("interrupted while sagas were opened", e);
    }
    return (System.nanoTime() - began) / 1e9;
  }

  private void open(DormouseSide side, int owner) throws IOException {
    try (Talk talk = side.talk(owner(owner))) {
      int from = owner * perRoom;
      talk.say("%s %d %d %d%s".formatted(kind, from, from + owned(owner), rooms(), more));
      String said = talk.hear();
      if (!said.equals(kind)) {
        throw new WireException("a start was answered '" + said + "'");
      }
    }
  }
}
