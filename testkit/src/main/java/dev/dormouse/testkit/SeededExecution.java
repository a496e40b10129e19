package dev.dormouse.testkit;

import dev.dormouse.room.spi.Execution;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An [Execution] in which exactly one thread runs at a time, in an order drawn from a seed, under
/// a clock that stands still while anybody can run (X1).
///
/// Threads change only where one waits for a signal, ends, or passes a failpoint; which one goes on
/// is the seed's choice, so the same seed gives the same run. When nobody can run, the clock jumps
/// to the next timer. [#run] returns when the scenario has ended and nobody is left who could run;
/// timers that are still set are then dropped.
///
/// Fields are written by the one thread that runs; handing on by a semaphore publishes them.
public final class SeededExecution implements Execution {
  private static final Instant EPOCH = Instant.parse("2030-01-01T00:00:00Z");

  /// A run that takes more steps than this does not end by itself.
  private static final int MAX_STEPS = 2_000_000;

  private final long seed;
  private final Random random;
  private final List<Task> ready = new ArrayList<>();
  private final Set<Task> alive = new LinkedHashSet<>();
  private final Map<Thread, Task> byThread = new HashMap<>();
  private final PriorityQueue<Alarm> timers = new PriorityQueue<>();
  private Duration clockAhead = Duration.ZERO;
  private final Map<String, List<Consumer<Integer>>> failpoints = new HashMap<>();
  private final Map<String, Integer> passes = new HashMap<>();
  private final List<Throwable> failures = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger timerNumbers = new AtomicInteger();

  private @Nullable Task running;
  private @Nullable Task scenario;
  private @Nullable Task settling;
  private long nanos;
  private int steps;
  private double switching = 0.5;
  private boolean ended;

  public SeededExecution(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
  }

  public long seed() {
    return seed;
  }

  /// The seed's source of chance, for scenarios and fakes; to be used by threads of this execution.
  public Random random() {
    return random;
  }

  /// How likely a failpoint changes threads, 0 to 1; 0.5 at first.
  public SeededExecution switching(double probability) {
    switching = probability;
    return this;
  }

  /// Runs `scenario` as the first thread, and with it all that it starts, until nobody can run any
  /// more. Blocks the caller; to be called once.
  ///
  /// @throws AssertionError naming the seed, if the scenario or any other thread threw, or if the
  ///   scenario waits for what can never come
  public void run(Scenario scenario) {
    Task first =
        task(
            "scenario",
            () -> {
              try {
                scenario.run();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    this.scenario = first;
    ready.add(first);
    handOn(null);
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a scenario ran", e);
    }
    if (!failures.isEmpty()) {
      AssertionError error =
          new AssertionError("seed " + seed + ": " + failures.getFirst(), failures.getFirst());
      failures.stream().skip(1).forEach(error::addSuppressed);
      throw error;
    }
  }

  /// What a test does, on a thread of this execution.
  @FunctionalInterface
  public interface Scenario {
    void run() throws Exception;
  }

  /// Lets everybody else run until they all wait; the clock stands still meanwhile.
  public void settle() {
    Task self = current();
    if (settling != null) {
      throw new IllegalStateException("two threads wait for all others");
    }
    settling = self;
    handOn(self);
  }

  /// Lets `duration` pass, with all that falls due in it, and everybody settle at its end.
  public void advance(Duration duration) {
    try {
      signal().await(duration);
    } catch (InterruptedException e) {
      throw new IllegalStateException("the scenario was interrupted", e);
    }
    settle();
  }

  /// Sets the clock by `by`, forth or back, as an operator may; no time passes.
  public void setClock(Duration by) {
    clockAhead = clockAhead.plus(by);
  }

  /// Calls `action` with the number of the pass, from 1, whenever a thread passes the failpoint; it
  /// may throw, which the passing code then sees.
  public void at(String failpoint, Consumer<Integer> action) {
    failpoints.computeIfAbsent(failpoint, _ -> new ArrayList<>()).add(action);
  }

  /// Ends the run with a failure that no thread of its own could throw.
  public void fail(Throwable failure) {
    failures.add(failure);
  }

  /// How many threads have begun and not ended, the caller among them.
  public int threads() {
    return alive.size();
  }

  // ---- the port

  @Override
  public void start(String name, Runnable work) {
    ready.add(task(name, work));
  }

  @Override
  public Signal signal() {
    return new SeededSignal();
  }

  @Override
  public Timer schedule(Duration delay, Runnable work) {
    long nanosToWait;
    try {
      nanosToWait = Math.max(0, delay.toNanos());
    } catch (ArithmeticException e) {
      nanosToWait = Long.MAX_VALUE / 4;
    }
    Alarm alarm = new Alarm(nanos + nanosToWait, timerNumbers.incrementAndGet(), work);
    timers.add(alarm);
    return () -> timers.remove(alarm);
  }

  @Override
  public void interrupt(Thread thread) {
    Task task = byThread.get(thread);
    if (task != null) {
      task.interrupted = true;
      SeededSignal signal = task.waitsFor;
      if (signal != null) {
        signal.waiting.remove(task);
        task.waitsFor = null;
        ready.add(task);
      }
    }
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return EPOCH.plusNanos(nanos).plus(clockAhead);
  }

  @Override
  public void failpoint(String name) {
    int pass = passes.merge(name, 1, Integer::sum);
    List<Consumer<Integer>> actions = failpoints.get(name);
    if (actions != null) {
      List.copyOf(actions).forEach(action -> action.accept(pass));
    }
    if (random.nextDouble() < switching) {
      pass();
    }
  }

  /// Lets the seed choose who goes on.
  public void pass() {
    Task self = current();
    ready.add(self);
    handOn(self);
  }

  // ---- threads

  private static final class Task {
    private final String name;
    private final Semaphore turn = new Semaphore(0);
    private boolean interrupted;
    private @Nullable SeededSignal waitsFor;

    Task(String name) {
      this.name = name;
    }
  }

  private record Alarm(long due, int number, Runnable work) implements Comparable<Alarm> {
    @Override
    public int compareTo(Alarm other) {
      return due != other.due
          ? Long.compare(due, other.due)
          : Integer.compare(number, other.number);
    }
  }

  private Task task(String name, Runnable work) {
    Task task = new Task(name);
    alive.add(task);
    Thread thread =
        Thread.ofVirtual()
            .name(name)
            .unstarted(() -> {
              task.turn.acquireUninterruptibly();
              if (ended) {
                return;
              }
              try {
                work.run();
              } catch (Throwable t) {
                failures.add(t);
              }
              alive.remove(task);
              byThread.remove(Thread.currentThread());
              handOn(null);
            });
    byThread.put(thread, task);
    thread.start();
    return task;
  }

  private Task current() {
    Task self = running;
    if (self == null || !byThread.containsKey(Thread.currentThread())) {
      throw new IllegalStateException(
          "a thread that this execution did not start used it: " + Thread.currentThread());
    }
    return self;
  }

  /// Picks who goes on, and, if that is another one, waits for the own turn to come again.
  ///
  /// @param self the calling thread's task if it goes on later; null if it ends here
  private void handOn(@Nullable Task self) {
    Task next = pick();
    if (next == null) {
      end();
      if (self != null) {
        park();
      }
      return;
    }
    running = next;
    if (next != self) {
      next.turn.release();
      if (self != null) {
        self.turn.acquireUninterruptibly();
        if (ended) {
          park();
        }
      }
    }
  }

  private @Nullable Task pick() {
    if (++steps > MAX_STEPS) {
      failures.add(new AssertionError("more than " + MAX_STEPS + " steps: an endless loop?"));
      return null;
    }
    if (!failures.isEmpty()) {
      return null;
    }
    nanos += 1_000;
    while (ready.isEmpty()) {
      Task patient = settling;
      if (patient != null) {
        settling = null;
        return patient;
      }
      boolean scenarioIsOver = !alive.contains(scenario);
      Alarm alarm = scenarioIsOver ? null : timers.poll();
      if (alarm == null) {
        if (!scenarioIsOver) {
          failures.add(new AssertionError("the scenario waits for ever; alive: " + names()));
        }
        return null;
      }
      nanos = Math.max(nanos, alarm.due);
      ready.add(task("timer", alarm.work));
    }
    return ready.remove(random.nextInt(ready.size()));
  }

  private List<String> names() {
    return alive.stream().map(task -> task.name).toList();
  }

  private void end() {
    ended = true;
    over.countDown();
    // Threads that still wait never run on. They are collected with this object, provided that the
    // JVM does not keep a list of them: -Djdk.trackAllThreads=false.
  }

  /// The run is over while this thread waits: it must do nothing any more.
  private static void park() {
    new Semaphore(0).acquireUninterruptibly();
  }

  private final class SeededSignal implements Signal {
    private final List<Task> waiting = new ArrayList<>();
    private boolean complete;

    @Override
    public void await() throws InterruptedException {
      Task self = current();
      if (!complete && !self.interrupted) {
        waiting.add(self);
        self.waitsFor = this;
        handOn(self);
      }
      checkInterrupt(self);
    }

    @Override
    public boolean await(Duration limit) throws InterruptedException {
      Task self = current();
      if (!complete && !self.interrupted) {
        waiting.add(self);
        self.waitsFor = this;
        Timer timer =
            schedule(
                limit,
                () -> {
                  if (waiting.remove(self)) {
                    self.waitsFor = null;
                    ready.add(self);
                  }
                });
        handOn(self);
        timer.cancel();
      }
      checkInterrupt(self);
      return complete;
    }

    private void checkInterrupt(Task self) throws InterruptedException {
      if (self.interrupted) {
        self.interrupted = false;
        throw new InterruptedException("interrupted by the execution");
      }
    }

    @Override
    public void complete() {
      complete = true;
      waiting.forEach(task -> task.waitsFor = null);
      ready.addAll(waiting);
      waiting.clear();
    }
  }
}
