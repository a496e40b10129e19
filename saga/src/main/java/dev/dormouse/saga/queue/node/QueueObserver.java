package dev.dormouse.saga.queue.node;

/// Hears what queues do, for metrics: each thing once it is durable. Called from any thread, on hot
/// paths: must be quick and must not throw.
public interface QueueObserver {

  /// Does nothing.
  QueueObserver NONE = new QueueObserver() {};

  /// Messages were appended to the queue's log, be they sent, published over HTTP, or dead letters.
  default void published(String queue, int messages) {}

  /// Messages were handed out to a group's consumers.
  ///
  /// @param again how many of them had been handed out before
  default void delivered(String queue, String group, long messages, long again) {}

  default void acknowledged(String queue, String group, long messages) {}

  /// A group gave messages up.
  default void deadLettered(String queue, String group, long messages) {}

  /// A queue's log was synced.
  ///
  /// @param bytes what was appended since the last sync
  /// @param nanos what the sync took
  default void synced(String queue, long bytes, long nanos) {}
}
