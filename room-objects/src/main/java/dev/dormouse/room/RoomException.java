package dev.dormouse.room;

import org.jspecify.annotations.Nullable;

/// Everything that can go wrong between a caller and a room, as one small family: each says whether
/// trying again helps and what is known of the outcome (E1). The room is named in every message.
public abstract sealed class RoomException extends RuntimeException
    permits Refusal,
        RoomException.CallTimeout,
        RoomException.WouldDeadlock,
        RoomException.RoomReset,
        RoomException.GoingAway {
  private static final long serialVersionUID = 1;

  /// What is known of the changes that were asked for.
  public enum Outcome {
    /// Nothing of it happened.
    NOT_APPLIED,
    /// It may have happened, in part or whole.
    UNKNOWN
  }

  private final boolean retryable;
  private final Outcome outcome;

  RoomException(String message, boolean retryable, Outcome outcome, @Nullable Throwable cause) {
    super(message, cause);
    this.retryable = retryable;
    this.outcome = outcome;
  }

  /// Whether the same request may succeed later without anything being changed by a person.
  public boolean retryable() {
    return retryable;
  }

  public Outcome outcome() {
    return outcome;
  }

  /// No reply came in time; the call may still run.
  public static final class CallTimeout extends RoomException {
    private static final long serialVersionUID = 1;

    public CallTimeout(String message) {
      super(message, true, Outcome.UNKNOWN, null);
    }
  }

  /// The call would wait for a room that waits for the caller, or goes too deep (T8).
  public static final class WouldDeadlock extends RoomException {
    private static final long serialVersionUID = 1;

    public WouldDeadlock(String message) {
      super(message, false, Outcome.NOT_APPLIED, null);
    }
  }

  /// The incarnation ended before the work was done (T5, O2).
  public static final class RoomReset extends RoomException {
    private static final long serialVersionUID = 1;

    /// Why an incarnation ends before its time.
    public enum Reason {
      HANDLER_THREW,
      ABORTED,
      /// A write set was rejected or its sync failed; see [#outcome].
      COMMIT_FAILED,
      /// A turn or a critical section took longer than its limit.
      OVER_LIMIT,
      /// It failed so often that it is not built again yet (T6).
      BACKING_OFF,
      /// The process stops and the time to drain is over.
      STOPPING,
      /// It fell asleep; only code that outlived its handler ever sees this.
      ASLEEP
    }

    private final Reason reason;

    public RoomReset(Reason reason, Outcome outcome, String message, @Nullable Throwable cause) {
      super(message, reason != Reason.HANDLER_THREW, outcome, cause);
      this.reason = reason;
    }

    public Reason reason() {
      return reason;
    }

    /// The same reset for one more who is told of it, with a stack trace of their own.
    public RoomReset again() {
      return new RoomReset(reason, outcome(), String.valueOf(getMessage()), this);
    }
  }

  /// The server is stopping and takes no new work; come back.
  public static final class GoingAway extends RoomException {
    private static final long serialVersionUID = 1;

    public GoingAway(String message) {
      super(message, true, Outcome.NOT_APPLIED, null);
    }
  }
}
