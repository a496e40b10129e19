package dev.dormouse.room.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.spi.Execution.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// T1, X1: the real threads.
@Timeout(30)
class SystemExecutionTest {
  private final SystemExecution execution = new SystemExecution();

  @Test
  void T1_work_runs_on_a_virtual_thread_with_its_name() throws InterruptedException {
    AtomicReference<Thread> ran = new AtomicReference<>();
    Signal done = execution.signal();
    execution.start(
        "a room",
        () -> {
          ran.set(Thread.currentThread());
          done.complete();
        });
    done.await();
    assertThat(ran.get().isVirtual()).isTrue();
    assertThat(ran.get().getName()).isEqualTo("a room");
  }

  @Test
  void X1_a_signal_wakes_who_waits_and_who_comes_later() throws InterruptedException {
    Signal signal = execution.signal();
    assertThat(signal.await(Duration.ZERO)).isFalse();
    execution.start("completer", signal::complete);
    signal.await();
    signal.complete();
    signal.await();
    assertThat(signal.await(Duration.ZERO)).isTrue();
  }

  @Test
  void X1_who_waits_can_be_interrupted() throws InterruptedException {
    AtomicReference<Thread> waiting = new AtomicReference<>();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Signal never = execution.signal();
    Signal begun = execution.signal();
    Signal done = execution.signal();
    execution.start(
        "waiter",
        () -> {
          waiting.set(Thread.currentThread());
          begun.complete();
          thrown.set(catchThrowable(never::await));
          done.complete();
        });
    begun.await();
    execution.interrupt(waiting.get());
    done.await();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void X1_timers_run_in_order_unless_called_off() throws InterruptedException {
    List<String> ran = new ArrayList<>();
    Signal done = execution.signal();
    execution.schedule(Duration.ofHours(1), () -> ran.add("never")).cancel();
    execution.schedule(Duration.ofMillis(-5), () -> ran.add("first"));
    execution.schedule(
        Duration.ofMillis(1),
        () -> {
          ran.add("second");
          done.complete();
        });
    done.await();
    assertThat(ran).containsExactly("first", "second");
    long before = execution.nanoTime();
    execution.failpoint("anything");
    assertThat(execution.nanoTime()).isGreaterThanOrEqualTo(before);
    assertThat(execution.instant()).isNotNull();
  }
}
