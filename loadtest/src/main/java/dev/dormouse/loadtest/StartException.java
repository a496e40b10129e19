package dev.dormouse.loadtest;

/// A server could not be started; the message says why, and where its log is.
public final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StartException(String message) {
    super(message);
  }
}
