package dev.dormouse.saga.queue;

/// What a turn of a group has done to messages, in numbers.
///
/// @param delivered handed out
/// @param again of them those that had been handed out before
/// @param dead given up
public record Moved(long delivered, long again, long acked, long dead) {

  /// Whether nothing moved.
  public boolean isNothing() {
    return delivered == 0 && acked == 0 && dead == 0;
  }
}
