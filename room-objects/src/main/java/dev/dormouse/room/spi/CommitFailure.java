package dev.dormouse.room.spi;

import dev.dormouse.room.RoomException.Outcome;
import org.jspecify.annotations.Nullable;

/// A write set did not become durable, or nobody knows whether it did (O2).
public final class CommitFailure extends Exception {
  private static final long serialVersionUID = 1;

  /// What went wrong.
  public enum Reason {
    /// The epoch is not the store's current one: another process owns the data.
    EPOCH,
    /// The sequence does not follow the stored one: an earlier set of the room's chain failed.
    SEQUENCE,
    /// A write set of another room that this one builds on has failed.
    ORDER,
    /// The disk is full, or a probe has not yet shown that it no longer is.
    FULL,
    /// The set itself cannot be stored.
    REJECTED,
    /// Writing or syncing failed.
    IO
  }

  private final Reason reason;
  private final Outcome outcome;

  public CommitFailure(Reason reason, Outcome outcome, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.outcome = outcome;
  }

  public Reason reason() {
    return reason;
  }

  /// [Outcome#NOT_APPLIED] if rejected before the sync, [Outcome#UNKNOWN] if the commit or the sync
  /// itself failed.
  public Outcome outcome() {
    return outcome;
  }
}
