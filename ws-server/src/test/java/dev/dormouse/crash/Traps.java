package dev.dormouse.crash;

import dev.dormouse.testkit.FailpointExecution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The real execution of a process that is to die, or whose disk is to fail, at a named place; and
/// whose clock may be wrong.
///
/// `-Ddormouse.halt=<failpoint>:<n>` kills it, hooks and all left out, when it passes there for the
/// n-th time; a moment later (`-Ddormouse.moment=<ms>`), so that what may leave it before has left.
/// `-Ddormouse.slow=<failpoint>:<ms>` waits there every time, as for a slow disk.
/// `-Ddormouse.clock=<ms>` is how far its clock is ahead.
final class Traps extends FailpointExecution {
  /// What a process leaves behind that was killed by `SIGKILL`.
  static final int KILLED = 128 + 9;

  private final int moment = Integer.getInteger("dormouse.moment", 20);

  private final long ahead = Long.getLong("dormouse.clock", 0);
  private final String slow = word("dormouse.slow");
  private final int slowMillis = number("dormouse.slow");
  private volatile @Nullable Trap trap;

  private volatile boolean ioFailed;

  /// Told of each pass, before anything else happens there.
  private volatile Consumer<String> watcher = name -> {};

  /// What happens at a failpoint.
  enum Action {
    HALT,
    /// The disk is full.
    FULL,
    /// The disk fails.
    IO,
    /// There is no space for what was written to a mapped file.
    MAPPED
  }

  /// Set at one failpoint.
  ///
  /// @param from at which pass it begins
  /// @param times for how many passes it lasts
  private record Trap(String failpoint, int from, int times, Action action, AtomicInteger passes) {}

  Traps() {
    if (!word("dormouse.halt").isEmpty()) {
      arm(word("dormouse.halt"), number("dormouse.halt"), 1, Action.HALT);
    }
  }

  private static String word(String property) {
    String setting = System.getProperty(property, "");
    return setting.substring(0, Math.max(0, setting.lastIndexOf(':')));
  }

  private static int number(String property) {
    String setting = System.getProperty(property, "");
    int colon = setting.lastIndexOf(':');
    return colon < 0 ? 0 : Integer.parseInt(setting.substring(colon + 1));
  }

  void arm(String failpoint, int from, int times, Action action) {
    trap = new Trap(failpoint, from, times, action, new AtomicInteger());
  }

  /// Whether a call of the disk's has failed: the store mends that within milliseconds, faster than
  /// anybody can ask whether it is in trouble.
  boolean ioFailed() {
    return ioFailed;
  }

  void watch(Consumer<String> watcher) {
    this.watcher = watcher;
  }

  @Override
  public void failpoint(String name) {
    watcher.accept(name);
    if (name.equals(slow)) {
      pause(slowMillis);
    }
    Trap set = trap;
    if (set == null || !set.failpoint.equals(name)) {
      return;
    }
    int pass = set.passes.incrementAndGet();
    if (pass < set.from || pass >= set.from + set.times) {
      return;
    }
    switch (set.action) {
      case HALT -> {
        pause(moment);
        Runtime.getRuntime().halt(KILLED);
      }
      // As SQLite says it: SQLITE_FULL and SQLITE_IOERR.
      case FULL -> Traps.<RuntimeException>sneak(new SQLException("the disk is full", null, 13));
      case IO -> {
        if (name.startsWith("log.")) {
          throw new UncheckedIOException(new IOException("the disk failed, as it was told to"));
        }
        ioFailed = true;
        Traps.<RuntimeException>sneak(new SQLException("the disk failed", null, 10));
      }
      case MAPPED -> throw new InternalError("a fault occurred in an unsafe memory access");
    }
  }

  /// Failpoints declare nothing; the store reckons with what its driver throws.
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable thrown) throws E {
    throw (E) thrown;
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Instant instant() {
    return super.instant().plusMillis(ahead);
  }
}
