package dev.dormouse.room;

/// A clear no: nothing was changed, and the room lives on (T4).
///
/// Thrown out of a handler it undoes the turn and is answered: as the HTTP status over HTTP, as
/// itself to a caller, through [Room#onRefused] over a WebSocket. Who throws one promises that no
/// field of the room was changed.
public abstract sealed class Refusal extends RoomException {
  private static final long serialVersionUID = 1;

  private final int status;

  private Refusal(int status, String message, boolean retryable) {
    super(message, retryable, Outcome.NOT_APPLIED, null);
    this.status = status;
  }

  /// The HTTP status that says the same.
  public int status() {
    return status;
  }

  /// The room's own no, with a status of its choice.
  public static final class Refused extends Refusal {
    private static final long serialVersionUID = 1;

    /// @param status 400 to 499
    public Refused(int status, String message) {
      super(status, message, false);
      if (status < 400 || status > 499) {
        throw new IllegalArgumentException("a refusal's status is 400 to 499, not " + status);
      }
    }
  }

  /// What was asked for is not there.
  public static final class NotFound extends Refusal {
    private static final long serialVersionUID = 1;

    public NotFound(String message) {
      super(404, message, false);
    }
  }

  /// The state has moved on: [#current] is the version now (S3).
  public static final class VersionConflict extends Refusal {
    private static final long serialVersionUID = 1;
    private final long current;

    public VersionConflict(long current, String message) {
      super(412, message, false);
      this.current = current;
    }

    public long current() {
      return current;
    }
  }

  /// Something exceeds a limit; the message names it.
  public static final class TooLarge extends Refusal {
    private static final long serialVersionUID = 1;

    public TooLarge(String message) {
      super(413, message, false);
    }
  }

  /// The room has as much stored as it may ([RoomLimits#storedBytes], [RoomLimits#storedKeys]). It
  /// can be read, and what is in it deleted or made smaller.
  public static final class RoomFull extends Refusal {
    private static final long serialVersionUID = 1;

    public RoomFull(String message) {
      super(507, message, false);
    }
  }

  /// More waits for the room than it may hold (O6). Retry with back-off.
  public static final class Overloaded extends Refusal {
    private static final long serialVersionUID = 1;

    public Overloaded(String message) {
      super(503, message, true);
    }
  }

  /// The disk is full or failing: the room can be read, not changed.
  public static final class StorageFull extends Refusal {
    private static final long serialVersionUID = 1;

    public StorageFull(String message) {
      super(507, message, true);
    }

    /// Says what its clients may know. Which file it is, and what the system said of it, is for
    /// whoever runs the server.
    public static StorageFull of(RoomId room) {
      return new StorageFull(
          room
              + " cannot be changed at present: the server's disk is full or fails; what is stored"
              + " can be read; try again later");
    }
  }
}
