package dev.dormouse.loadtest;

/// A server did not answer as the contract or the protocol says; ends the run, because figures of
/// wrong answers are worth nothing.
public final class WireException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public WireException(String message) {
    super(message);
  }

  public WireException(String message, Throwable cause) {
    super(message, cause);
  }
}
