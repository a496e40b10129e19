package dev.dormouse.rooms.limiter;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.Storage;
import java.util.OptionalLong;

/// The rows behind a limiter. Has no memory of its own, and no timer: how full the bucket is
/// follows from what is stored and the clock.
///
/// `bucket`, grains and time, absent while nobody has taken anything; `limit`, capacity, seconds
/// and revision, absent while the usual one holds. What changes nothing writes nothing.
final class Meter {
  private static final int SCHEMA = 1;
  private static final String BUCKET = "bucket";
  private static final String LIMIT = "limit";

  private final RoomContext context;

  Meter(RoomContext context) {
    this.context = context;
  }

  /// The limit that holds.
  ///
  /// @param revision how often it was changed: unlike the room's version it does not move with
  ///   every token, so a client can compare and set
  record Ruling(Limit limit, long revision) {}

  /// How things stand.
  ///
  /// @param fullInMillis until the bucket is full; tokens come back evenly meanwhile
  record State(long remaining, long capacity, long perSeconds, long fullInMillis) {}

  /// @throws IllegalStateException if the rows were written by a newer version
  void open() {
    if (storage().schema() > SCHEMA) {
      throw new IllegalStateException(
          "%s was written by a newer version (schema %d, known are those up to %d): update the server"
              .formatted(context.id(), storage().schema(), SCHEMA));
    }
  }

  /// Takes all or none.
  Taken take(long tokens) {
    Limit limit = ruling().limit();
    if (tokens < 1 || tokens > limit.capacity()) {
      throw new Refusal.Refused(
          400, "one can take 1 to %d tokens at once, not %d".formatted(limit.capacity(), tokens));
    }
    Bucket bucket = bucket(limit);
    boolean granted = bucket.holds(limit, tokens);
    if (granted) {
      bucket = bucket.without(limit, tokens);
      write(bucket);
    }
    return new Taken(
        granted,
        bucket.tokens(limit),
        limit.capacity(),
        limit.perSeconds(),
        bucket.until(limit, limit.capacity(), now()),
        granted ? 0 : bucket.until(limit, tokens, now()));
  }

  /// Sets the limit, if its revision is the `expected` one.
  ///
  /// @throws Refusal.VersionConflict if it is not
  Ruling set(Limit limit, OptionalLong expected) {
    Ruling before = ruling();
    if (expected.isPresent() && expected.getAsLong() != before.revision()) {
      throw new Refusal.VersionConflict(
          before.revision(), "the limit is at version %d by now".formatted(before.revision()));
    }
    if (limit.equals(before.limit())) {
      return before;
    }
    Ruling after = new Ruling(limit, before.revision() + 1);
    if (storage().get(BUCKET).isPresent()) {
      write(bucket(before.limit()).under(before.limit(), limit));
    }
    storage().schema(SCHEMA);
    storage()
        .putText(
            LIMIT, "%d %d %d".formatted(limit.capacity(), limit.perSeconds(), after.revision()));
    return after;
  }

  State state() {
    Limit limit = ruling().limit();
    Bucket bucket = bucket(limit);
    return new State(
        bucket.tokens(limit),
        limit.capacity(),
        limit.perSeconds(),
        bucket.until(limit, limit.capacity(), now()));
  }

  Ruling ruling() {
    return storage()
        .getText(LIMIT)
        .map(row -> numbers(row, 3))
        .map(row -> new Ruling(new Limit(row[0], row[1]), row[2]))
        .orElse(new Ruling(Limit.USUAL, 0));
  }

  private Bucket bucket(Limit limit) {
    return storage()
        .getText(BUCKET)
        .map(row -> numbers(row, 2))
        .map(row -> new Bucket(row[0], row[1]).at(limit, now()))
        .orElseGet(() -> Bucket.full(limit, now()));
  }

  private void write(Bucket bucket) {
    storage().schema(SCHEMA);
    storage().putText(BUCKET, bucket.grains() + " " + bucket.at());
  }

  private long[] numbers(String row, int count) {
    String[] words = row.split(" ", -1);
    if (words.length != count) {
      throw new IllegalStateException("a stored row of " + context.id() + " is broken: " + row);
    }
    long[] numbers = new long[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = Long.parseLong(words[i]);
    }
    return numbers;
  }

  private Storage storage() {
    return context.storage();
  }

  private long now() {
    return context.clock().millis();
  }
}
