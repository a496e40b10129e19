package dev.dormouse.server.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes backups of a server that runs, one at a time, each on a platform thread of its own.
/// Thread-safe.
public final class BackupOffice implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BackupOffice.class);

  private final Backup backup;
  private final AtomicReference<@Nullable Job> last = new AtomicReference<>();
  private volatile boolean closed;

  public BackupOffice(Backup backup) {
    this.backup = backup;
  }

  /// How far a backup is.
  public sealed interface State {
    /// Where it is made.
    Path folder();

    /// It is being made.
    record Running(Path folder) implements State {}

    /// It is whole.
    record Done(Path folder, Manifest manifest) implements State {}

    /// It is none; `why` is for people.
    record Failed(Path folder, String why) implements State {}
  }

  private static final class Job {
    volatile State state;
    volatile @Nullable Thread thread;

    Job(State state) {
      this.state = state;
    }
  }

  /// Begins a backup; false if one is being made.
  ///
  /// @param bytesPerSecond 0 for as fast as it can
  public boolean start(Path folder, long bytesPerSecond) {
    Job job = new Job(new State.Running(folder));
    @Nullable Job before = last.get();
    if (closed
        || (before != null && before.state instanceof State.Running)
        || !last.compareAndSet(before, job)) {
      return false;
    }
    Thread thread =
        Thread.ofPlatform()
            .name("dormouse-backup")
            .daemon()
            .unstarted(() -> run(job, folder, bytesPerSecond));
    job.thread = thread;
    thread.start();
    return true;
  }

  private void run(Job job, Path folder, long bytesPerSecond) {
    State end;
    try {
      Manifest made = backup.write(folder, bytesPerSecond);
      LOG.info("a backup of {} bytes was made in {}", made.bytes(), folder);
      end = new State.Done(folder, made);
    } catch (InterruptedException _) {
      end = new State.Failed(folder, "the server stopped");
    } catch (IOException | RuntimeException | Error e) {
      LOG.warn("the backup in {} failed; what is there is none", folder, e);
      end = new State.Failed(folder, String.valueOf(e.getMessage()));
    }
    job.state = end;
  }

  /// The backup that was begun last; null if there was none.
  public @Nullable State state() {
    @Nullable Job job = last.get();
    return job == null ? null : job.state;
  }

  /// Ends what is being made, and waits for that; the stores may be closed afterwards.
  @Override
  public void close() {
    closed = true;
    @Nullable Job job = last.get();
    Thread thread = job == null ? null : job.thread;
    if (thread == null) {
      return;
    }
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
