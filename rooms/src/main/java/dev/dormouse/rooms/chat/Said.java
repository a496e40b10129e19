package dev.dormouse.rooms.chat;

import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.json.Json;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a client says: one JSON object a text frame, told apart by `type`.
sealed interface Said {
  /// Characters of a text, of a name, and of an id that a client gives its message.
  int MAX_TEXT = 4_000;

  int MAX_NAME = 64;
  int MAX_ID = 64;

  /// Messages in one answer.
  int MAX_PAGE = 200;

  int USUAL_PAGE = 50;

  Pattern ID = Pattern.compile("[!-~]{1," + MAX_ID + "}");

  /// Enters under a name, perhaps once more after a break.
  ///
  /// @param place where the client was when it left
  record Join(String name, @Nullable Place place) implements Said {}

  /// Says something to everybody. The same id by the same name is taken once.
  record Post(String text, @Nullable String id) implements Said {}

  /// Asks for messages: those behind `after`, or the last ones before `before`.
  record History(Span span, int limit) implements Said {}

  /// Asks who is there.
  record Who() implements Said {}

  /// The last message that a client has seen, in which life of the conversation.
  record Place(String epoch, long offset) {}

  /// Which part of the history.
  sealed interface Span {
    /// Those with a higher offset, the oldest of them first.
    record After(long offset) implements Span {}

    /// Those with a lower offset, as close to it as possible.
    record Before(long offset) implements Span {}
  }

  /// Every field that any of them has.
  record Raw(
      @Nullable String type,
      @Nullable String name,
      @Nullable String text,
      @Nullable String id,
      @Nullable String epoch,
      @Nullable Long offset,
      @Nullable Long after,
      @Nullable Long before,
      @Nullable Long limit) {}

  /// Reads one frame.
  ///
  /// @throws BadJsonException with a sentence for its sender
  static Said parse(Raw raw) throws BadJsonException {
    return switch (raw.type() == null ? "" : raw.type()) {
      case "join" -> new Join(name(raw.name()), place(raw));
      case "post" -> post(raw);
      case "history" -> new History(span(raw.after(), raw.before()), limit(raw.limit()));
      case "who" -> new Who();
      default -> throw new BadJsonException("'type' is join, post, history or who");
    };
  }

  static Raw raw(byte[] frame) throws BadJsonException {
    return Json.read(frame, Raw.class);
  }

  static Post post(Raw raw) throws BadJsonException {
    String text = raw.text();
    if (text == null || text.isBlank() || text.length() > MAX_TEXT || !isWellFormed(text)) {
      throw new BadJsonException(
          "'text' has 1 to %,d characters, not all of them blank".formatted(MAX_TEXT));
    }
    String id = raw.id();
    if (id != null && !ID.matcher(id).matches()) {
      throw new BadJsonException(
          "'id' has 1 to %d printable ASCII characters, no space".formatted(MAX_ID));
    }
    return new Post(text, id);
  }

  static String name(@Nullable String text) throws BadJsonException {
    if (text == null
        || text.isBlank()
        || text.length() > MAX_NAME
        || !isWellFormed(text)
        || text.chars().anyMatch(Character::isISOControl)) {
      throw new BadJsonException(
          "'name' has 1 to %d characters, no control characters".formatted(MAX_NAME));
    }
    return text.strip();
  }

  private static @Nullable Place place(Raw raw) throws BadJsonException {
    Long offset = raw.offset();
    String epoch = raw.epoch();
    if (offset == null && epoch == null) {
      return null;
    }
    if (offset == null || offset < 0 || epoch == null || epoch.length() > MAX_ID) {
      throw new BadJsonException("'epoch' and 'offset' come together, as they were told");
    }
    return new Place(epoch, offset);
  }

  static Span span(@Nullable Long after, @Nullable Long before) throws BadJsonException {
    if (after != null && before == null && after >= 0) {
      return new Span.After(after);
    }
    if (before != null && after == null && before > 0) {
      return new Span.Before(before);
    }
    throw new BadJsonException("either 'after' (from 0) or 'before' (from 1), an offset");
  }

  static int limit(@Nullable Long limit) throws BadJsonException {
    if (limit == null) {
      return USUAL_PAGE;
    }
    if (limit < 1 || limit > MAX_PAGE) {
      throw new BadJsonException("'limit' is 1 to " + MAX_PAGE);
    }
    return limit.intValue();
  }

  /// Whether no half of a surrogate pair stands alone.
  private static boolean isWellFormed(String text) {
    return text.codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
