package dev.dormouse.saga.log;

import dev.dormouse.testkit.FailpointExecution;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// An execution with a clock of the test's, and failpoints that do what the test says.
final class Probes extends FailpointExecution {
  private final InstantSource clock;
  private final Map<String, Runnable> actions = new ConcurrentHashMap<>();

  private Probes(InstantSource clock) {
    this.clock = clock;
  }

  static Probes at(InstantSource clock) {
    return new Probes(clock);
  }

  /// Runs `action` whenever the failpoint is passed, on the thread that passes it.
  void on(String failpoint, Runnable action) {
    actions.put(failpoint, action);
  }

  /// Failpoints do nothing any more.
  void heal() {
    actions.clear();
  }

  @Override
  public void failpoint(String name) {
    Runnable action = actions.get(name);
    if (action != null) {
      action.run();
    }
  }

  @Override
  public Instant instant() {
    return clock.instant();
  }
}
