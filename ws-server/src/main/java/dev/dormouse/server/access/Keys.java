package dev.dormouse.server.access;

import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys of one source, kept and brought up to date: now and then, and when a token names a key
/// that is not there, but not more often than every ten seconds, whatever tokens come. A key counts
/// until it is gone from its source; while that cannot be read, what it held last counts on.
///
/// For any thread. Only one reads the source at a time; others that need it wait for it.
final class Keys {
  private static final Logger LOG = LoggerFactory.getLogger(Keys.class);

  /// How often the source is read at most.
  static final Duration APART = Duration.ofSeconds(10);

  private final String where;
  private final KeySource source;
  private final Duration refresh;
  private final Execution execution;

  /// Held by whoever reads the source.
  private final ReentrantLock reading = new ReentrantLock();

  /// Replaced as a whole, while [#reading] is held.
  private volatile Held held = new Held(null, 0, 0, 0);

  /// @param keys null if they were never had
  /// @param readAt when they were
  /// @param triedAt when the source was asked last, on the nano clock
  /// @param tries how often it was
  private record Held(@Nullable List<SigningKey> keys, long readAt, long triedAt, long tries) {}

  /// @param where names the source in the log
  /// @param refresh how old keys may get before the source is read again
  Keys(String where, KeySource source, Duration refresh, Execution execution) {
    this.where = where;
    this.source = source;
    this.refresh = refresh;
    this.execution = execution;
  }

  /// Reads the source for the first time.
  ///
  /// @throws IOException if that does not go
  void open() throws IOException {
    reading.lock();
    try {
      long now = execution.nanoTime();
      held = new Held(null, 0, now, 1);
      held = new Held(source.read(), now, now, 1);
    } finally {
      reading.unlock();
    }
  }

  /// Keys that a token may be signed with; empty if there is none even after a look at the source.
  /// May block.
  ///
  /// @throws Denial.Found with [Denial#NO_KEYS] if no keys were ever had
  List<SigningKey> find(@Nullable String id, Algorithm algorithm) throws Denial.Found {
    Held now = held;
    long age = execution.nanoTime() - now.readAt;
    List<SigningKey> found = suiting(now, id, algorithm);
    if (!found.isEmpty() && age < refresh.toNanos()) {
      return found;
    }
    if (!found.isEmpty() && age < 2 * refresh.toNanos()) {
      // Good enough for this one.
      if (!reading.isLocked() && mayRead(now)) {
        execution.start("keys", () -> bringUpToDate(now));
      }
      return found;
    }
    bringUpToDate(now);
    Held fresh = held;
    if (fresh.keys == null) {
      throw Denial.NO_KEYS.found();
    }
    return suiting(fresh, id, algorithm);
  }

  private static List<SigningKey> suiting(Held held, @Nullable String id, Algorithm algorithm) {
    return held.keys == null
        ? List.of()
        : held.keys.stream().filter(key -> key.suits(id, algorithm)).toList();
  }

  private boolean mayRead(Held now) {
    return now.tries == 0 || execution.nanoTime() - now.triedAt >= APART.toNanos();
  }

  /// Reads the source, unless that was done since `seen`, or just before.
  private void bringUpToDate(Held seen) {
    if (!mayRead(seen) && !reading.isLocked()) {
      return;
    }
    reading.lock();
    try {
      Held before = held;
      if (before.tries != seen.tries || !mayRead(before)) {
        return;
      }
      long now = execution.nanoTime();
      held = new Held(before.keys, before.readAt, now, before.tries + 1);
      try {
        held = new Held(source.read(), now, now, before.tries + 1);
      } catch (IOException e) {
        LOG.warn("the keys for tokens cannot be read from {}: {}", where, e.getMessage());
      }
    } finally {
      reading.unlock();
    }
  }
}
