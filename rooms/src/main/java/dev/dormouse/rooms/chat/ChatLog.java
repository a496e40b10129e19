package dev.dormouse.rooms.chat;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.Storage;
import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What was said, as far as it is kept: the last 1,000 messages, for a week. Has no memory of its
/// own.
///
/// Rows: `head`, see [Head]; `message/{offset}` in hexadecimal, a [Line]; `id/{name}/{id}`, the
/// offset of the message that an author called so, kept as long as the message.
final class ChatLog {
  static final int KEPT = 1_000;
  static final Duration AGE = Duration.ofDays(7);

  /// The alarm at which [#forgetOld] is to be called.
  static final String ALARM = "forget";

  private static final int SCHEMA = 1;
  private static final String HEAD = "head";
  private static final String MESSAGE = "message/";
  private static final String ID = "id/";

  private final RoomContext context;

  ChatLog(RoomContext context) {
    this.context = context;
  }

  /// How far the conversation has come.
  ///
  /// @param epoch names this life of it: offsets of another life mean something else
  /// @param top the last offset given; 0 before the first
  /// @param oldest the first offset that is kept; `top + 1` if none is
  record Head(String epoch, long top, long oldest) {
    static final Head NONE = new Head("", 0, 1);
  }

  /// Where a message went.
  ///
  /// @param epoch of the conversation
  /// @param line as it is kept
  /// @param again whether it was there before
  record Stored(String epoch, Line line, boolean again) {}

  /// @throws IllegalStateException if the rows were written by a newer version
  void open() {
    if (storage().schema() > SCHEMA) {
      throw new IllegalStateException(
          "%s was written by a newer version (schema %d, known are those up to %d): update the server"
              .formatted(context.id(), storage().schema(), SCHEMA));
    }
  }

  Head head() {
    return storage().get(HEAD).map(row -> parse(row, Head.class)).orElse(Head.NONE);
  }

  /// Keeps a message, unless this author has sent one of that id that is still kept.
  Stored post(String from, String text, Optional<String> id) {
    return storage()
        .transaction(() -> {
          Optional<Line> before =
              id.flatMap(given -> storage().getText(idKey(from, given)))
                  .flatMap(offset -> line(Long.parseLong(offset)));
          Head head = head();
          if (before.isPresent()) {
            return new Stored(head.epoch(), before.get(), true);
          }
          long now = context.clock().millis();
          // Two lives cannot begin in one millisecond: the first would have had to end in it.
          String epoch = head.epoch().isEmpty() ? Long.toString(now, 36) : head.epoch();
          Line line = new Line(head.top() + 1, now, from, text, id.orElse(null));
          storage().schema(SCHEMA);
          storage().putText(MESSAGE + hex(line.offset()), Json.write(line));
          id.ifPresent(
              given -> storage().putText(idKey(from, given), Long.toString(line.offset())));
          Head grown = new Head(epoch, line.offset(), head.oldest());
          putHead(line.offset() - head.oldest() >= KEPT ? withoutOldest(grown) : grown);
          if (context.alarms().get(ALARM).isEmpty()) {
            context.alarms().set(ALARM, Instant.ofEpochMilli(now).plus(AGE));
          }
          return new Stored(epoch, line, false);
        });
  }

  /// Forgets what is too old, and sets the alarm for what will be next.
  void forgetOld() {
    long limit = context.clock().instant().minus(AGE).toEpochMilli();
    Head head = head();
    while (line(head.oldest()).filter(line -> line.at() <= limit).isPresent()) {
      head = withoutOldest(head);
    }
    putHead(head);
    line(head.oldest())
        .ifPresent(line -> context.alarms().set(ALARM, Instant.ofEpochMilli(line.at()).plus(AGE)));
  }

  private Head withoutOldest(Head head) {
    line(head.oldest())
        .ifPresent(line -> {
          storage().delete(MESSAGE + hex(line.offset()));
          if (line.id() != null) {
            storage().delete(idKey(line.from(), line.id()));
          }
        });
    return new Head(head.epoch(), head.top(), head.oldest() + 1);
  }

  private void putHead(Head head) {
    storage().putText(HEAD, Json.write(head));
  }

  /// Whether all that came after `place` is still kept.
  boolean isComplete(Said.Place place) {
    Head head = head();
    boolean sameLife =
        place.epoch().equals(head.epoch()) || (place.epoch().isEmpty() && place.offset() == 0);
    return sameLife && place.offset() <= head.top() && place.offset() + 1 >= head.oldest();
  }

  /// Up to `limit` messages of a span, oldest first.
  List<Line> read(Said.Span span, int limit) {
    return switch (span) {
      case Said.Span.After(long offset) ->
          offset == Long.MAX_VALUE
              ? List.of()
              : lines(KeyRange.prefixed(MESSAGE).from(MESSAGE + hex(offset + 1)).limited(limit));
      case Said.Span.Before(long offset) ->
          lines(KeyRange.prefixed(MESSAGE).to(MESSAGE + hex(offset)).reversed().limited(limit))
              .reversed();
    };
  }

  private List<Line> lines(KeyRange range) {
    return storage().list(range).stream().map(row -> parse(row.value(), Line.class)).toList();
  }

  private Optional<Line> line(long offset) {
    return storage().get(MESSAGE + hex(offset)).map(row -> parse(row, Line.class));
  }

  private static String idKey(String from, String id) {
    return ID + from + "/" + id;
  }

  private static String hex(long offset) {
    return "%016x".formatted(offset);
  }

  private Storage storage() {
    return context.storage();
  }

  private <T> T parse(byte[] row, Class<T> type) {
    try {
      return Json.read(row, type);
    } catch (BadJsonException e) {
      throw new IllegalStateException(
          "a stored row of %s is no %s".formatted(context.id(), type.getSimpleName()), e);
    }
  }
}
