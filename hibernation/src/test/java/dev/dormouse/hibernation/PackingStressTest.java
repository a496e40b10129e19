package dev.dormouse.hibernation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.hibernation.RestingWires.Line;
import dev.dormouse.room.Admission;
import dev.dormouse.room.Message;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.Sockets.Intake;
import dev.dormouse.testkit.FailpointExecution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/// Packing, unpacking, broadcasts, messages, newcomers and ends race on real threads, while seconds
/// pass in a fraction of a millisecond: nobody misses a broadcast or hears one twice, and a room
/// hears all that its clients say.
@Timeout(60)
class PackingStressTest {
  private static final int ROOMS = 6;
  private static final int STEPS = 4_000;
  private static final long HURRY = 20_000;

  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final SocketTable table = new SocketTable(List.of(), new Hurry(), _ -> Message.of(""));
  private final RestingWires wires = new RestingWires(table);
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger packedSeen = new AtomicInteger();
  private final Map<RoomId, AtomicInteger> heard = new ConcurrentHashMap<>();

  /// Time that flies.
  private static final class Hurry extends FailpointExecution {
    @Override
    public Timer schedule(Duration delay, Runnable work) {
      return super.schedule(delay.dividedBy(HURRY), work);
    }

    @Override
    public long nanoTime() {
      return super.nanoTime() * HURRY;
    }

    @Override
    public void failpoint(String name) {}
  }

  /// One room's part: effects of a room never overlap, so a thread for each.
  private final class Part implements Runnable {
    private final RoomId room;
    private final Random random;
    private final List<Line> lines = new ArrayList<>();
    private final Map<Line, Integer> joinedAt = new ConcurrentHashMap<>();
    private final List<String> said = new ArrayList<>();
    private int messages;

    Part(int number, long seed) {
      byte[] bytes = new byte[RoomId.BYTES];
      // Two rooms share a hash.
      bytes[7] = (byte) (number / 2);
      bytes[0] = (byte) number;
      this.room = RoomId.of("test", bytes, "room" + number);
      this.random = new Random(seed);
      heard.put(room, new AtomicInteger());
    }

    @Override
    public void run() {
      try {
        for (int step = 0; step < STEPS; step++) {
          step(step);
        }
        check();
      } catch (RuntimeException | Error e) {
        failures.add(e);
      }
    }

    private void step(int step) {
      if (table.packed() > 0) {
        packedSeen.incrementAndGet();
      }
      switch (random.nextInt(12)) {
        case 0 -> {
          if (lines.size() < 8) {
            Line line = wires.line(numbers.getAndIncrement());
            line.key = wires.socket(line).attach(room, Admission.accept());
            table.apply(room, List.of(new Effect.Join(line.key, Set.of())));
            joinedAt.put(line, said.size());
            lines.add(line);
          }
        }
        case 1 -> {
          if (!lines.isEmpty()) {
            Line line = lines.remove(random.nextInt(lines.size()));
            line.vanishes();
            table.apply(room, List.of(new Effect.Leave(line.key)));
            checkHeard(line);
          }
        }
        case 2, 3 -> {
          if (!lines.isEmpty()) {
            messages++;
            lines.get(random.nextInt(lines.size())).says("message " + step);
          }
        }
        case 4, 5 -> {
          said.add("broadcast " + step);
          table.apply(
              room, List.of(new Effect.Broadcast(null, Message.of("broadcast " + step), Set.of())));
        }
        default -> {
          lines.forEach(Line::rests);
          // Long enough for a look now and then; what is checked does not depend on it.
          java.util.concurrent.locks.LockSupport.parkNanos(random.nextInt(600_000));
        }
      }
    }

    private void checkHeard(Line line) {
      assertThat(line.heard)
          .as("%s of %s", line.key, room)
          .isEqualTo(said.subList(joinedAt.getOrDefault(line, 0), said.size()));
    }

    private void check() {
      lines.forEach(this::checkHeard);
      assertThat(heard.getOrDefault(room, new AtomicInteger()).get()).isEqualTo(messages);
      assertThat(table.hasConnections(room)).isEqualTo(!lines.isEmpty());
    }
  }

  private Intake take(RoomId room, Event event) {
    if (event instanceof Event.Received) {
      heard.getOrDefault(room, new AtomicInteger()).incrementAndGet();
    }
    return Intake.OPEN;
  }

  @RepeatedTest(3)
  void H3_nobody_can_tell() throws InterruptedException {
    table.postTo(this::take);
    CountDownLatch done = new CountDownLatch(ROOMS);
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < ROOMS; i++) {
      parts.add(new Part(i, i));
    }
    for (Part part : parts) {
      Thread.ofPlatform()
          .start(() -> {
            part.run();
            done.countDown();
          });
    }
    done.await();
    assertThat(failures).isEmpty();
    assertThat(packedSeen.get()).as("rooms were packed at all").isGreaterThan(100);
    int open = parts.stream().mapToInt(part -> part.lines.size()).sum();
    assertThat(table.connections()).isEqualTo(open);
    assertThat(table.sockets()).isEqualTo(open);
    assertThat(table.counters().joined.sum()).isEqualTo(open);
  }
}
