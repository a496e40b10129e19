package dev.dormouse.server.jetty;

import java.util.concurrent.Executor;
import org.eclipse.jetty.util.thread.TryExecutor;

/// Jetty's threads, each of which reads for rooms while it works.
final class ReadingExecutor implements TryExecutor {
  private final Executor threads;
  private final TryExecutor idle;
  private final Reading rooms;

  ReadingExecutor(Executor threads, Reading rooms) {
    this.threads = threads;
    this.idle = TryExecutor.asTryExecutor(threads);
    this.rooms = rooms;
  }

  @Override
  public void execute(Runnable task) {
    threads.execute(() -> rooms.reading(task));
  }

  @Override
  public boolean tryExecute(Runnable task) {
    return idle.tryExecute(() -> rooms.reading(task));
  }
}
