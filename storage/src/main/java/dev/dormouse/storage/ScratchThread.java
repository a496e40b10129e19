package dev.dormouse.storage;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The platform thread of the scratch file: takes all calls that wait, runs them in their order in
/// one transaction and answers them in their order.
///
/// If anything fails the transaction is undone with its connection, and each call is tried by
/// itself, so that a call fails for its own reasons only.
final class ScratchThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ScratchThread.class);

  /// How many records share a transaction, roughly, so that nobody waits long for the answer of a
  /// call that was quick.
  private static final int TOGETHER = 1_024;

  private final ScratchFile file;
  private final Execution execution;
  private final StoreObserver observer;
  private final Mailbox<Call<?>> waiting = new Mailbox<>();
  private final Thread thread;

  /// Null after a failure. The thread's only, once that has started.
  private @Nullable ScratchConnection connection;

  /// See [#limitPages]; 0 for no limit. The thread's only.
  private long pageLimit;

  /// What a call does in its transaction.
  interface Work<T extends @Nullable Object> {
    T run(ScratchConnection connection) throws SQLException;
  }

  /// A call and the future that its caller holds.
  ///
  /// @param records how many it reads or writes, roughly; at least 1
  private record Call<T extends @Nullable Object>(
      RoomId room, String what, int records, Work<T> work, CompletableFuture<T> answer) {

    /// Runs it; returns what gives the answer, once that is true.
    Runnable run(ScratchConnection connection) throws SQLException {
      T result = work.run(connection);
      return () -> answer.complete(result);
    }

    void fail(String why, @Nullable Throwable cause) {
      answer.completeExceptionally(
          new IOException(
              "room " + room + ": its connection records could not be " + what + ": " + why,
              cause));
    }
  }

  /// @param connection to `file`; this thread's from now on
  ScratchThread(
      ScratchFile file, Execution execution, StoreObserver observer, ScratchConnection connection) {
    this.file = file;
    this.execution = execution;
    this.observer = observer;
    this.connection = connection;
    this.thread = Thread.ofPlatform().daemon().name("dormouse-scratch").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Asks for something to be done, after all that was asked for before.
  ///
  /// @param what for messages: could not be ...
  /// @param records how many are read or written, roughly
  <T extends @Nullable Object> CompletableFuture<T> ask(
      RoomId room, String what, int records, Work<T> work) {
    Call<T> call = new Call<>(room, what, Math.max(1, records), work, new CompletableFuture<>());
    if (!waiting.put(call)) {
      call.fail("the scratch file " + file.path() + " is closed", null);
    }
    return call.answer();
  }

  private void run() {
    for (List<Call<?>> calls = waiting.take(); !calls.isEmpty(); calls = waiting.take()) {
      try {
        process(calls);
      } catch (Throwable unforeseen) {
        // Nobody may wait for ever: a thread that died would answer no more.
        LOG.error("the thread of the scratch file {} failed", file.path(), unforeseen);
        disconnect();
        // Those that have their answer keep it.
        calls.forEach(call -> call.fail("" + unforeseen, unforeseen));
      }
    }
    disconnect();
  }

  private void process(List<Call<?>> calls) {
    List<Call<?>> together = new ArrayList<>();
    int records = 0;
    for (Call<?> call : calls) {
      if (!together.isEmpty() && records + call.records() > TOGETHER) {
        answer(together);
        together = new ArrayList<>();
        records = 0;
      }
      together.add(call);
      records += call.records();
    }
    answer(together);
  }

  private void answer(List<Call<?>> calls) {
    List<Runnable> answers = new ArrayList<>(calls.size());
    long began = execution.nanoTime();
    try {
      ScratchConnection connected = connected();
      connected.begin();
      for (Call<?> call : calls) {
        execution.failpoint(ScratchFailpoints.CALL);
        answers.add(call.run(connected));
      }
      execution.failpoint(ScratchFailpoints.COMMIT);
      connected.commit();
    } catch (Throwable failure) {
      disconnect();
      observer.scratchFailed();
      if (calls.size() == 1) {
        calls.getFirst().fail("the scratch file " + file.path() + " failed: " + failure, failure);
      } else {
        calls.forEach(call -> answer(List.of(call)));
      }
      return;
    }
    long ended = execution.nanoTime();
    answers.forEach(Runnable::run);
    observer.scratched(calls.size(), ended - began);
  }

  private ScratchConnection connected() throws SQLException {
    ScratchConnection open = connection;
    if (open == null) {
      open = ScratchConnection.open(file);
      connection = open;
      if (pageLimit > 0) {
        open.limitPages(pageLimit);
      }
    }
    return open;
  }

  /// Leaves no transaction behind.
  private void disconnect() {
    ScratchConnection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        LOG.warn("the scratch file {} could not be closed", file.path(), e);
      }
    }
  }

  /// Lets the file grow to this many pages at most; for tests of a full disk.
  CompletableFuture<@Nullable Void> limitPages(RoomId asking, long pages) {
    return ask(
        asking,
        "limited",
        1,
        scratch -> {
          pageLimit = pages;
          scratch.limitPages(pages);
          return null;
        });
  }

  /// Answers what was asked, then releases the file.
  @Override
  public void close() {
    waiting.close();
    Threads.join(thread);
  }
}
