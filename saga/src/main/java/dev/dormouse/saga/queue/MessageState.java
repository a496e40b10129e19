package dev.dormouse.saga.queue;

/// Where a message is within a consumer group, from the moment the group has read it from the log
/// until it is acknowledged, which leaves no trace.
public enum MessageState {
  /// Waits to be handed out; with an ordering key, perhaps behind others.
  READY,
  /// Waits for a time.
  DELAYED,
  /// Somebody has it, until a time.
  LEASED,
  /// Given up. Its dead letter is on its way or has been sent; it can be driven again while the log
  /// holds it.
  DEAD;

  /// Whether somebody has still to deal with it.
  boolean unresolved() {
    return this != DEAD;
  }
}
