package dev.dormouse.storage;

import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.CommitFailure.Reason;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.WriteSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Write sets that share a transaction, in order of arrival: each is either merged into its room's
/// changes or refused by itself for its numbers.
///
/// A set that follows a refused one in its room's chain is refused by its numbers too, since the
/// sequence that it goes on from never was (O2).
///
/// Used by the writer's thread only.
final class Batch {
  private final List<Submission> submissions;
  private final List<@Nullable CommitFailure> refusals;
  private final Map<RoomId, RoomChanges> rooms = new LinkedHashMap<>();

  /// A write set and the future that its submitter holds.
  ///
  /// @param failed those that other rooms' sets may name
  record Submission(WriteSet set, CompletableFuture<Position> answer, FailedSets failed) {
    void refuse(Reason reason, Outcome outcome, String why, @Nullable Throwable cause) {
      refuse(new CommitFailure(reason, outcome, "room " + set.room() + ": " + why, cause));
    }

    void refuse(CommitFailure failure) {
      failed.add(set);
      answer.completeExceptionally(failure);
    }
  }

  /// Refuses all of `submissions`, in their order.
  static void refuse(
      List<Submission> submissions,
      Reason reason,
      Outcome outcome,
      String why,
      @Nullable Throwable cause) {
    for (Submission submission : submissions) {
      submission.refuse(reason, outcome, why, cause);
    }
  }

  /// How a room stands in the file.
  interface Lookup {
    KnownRoom find(RoomId room) throws SQLException;
  }

  private Batch(List<Submission> submissions) {
    this.submissions = submissions;
    this.refusals = new ArrayList<>(submissions.size());
  }

  /// @param epoch this opening's
  /// @param stored the epoch in the file: another one means that another process owns it now
  static Batch plan(List<Submission> submissions, long epoch, long stored, Lookup lookup)
      throws SQLException {
    Batch batch = new Batch(submissions);
    for (Submission submission : submissions) {
      CommitFailure refusal = batch.admit(submission, epoch, stored, lookup);
      if (refusal != null) {
        // Now, since those that follow in this batch may name it.
        submission.failed().add(submission.set());
      }
      batch.refusals.add(refusal);
    }
    return batch;
  }

  private @Nullable CommitFailure admit(
      Submission submission, long epoch, long stored, Lookup lookup) throws SQLException {
    WriteSet set = submission.set();
    if (set.epoch() != epoch || stored != epoch) {
      return refusal(
          Reason.EPOCH,
          set,
          "it was written under epoch " + set.epoch() + " and the data's is " + stored);
    }
    if (submission.failed().holds(set.after())) {
      return refusal(Reason.ORDER, set, "one of another room's that it builds on has failed");
    }
    RoomChanges changes = rooms.get(set.room());
    if (changes == null) {
      changes = new RoomChanges(set.room(), lookup.find(set.room()));
      rooms.put(set.room(), changes);
    }
    long before = changes.sequence();
    if (!changes.take(set)) {
      return refusal(
          Reason.SEQUENCE,
          set,
          "its sequence is " + set.sequence() + " where " + (before + 1) + " must follow");
    }
    return null;
  }

  private static CommitFailure refusal(Reason reason, WriteSet set, String why) {
    return new CommitFailure(
        reason,
        Outcome.NOT_APPLIED,
        "room " + set.room() + ": a write set was refused: " + why,
        null);
  }

  /// The changes to write; some may be without any set.
  Collection<RoomChanges> rooms() {
    return rooms.values();
  }

  /// Keys and values of all sets, in bytes.
  long bytes() {
    long bytes = 0;
    for (Submission submission : submissions) {
      bytes += submission.set().bytes();
    }
    return bytes;
  }

  /// Answers all, in order of arrival.
  ///
  /// @param position where the transaction stands
  /// @param told called after each answer
  void succeed(Position position, Runnable told) {
    answer(submission -> submission.answer().complete(position), told);
  }

  /// Answers all, in order of arrival: what was refused by itself keeps its own reason.
  void fail(Reason reason, Outcome outcome, String why, Throwable cause) {
    answer(submission -> submission.refuse(reason, outcome, why, cause), () -> {});
  }

  private void answer(Consumer<Submission> admitted, Runnable told) {
    for (int i = 0; i < submissions.size(); i++) {
      CommitFailure refusal = refusals.get(i);
      if (refusal == null) {
        admitted.accept(submissions.get(i));
      } else {
        submissions.get(i).refuse(refusal);
      }
      told.run();
    }
  }
}
