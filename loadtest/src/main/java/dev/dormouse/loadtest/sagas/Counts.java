package dev.dormouse.loadtest.sagas;

import dev.dormouse.loadtest.Json;
import dev.dormouse.loadtest.JsonObject;

/// What an object has stored: how often it did a step, and how often it took one back.
record Counts(long done, long undone) {
  static final Counts NONE = new Counts(0, 0);

  /// Reads it from an object with these two numbers.
  static Counts of(String json) {
    JsonObject counts = Json.object(json);
    return new Counts(counts.number("done"), counts.number("undone"));
  }

  Counts plus(Counts more) {
    return new Counts(done + more.done, undone + more.undone);
  }
}
