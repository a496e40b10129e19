package dev.dormouse.saga.queue.node;

import dev.dormouse.room.Codec;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.Outgoing;
import dev.dormouse.saga.Queues;
import dev.dormouse.saga.queue.ContentType;
import dev.dormouse.saga.queue.GroupSettings;
import dev.dormouse.saga.queue.QueueMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a room sends: rows of its own, written in the turn that sends, until the [Relay] has had
/// them appended.
///
/// | row | holds |
/// |---|---|
/// | `sent/<queue>` | [Sent]: how many were ever sent, and how many of them are in the log |
/// | `out/<queue>/<number>` | a message that is not known to be in the log |
class Outbox implements Queues {
  static final String SENT = "sent/";
  static final String OUT = "out/";

  private final FacilityRoom room;
  private final QueueNode node;
  private final Relay relay;

  Outbox(FacilityRoom room, QueueNode node, Relay relay) {
    this.room = room;
    this.node = node;
    this.relay = relay;
  }

  @Override
  public String send(String queue, Outgoing message) {
    return send(queue, List.of(message)).getFirst();
  }

  @Override
  public List<String> send(String queue, List<Outgoing> messages) {
    OpenQueue open = node.declared(queue);
    if (messages.size() > MAX_BATCH) {
      throw new Refusal.TooLarge(
          "%s sends %d messages at once to queue '%s'; the limit is %d"
              .formatted(room.id(), messages.size(), queue, MAX_BATCH));
    }
    Sent sent = sent(queue);
    if (sent.waiting() + messages.size() > MAX_UNPUBLISHED) {
      throw new Refusal.Overloaded(
          "%d messages of %s wait for the log of queue '%s'; the limit is %d"
              .formatted(sent.waiting(), room.id(), queue, MAX_UNPUBLISHED));
    }
    List<String> keys = new ArrayList<>(messages.size());
    long number = sent.sent();
    for (Outgoing message : messages) {
      QueueMessage built = message(open, message, ++number);
      room.put(row(queue, number), MessageBytes.of(built));
      keys.add(built.key());
    }
    if (!messages.isEmpty()) {
      room.put(SENT + queue, new Sent(number, sent.published()).bytes());
      relay.soon();
    }
    return keys;
  }

  private QueueMessage message(OpenQueue queue, Outgoing message, long number) {
    String source = word(room.id());
    long now = room.clock().millis();
    long notBefore = message.visibleAt(now);
    if (notBefore > now + GroupSettings.MAX_DELAY.toMillis()) {
      throw new IllegalArgumentException(
          "a message is delayed by 366 days at most, not to " + notBefore);
    }
    QueueMessage built =
        new QueueMessage(
            source,
            number,
            message
                .key()
                .orElseGet(() -> source + "/" + queue.name() + "/" + number + node.keySuffix()),
            message.type(),
            contentType(message.payload()),
            notBefore,
            message.orderingKey().orElse(source),
            null,
            payload(message.payload(), room.codec()));
    checkSize(queue, built);
    return built;
  }

  /// @throws Refusal.TooLarge if the queue does not take so much
  static void checkSize(OpenQueue queue, QueueMessage message) {
    if (message.payload().length > queue.messageBytes()) {
      throw new Refusal.TooLarge(
          "message %s has %d bytes; queue '%s' takes up to %d"
              .formatted(
                  message.key(), message.payload().length, queue.name(), queue.messageBytes()));
    }
  }

  private static ContentType contentType(Outgoing.Payload payload) {
    return switch (payload) {
      case Outgoing.Payload.Value _ -> ContentType.JSON;
      case Outgoing.Payload.Text _ -> ContentType.TEXT;
      case Outgoing.Payload.Bytes _ -> ContentType.BYTES;
    };
  }

  private static byte[] payload(Outgoing.Payload payload, Codec codec) {
    return switch (payload) {
      case Outgoing.Payload.Value(Object value) -> codec.encode(value);
      case Outgoing.Payload.Text(String text) -> text.getBytes(StandardCharsets.UTF_8);
      case Outgoing.Payload.Bytes(byte[] bytes) -> bytes;
    };
  }

  /// A room in a message's header: short, whatever its name is.
  static String word(RoomId room) {
    return room.namespace() + ":" + room.hex();
  }

  @Override
  public long unpublished(String queue) {
    node.declared(queue);
    return sent(queue).waiting();
  }

  private Sent sent(String queue) {
    return room.get(SENT + queue).map(Sent::read).orElse(Sent.NOTHING);
  }

  /// Below which a queue's rows lie, in order of their numbers.
  static String rows(String queue) {
    return OUT + queue + "/";
  }

  static String row(String queue, long number) {
    return rows(queue) + "%019d".formatted(number);
  }

  static long number(String row) {
    return Long.parseLong(row.substring(row.lastIndexOf('/') + 1));
  }
}
