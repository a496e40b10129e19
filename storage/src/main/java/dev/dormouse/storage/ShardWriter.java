package dev.dormouse.storage;

import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.CommitFailure.Reason;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.WriteSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes write sets durable in one shard file: a platform thread takes all that wait, writes them
/// in one transaction and syncs once (group commit). While it syncs the next batch gathers.
///
/// What can go wrong, and what then holds (O2):
/// - a set's numbers do not fit: it is refused, and with it its chain; the batch goes on;
/// - SQLite fails before the commit: nothing of the batch is applied. If the file as a whole is the
///   reason (full disk, I/O error) all of it is refused, else each set is tried by itself, on a
///   connection that the failure has not touched;
/// - the commit or its sync fails: nobody knows. The file is closed, opened and settled again
///   before anything is read from it, then the batch is answered `UNKNOWN`;
/// - the disk is full or the file is in trouble: it takes nothing until a probe has been committed.
final class ShardWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShardWriter.class);

  private static final String NOTHING = "nothing was stored: ";
  private static final String UNKNOWN = "the commit failed and may or may not survive: ";

  private final ShardFile file;
  private final StoreSettings settings;
  private final Execution execution;
  private final StoreObserver observer;
  private final ShardReader reader;
  private final long epoch;
  private final Mailbox<Job> jobs = new Mailbox<>();
  private final Thread thread;

  /// Replaced by the writer's thread only.
  private volatile Health health = new Health.Well();

  /// Writer's thread only.
  private final WriteLink link;

  /// Rooms of batches whose outcome is unknown and that have not been settled. Writer's thread
  /// only.
  private final Set<RoomId> unsettled = new HashSet<>();

  /// Writer's thread only.
  private final FailedSets failed = new FailedSets();

  /// Whether a probe is on its way. Writer's thread only.
  private boolean probeAsked;

  /// The position of the last batch. Writer's thread only.
  private long position;

  private sealed interface Job {
    record Commit(Batch.Submission submission) implements Job {}

    record Task(Runnable work) implements Job {}
  }

  /// @param connection has taken the file over for `epoch`
  ShardWriter(
      ShardFile file,
      StoreSettings settings,
      Execution execution,
      StoreObserver observer,
      WriteConnection connection,
      ShardReader reader,
      long epoch) {
    this.file = file;
    this.settings = settings;
    this.execution = execution;
    this.observer = observer;
    this.link = new WriteLink(file, settings.knownRooms(), connection);
    this.reader = reader;
    this.epoch = epoch;
    // Larger in every later opening, without being stored: 2^40 batches are decades.
    this.position = epoch << 40;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("dormouse-store-" + file.index() + "-writer")
            .unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  CompletableFuture<Position> commit(WriteSet set) {
    CompletableFuture<Position> answer = new CompletableFuture<>();
    if (!jobs.put(new Job.Commit(new Batch.Submission(set, answer, failed)))) {
      answer.completeExceptionally(
          new CommitFailure(
              Reason.IO,
              Outcome.NOT_APPLIED,
              "room " + set.room() + ": the store is closed",
              null));
    }
    return answer;
  }

  /// Why the file cannot be written at present.
  Optional<String> trouble() {
    return health.why();
  }

  /// Stops after the batch at hand until the pause is over.
  ///
  /// @throws IllegalStateException if the store is closed
  WriterPause pause() {
    WriterPause pause = new WriterPause(execution);
    if (!jobs.put(new Job.Task(pause))) {
      throw new IllegalStateException("the store is closed");
    }
    return pause;
  }

  ShardFile file() {
    return file;
  }

  /// See [WriteConnection#limitPages]; for tests.
  CompletableFuture<Void> limitPages(long pages) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    jobs.put(
        new Job.Task(() -> {
          try {
            link.limitPages(pages);
            done.complete(null);
          } catch (SQLException e) {
            done.completeExceptionally(e);
          }
        }));
    return done;
  }

  private void run() {
    for (List<Job> taken = jobs.take(); !taken.isEmpty(); taken = jobs.take()) {
      try {
        process(taken);
      } catch (Throwable unforeseen) {
        // Nobody may wait for ever: a thread that died would answer no more.
        abandon(taken, unforeseen);
      }
    }
    reader.close();
    try {
      link.disconnect();
    } catch (SQLException e) {
      LOG.warn("closing the shard file {} failed; nothing acknowledged is lost", file.path(), e);
    }
  }

  private void abandon(List<Job> taken, Throwable failure) {
    LOG.error("the writer of the shard file {} failed in an unforeseen way", file.path(), failure);
    List<Batch.Submission> open = new ArrayList<>();
    for (Job job : taken) {
      if (job instanceof Job.Commit(Batch.Submission submission) && !submission.answer().isDone()) {
        open.add(submission);
        unsettled.add(submission.set().room());
      }
    }
    trouble(Health.Broken.after(failure, file));
    settle();
    Batch.refuse(open, Reason.IO, Outcome.UNKNOWN, UNKNOWN + failure, failure);
  }

  private void process(List<Job> taken) {
    List<Batch.Submission> batch = new ArrayList<>();
    long bytes = 0;
    for (Job job : taken) {
      switch (job) {
        case Job.Commit(Batch.Submission submission) -> {
          long size = submission.set().bytes();
          if (batch.size() == settings.batchSets()
              || (!batch.isEmpty() && bytes + size > settings.batchBytes())) {
            write(batch);
            batch = new ArrayList<>();
            bytes = 0;
          }
          batch.add(submission);
          bytes += size;
        }
        case Job.Task(Runnable work) -> {
          write(batch);
          batch = new ArrayList<>();
          bytes = 0;
          work.run();
        }
      }
    }
    write(batch);
  }

  private void write(List<Batch.Submission> submissions) {
    if (submissions.isEmpty()) {
      return;
    }
    Optional<String> trouble = health.why();
    if (trouble.isEmpty()) {
      commit(submissions);
    } else {
      Batch.refuse(submissions, Reason.FULL, Outcome.NOT_APPLIED, NOTHING + trouble.get(), null);
    }
  }

  private void commit(List<Batch.Submission> submissions) {
    Batch batch;
    long began = execution.nanoTime();
    try {
      batch = write(link.connected(), submissions);
    } catch (Throwable failure) {
      undo(failure);
      notApplied(submissions, failure);
      return;
    }
    long written = execution.nanoTime();
    try {
      link.connected().commit();
    } catch (Throwable failure) {
      if (Fault.of(failure) == Fault.FULL) {
        // A write to the log failed, so its commit mark is not there and nothing was synced.
        undo(failure);
        notApplied(submissions, failure);
      } else {
        unknown(batch, failure);
      }
      return;
    }
    long synced = execution.nanoTime();
    try {
      execution.failpoint(StoreFailpoints.AFTER_COMMIT);
      for (RoomChanges room : batch.rooms()) {
        link.connected().remember(room);
      }
      execution.failpoint(StoreFailpoints.BEFORE_ANSWER);
    } catch (Throwable failure) {
      unknown(batch, failure);
      return;
    }
    batch.succeed(new Position(file.index(), ++position), this::answering);
    observer.committed(submissions.size(), batch.bytes(), written - began, synced - written);
  }

  private void answering() {
    try {
      execution.failpoint(StoreFailpoints.ANSWERING);
    } catch (RuntimeException e) {
      LOG.debug("thrown by a test where everything is decided", e);
    }
  }

  private Batch write(WriteConnection connection, List<Batch.Submission> submissions)
      throws SQLException {
    execution.failpoint(StoreFailpoints.BEFORE_BEGIN);
    connection.begin();
    Batch batch = Batch.plan(submissions, epoch, connection.epoch(), connection);
    for (RoomChanges room : batch.rooms()) {
      execution.failpoint(StoreFailpoints.BEFORE_ROOM);
      connection.apply(room);
    }
    execution.failpoint(StoreFailpoints.BEFORE_COMMIT);
    return batch;
  }

  private void undo(Throwable failure) {
    try {
      link.undo(failure);
    } catch (SQLException second) {
      failure.addSuppressed(second);
      trouble(Health.Broken.after(failure, file));
    }
  }

  private void notApplied(List<Batch.Submission> submissions, Throwable failure) {
    observer.failed(Outcome.NOT_APPLIED);
    Fault fault = Fault.of(failure);
    switch (fault) {
      case FULL -> trouble(Health.ReadOnly.after(failure, file));
      case FILE -> trouble(Health.Broken.after(failure, file));
      case PAGES, SET -> {
        if (submissions.size() > 1) {
          for (Batch.Submission submission : submissions) {
            write(List.of(submission));
          }
          return;
        }
      }
    }
    Batch.refuse(submissions, fault.reason(), Outcome.NOT_APPLIED, NOTHING + failure, failure);
  }

  private void unknown(Batch batch, Throwable failure) {
    observer.failed(Outcome.UNKNOWN);
    for (RoomChanges room : batch.rooms()) {
      if (room.last() != null) {
        unsettled.add(room.room());
      }
    }
    trouble(Health.Broken.after(failure, file));
    settle();
    // After the file is settled: who is told now and loads a room sees what became of it.
    batch.fail(Reason.IO, Outcome.UNKNOWN, UNKNOWN + failure, failure);
  }

  private void trouble(Health found) {
    if (health instanceof Health.Well) {
      LOG.error("{}", found.why().orElseThrow());
    }
    // What is broken is not mended by a full disk.
    if (!(health instanceof Health.Broken)) {
      health = found;
    }
    scheduleProbe();
  }

  private void scheduleProbe() {
    if (!probeAsked) {
      probeAsked = true;
      execution.schedule(Health.PROBE_EVERY, this::askForProbe);
    }
  }

  private void askForProbe() {
    // Refused once the store closes; then nobody waits for it any more.
    jobs.put(new Job.Task(this::probe));
  }

  private void probe() {
    probeAsked = false;
    switch (health) {
      case Health.Well() -> {}
      case Health.ReadOnly _ -> probeReadOnly();
      case Health.Broken _ -> settle();
    }
    if (!(health instanceof Health.Well)) {
      scheduleProbe();
    }
  }

  private void probeReadOnly() {
    try {
      link.connected().probe();
      mended();
    } catch (Throwable failure) {
      undo(failure);
      if (Fault.of(failure) != Fault.FULL) {
        health = Health.Broken.after(failure, file);
      }
    }
  }

  private void mended() {
    health = new Health.Well();
    LOG.info("the shard file {} can be written again", file.path());
  }

  /// Opens the file again, and makes what is read from it durable before anybody reads it: after a
  /// failed sync the log may hold commits that only this computer's memory has.
  private void settle() {
    reader.replace(() -> {
      try {
        execution.failpoint(StoreFailpoints.BEFORE_REOPEN);
        WriteConnection fresh = link.reconnect();
        fresh.checkpoint();
        settle(fresh);
        fresh.probe();
        mended();
        return null;
      } catch (Throwable failure) {
        undo(failure);
        health = Health.Broken.after(failure, file);
        return unsettled.isEmpty() ? null : health.why().orElse(null);
      }
    });
  }

  private void settle(WriteConnection fresh) throws SQLException {
    if (unsettled.isEmpty()) {
      return;
    }
    fresh.begin();
    for (RoomId room : unsettled) {
      fresh.scar(room);
    }
    fresh.commit();
    unsettled.clear();
  }

  /// Commits what was submitted, then releases the file, the reader's part too.
  @Override
  public void close() {
    jobs.close();
    Threads.join(thread);
  }
}
