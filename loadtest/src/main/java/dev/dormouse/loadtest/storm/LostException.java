package dev.dormouse.loadtest.storm;

/// Nobody knows whether what was asked for happened, or it was refused for now: it is to be asked
/// again.
final class LostException extends Exception {
  private static final long serialVersionUID = 1;

  LostException(String message) {
    super(message);
  }
}
