package dev.dormouse.saga;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A message to be sent: a payload, and how it is to be treated. Immutable.
///
/// ```java
/// Outgoing.value(new Order(7)).type("placed").after(Duration.ofMinutes(5))
/// ```
public final class Outgoing {
  private final Payload payload;
  private final String type;
  private final @Nullable String key;
  private final @Nullable String orderingKey;
  private final @Nullable Instant notBefore;
  private final Duration delay;

  /// What a message carries.
  public sealed interface Payload {
    /// An object that the sender's codec maps, to JSON on a server.
    record Value(Object value) implements Payload {}

    record Text(String text) implements Payload {}

    record Bytes(byte[] bytes) implements Payload {}
  }

  private Outgoing(
      Payload payload,
      String type,
      @Nullable String key,
      @Nullable String orderingKey,
      @Nullable Instant notBefore,
      Duration delay) {
    this.payload = payload;
    this.type = type;
    this.key = key;
    this.orderingKey = orderingKey;
    this.notBefore = notBefore;
    this.delay = delay;
  }

  /// An object, mapped when it is sent.
  public static Outgoing value(Object value) {
    return of(new Payload.Value(value));
  }

  public static Outgoing text(String text) {
    return of(new Payload.Text(text));
  }

  public static Outgoing bytes(byte[] bytes) {
    return of(new Payload.Bytes(bytes.clone()));
  }

  private static Outgoing of(Payload payload) {
    return new Outgoing(payload, "", null, null, null, Duration.ZERO);
  }

  /// The sender's word for what it is, at most 1,024 characters.
  public Outgoing type(String type) {
    return new Outgoing(payload, type, key, orderingKey, notBefore, delay);
  }

  /// The idempotency key: the same for what is to be taken for the same message. One of the room's
  /// own if not said.
  ///
  /// @param key 1 to 1,024 characters
  public Outgoing key(String key) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("an idempotency key is not empty");
    }
    return new Outgoing(payload, type, key, orderingKey, notBefore, delay);
  }

  /// Handed out after all earlier messages with this key. Of the sending room, if not said.
  public Outgoing inOrderOf(String orderingKey) {
    return new Outgoing(payload, type, key, orderingKey, notBefore, delay);
  }

  /// In no order with others.
  public Outgoing unordered() {
    return new Outgoing(payload, type, key, "", notBefore, delay);
  }

  /// Nobody is to see it before; at most 366 days ahead.
  public Outgoing notBefore(Instant time) {
    return new Outgoing(payload, type, key, orderingKey, time, Duration.ZERO);
  }

  /// [#notBefore], counted from when it is sent.
  public Outgoing after(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("a message is delayed by " + delay);
    }
    return new Outgoing(payload, type, key, orderingKey, null, delay);
  }

  public Payload payload() {
    return payload;
  }

  public String type() {
    return type;
  }

  /// Empty if it is for the room to make one.
  public Optional<String> key() {
    return Optional.ofNullable(key);
  }

  /// Empty text for no order; no text if it is that of the sending room.
  public Optional<String> orderingKey() {
    return Optional.ofNullable(orderingKey);
  }

  /// The time before which nobody is to see it, if it is sent at `now`; 0 for at once. In
  /// milliseconds since 1970.
  public long visibleAt(long now) {
    if (notBefore != null) {
      return Math.max(0, notBefore.toEpochMilli());
    }
    return delay.isZero() ? 0 : now + delay.toMillis();
  }

  @Override
  public String toString() {
    return switch (payload) {
      case Payload.Text(String text) -> type + " " + text.getBytes(UTF_8).length + " bytes";
      case Payload.Bytes(byte[] bytes) -> type + " " + bytes.length + " bytes";
      case Payload.Value(Object value) -> type + " " + value.getClass().getSimpleName();
    };
  }
}
