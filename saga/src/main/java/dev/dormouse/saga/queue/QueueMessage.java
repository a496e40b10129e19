package dev.dormouse.saga.queue;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a producer puts into a queue: a header for the queue, a payload for the consumer.
///
/// @param source who sent it: a room's id as text; empty if it came from outside
/// @param sequence the number of the source's outbox row for this queue; 0 without a source
/// @param key the idempotency key: the same for every repetition of the same message. Consumers
///   that must act once deduplicate by it
/// @param type the producer's word for what it is; may be empty
/// @param notBefore the time before which nobody is to see it, in milliseconds since 1970; 0 for at
///   once
/// @param orderingKey messages with the same one are handed out one after the other; empty for no
///   order
/// @param origin what it was before it became a dead letter
/// @param payload handed over: neither side changes it
public record QueueMessage(
    String source,
    long sequence,
    String key,
    String type,
    ContentType contentType,
    long notBefore,
    String orderingKey,
    @Nullable DeadLetter origin,
    byte[] payload) {
  /// The longest key, type, source or ordering key, in characters.
  public static final int TEXT_CHARS = 1_024;

  /// @throws IllegalArgumentException if a text is too long or the key is empty
  public QueueMessage {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a message needs an idempotency key");
    }
    checkLength("source", source);
    checkLength("idempotency key", key);
    checkLength("type", type);
    checkLength("ordering key", orderingKey);
  }

  /// A message from outside, without order or delay.
  public static QueueMessage of(String key, ContentType contentType, byte[] payload) {
    return new QueueMessage("", 0, key, "", contentType, 0, "", null, payload);
  }

  /// The same for a sender's outbox row.
  public QueueMessage from(String source, long sequence) {
    return new QueueMessage(
        source, sequence, key, type, contentType, notBefore, orderingKey, origin, payload);
  }

  /// The same, to be seen not before `time`, in milliseconds since 1970.
  public QueueMessage delayedTo(long time) {
    return new QueueMessage(
        source, sequence, key, type, contentType, time, orderingKey, origin, payload);
  }

  /// The same, handed out after all earlier messages with this ordering key.
  public QueueMessage inOrderOf(String orderingKey) {
    return new QueueMessage(
        source, sequence, key, type, contentType, notBefore, orderingKey, origin, payload);
  }

  /// The same as the dead letter that it has become; without order and delay, which were its
  /// queue's.
  public QueueMessage deadLetter(DeadLetter origin) {
    return new QueueMessage(source, sequence, key, type, contentType, 0, "", origin, payload);
  }

  /// Where it comes from, if it is a dead letter.
  public Optional<DeadLetter> deadLetterOrigin() {
    return Optional.ofNullable(origin);
  }

  private static void checkLength(String what, String text) {
    if (text.length() > TEXT_CHARS) {
      throw new IllegalArgumentException(
          "a message's "
              + what
              + " has at most "
              + TEXT_CHARS
              + " characters, not "
              + text.length());
    }
  }
}
