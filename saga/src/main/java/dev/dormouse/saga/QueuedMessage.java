package dev.dormouse.saga;

import java.time.Instant;
import java.util.Optional;

/// A message of a queue, as who gets it may read it.
public interface QueuedMessage {

  /// The idempotency key: the same however often the message comes.
  String key();

  /// The sender's word for what it is; may be empty.
  String type();

  /// What it stands in line with; empty if it is in no order.
  String orderingKey();

  /// The room that sent it, as `namespace:id`; empty if it came from outside.
  Optional<String> source();

  /// When it came into the queue.
  Instant sentAt();

  /// The payload; not a copy.
  byte[] bytes();

  /// The payload as UTF-8 text.
  String text();

  /// The payload as the codec maps it.
  ///
  /// @throws IllegalArgumentException if it is not a `type`
  <T> T as(Class<T> type);

  /// Why it was given up, if it is a dead letter.
  Optional<Origin> origin();

  /// What a dead letter was before.
  ///
  /// @param attempts how often it was handed out
  /// @param error what the last attempt said
  record Origin(String queue, String group, int attempts, String error) {}
}
