package dev.dormouse.storage.sql;

import dev.dormouse.room.spi.Execution;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/// The threads of rooms with SQL. SQLite's calls hold the thread that makes them, so these are
/// platform threads, but in tests that decide who runs when.
///
/// @param pool runs strands
/// @param syncs syncs logs
/// @param owned what is ended with the store
record FileThreads(Executor pool, Executor syncs, List<ExecutorService> owned) {
  static FileThreads of(SqlSettings settings) {
    ExecutorService pool = Executors.newFixedThreadPool(settings.threads(), named("dormouse-sql-"));
    ExecutorService syncs =
        Executors.newFixedThreadPool(settings.syncs(), named("dormouse-sql-sync-"));
    return new FileThreads(pool, syncs, List.of(pool, syncs));
  }

  /// Threads of `execution`.
  static FileThreads simulated(Execution execution) {
    return new FileThreads(
        work -> execution.start("sql", work), work -> execution.start("sql sync", work), List.of());
  }

  private static ThreadFactory named(String name) {
    AtomicInteger number = new AtomicInteger();
    return work ->
        Thread.ofPlatform().daemon().name(name + number.getAndIncrement()).unstarted(work);
  }

  /// Ends them, where the store could not be opened.
  void shutdown() {
    owned.forEach(ExecutorService::shutdown);
  }
}
