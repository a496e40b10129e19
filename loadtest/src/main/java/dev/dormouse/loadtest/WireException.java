package dev.dormouse.loadtest;

/// A server did not answer as the contract or the protocol says; ends the run, because figures of
/// wrong answers are worth nothing.
final class WireException extends RuntimeException {
  private static final long serialVersionUID = 1;

  WireException(String message) {
    super(message);
  }

  WireException(String message, Throwable cause) {
    super(message, cause);
  }
}
