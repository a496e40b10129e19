package dev.dormouse.saga.engine;

/// Rows of the saga itself as bytes. Field names are stable; `v` is the number of their format, and
/// a row of a later one is refused instead of misread.
public final class RowCodec {
  private static final int FORMAT = 2;

  private RowCodec() {}

  static FlatJson begin() {
    return new FlatJson().put("v", FORMAT);
  }

  static FlatJson open(byte[] bytes) {
    FlatJson json = FlatJson.parse(bytes);
    if (json.number("v") != FORMAT) {
      throw new IllegalArgumentException(
          "a saga's row has format " + json.number("v") + ", and only " + FORMAT + " is known");
    }
    return json;
  }

  /// What the node-wide index says of a saga.
  ///
  /// @param started milliseconds since 1970 UTC; likewise `changed`
  /// @param cause cut to 200 characters
  public record Note(long started, long changed, boolean paused, String cause) {}

  /// Begins with the start, which has thirteen digits from 2001 to 2286: so notes sort by it, byte
  /// by byte, and the least of many tells when the oldest saga was started.
  public static byte[] note(SagaRow row, long changed) {
    String cause = row.cause();
    return begin()
        .put("startedAt", row.started())
        .put("changedAt", changed)
        .put("paused", row.paused())
        .put("cause", cause.substring(0, Math.min(cause.length(), 200)))
        .bytes();
  }

  public static Note note(byte[] bytes) {
    FlatJson json = open(bytes);
    return new Note(
        json.number("startedAt"),
        json.number("changedAt"),
        json.truth("paused"),
        json.text("cause"));
  }

  public static byte[] dead(DeadRow row) {
    return begin()
        .put("saga", row.saga())
        .put("step", row.step())
        .put("way", row.way().word())
        .put("reason", row.reason())
        .put("at", row.at())
        .put("reviewAt", row.reviewAt())
        .put("closedBy", row.closedBy())
        .put("note", row.note())
        .bytes();
  }

  public static DeadRow dead(byte[] bytes) {
    FlatJson json = open(bytes);
    return new DeadRow(
        json.text("saga"),
        json.count("step"),
        Way.of(json.text("way")),
        json.text("reason"),
        json.number("at"),
        json.number("reviewAt"),
        json.text("closedBy"),
        json.text("note"));
  }
}
