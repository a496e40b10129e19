package dev.dormouse.storage.sql;

/// A statement that rooms may not use; the message says why, for whoever wrote it.
final class NotAllowed extends Exception {
  private static final long serialVersionUID = 1;

  NotAllowed(String message) {
    super(message);
  }
}
