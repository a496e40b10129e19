package dev.dormouse.saga.queue.node;

import dev.dormouse.room.Codec;
import dev.dormouse.saga.QueuedMessage;
import dev.dormouse.saga.queue.DeadLetter;
import dev.dormouse.saga.queue.QueueMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// A message as users read it.
class Taken implements QueuedMessage {
  private final QueueMessage message;
  private final long appendedAt;
  private final Codec codec;

  Taken(QueueMessage message, long appendedAt, Codec codec) {
    this.message = message;
    this.appendedAt = appendedAt;
    this.codec = codec;
  }

  @Override
  public String key() {
    return message.key();
  }

  @Override
  public String type() {
    return message.type();
  }

  @Override
  public String orderingKey() {
    return message.orderingKey();
  }

  @Override
  public Optional<String> source() {
    return message.source().isEmpty() ? Optional.empty() : Optional.of(message.source());
  }

  @Override
  public Instant sentAt() {
    return Instant.ofEpochMilli(appendedAt);
  }

  @Override
  public byte[] bytes() {
    return message.payload();
  }

  @Override
  public String text() {
    return new String(message.payload(), StandardCharsets.UTF_8);
  }

  @Override
  public <T> T as(Class<T> type) {
    return Objects.requireNonNull(type.cast(codec.decode(message.payload(), type)));
  }

  @Override
  public Optional<Origin> origin() {
    DeadLetter origin = message.origin();
    return origin == null
        ? Optional.empty()
        : Optional.of(
            new Origin(origin.queue(), origin.group(), origin.attempts(), origin.error()));
  }
}
