package dev.dormouse.saga.engine;

import java.util.List;
import java.util.Map;

/// A saga's own row: all that changes with each of its transitions, so that one row is written for
/// one transition.
///
/// @param saga the saga
/// @param dues when its alarms ring, in milliseconds since 1970 UTC
/// @param lines the last lines of its log: those of the block that is being filled
/// @param small its input and its steps' results by their keys of [RowKeys], where they are short;
///   others have rows of their own
public record Sheet(
    SagaRow saga, Map<AlarmRef, Long> dues, List<LogLine> lines, Map<String, byte[]> small) {
  /// How many lines of a log share a row.
  static final int BLOCK = 8;

  /// How long an input or a result is at most, in bytes, to be kept here.
  static final int SMALL = 100;

  /// The number of the first line of the block to which line `n` belongs.
  static int block(int n) {
    return (n - 1) / BLOCK * BLOCK + 1;
  }

  /// Of a saga that is not there.
  static Sheet none(SagaRow none) {
    return new Sheet(none, Map.of(), List.of(), Map.of());
  }
}
