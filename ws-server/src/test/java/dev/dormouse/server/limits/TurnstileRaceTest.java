package dev.dormouse.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.runtime.SystemExecution;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Threads that let clients in and out all at once, each client's end told by two of them.
@Timeout(60)
class TurnstileRaceTest {
  private static final int THREADS = 4;
  private static final int ROUNDS = 20_000;
  private static final int CLIENTS = 5;
  private static final int PER_ADDRESS = 3;

  private final Turnstile turnstile =
      new Turnstile(
          new Limits(CLIENTS, PER_ADDRESS, 4, Duration.ZERO, Networks.NONE, 1),
          new SystemExecution());
  private final Passes passes = new Passes(turnstile);
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger letIn = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  @Test
  void nobody_is_counted_twice_or_forgotten_and_no_limit_is_passed() throws Exception {
    long seed = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int number = i;
        all.add(threads.submit(() -> comeAndGo(number, new Random(seed + number))));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }

    assertThat(turnstile.clients()).as("seed %s", seed).isZero();
    assertThat(turnstile.handshakes()).as("seed %s", seed).isZero();
    assertThat(turnstile.addresses()).as("seed %s", seed).isZero();
    assertThat(letIn.get()).isPositive();
    assertThat(refused.get()).isPositive();
    long counted = 0;
    for (Reason reason : Reason.values()) {
      counted += turnstile.sentAway(reason).sum();
    }
    assertThat(counted).isEqualTo(refused.get());
  }

  /// Two clients at a time, so that the limits are met; numbers of its own.
  private void comeAndGo(int thread, Random random) {
    for (int i = 0; i < ROUNDS; i++) {
      enter(thread * 2, random);
      enter(thread * 2 + 1, random);
      leave(thread * 2, random);
      leave(thread * 2 + 1, random);
    }
  }

  private void enter(int number, Random random) {
    InetAddress address = InetAddress.ofLiteral("10.0.0." + random.nextInt(3));
    switch (turnstile.enter(address)) {
      case Entry.LetIn(int pass) -> {
        letIn.incrementAndGet();
        assertThat(inside.incrementAndGet()).isLessThanOrEqualTo(CLIENTS);
        passes.put(number, pass);
      }
      case Entry.Refused _ -> refused.incrementAndGet();
    }
    if (random.nextBoolean()) {
      passes.answered(number);
    }
  }

  private void leave(int number, Random random) {
    if (passes.has(number)) {
      inside.decrementAndGet();
    }
    passes.leave(number);
    if (random.nextBoolean()) {
      passes.leave(number);
    }
  }

  @Test
  void an_answer_and_two_ends_at_the_same_moment_count_once() throws Exception {
    CyclicBarrier together = new CyclicBarrier(3);
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      for (int i = 0; i < 2_000; i++) {
        if (!(turnstile.enter(InetAddress.ofLiteral("10.0.0.1"))
            instanceof Entry.LetIn(int pass))) {
          throw new AssertionError("somebody was left in round " + i);
        }
        Pass one = new Pass(turnstile, pass);
        List<Future<?>> all = new ArrayList<>();
        for (Runnable each : List.<Runnable>of(one::answered, one::leave, one::leave)) {
          all.add(
              threads.submit(() -> {
                together.await();
                each.run();
                return null;
              }));
        }
        for (Future<?> each : all) {
          each.get();
        }
        assertThat(turnstile.clients()).isZero();
        assertThat(turnstile.handshakes()).isZero();
      }
    }
  }
}
