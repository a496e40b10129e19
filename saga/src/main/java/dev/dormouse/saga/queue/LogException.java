package dev.dormouse.saga.queue;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A log cannot do what was asked.
public final class LogException extends IOException {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  public LogException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /// What is known of the batch, and whether a repetition helps.
  public enum Reason {
    /// This batch will never be taken. Nothing was appended.
    TOO_LARGE,
    /// The disk has too little space left. Nothing was appended; a repetition helps once there is.
    FULL,
    /// Appending or syncing failed: the batch may be in the log or not. Nothing more is taken until
    /// the log is opened again; what was durable can still be read.
    BROKEN,
    /// The log is closed. Nothing was appended.
    CLOSED,
    /// The log cannot be opened; the message says what to do.
    UNUSABLE
  }
}
