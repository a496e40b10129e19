package dev.dormouse.rooms.json;

/// Bytes from outside that are not the JSON that belongs there.
///
/// Checked, because every caller holds bytes of a stranger and owes them an answer.
public final class BadJsonException extends Exception {
  private static final long serialVersionUID = 1;

  public BadJsonException(String message) {
    super(message);
  }
}
