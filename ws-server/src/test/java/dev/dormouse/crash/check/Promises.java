package dev.dormouse.crash.check;

import java.util.Map;
import java.util.Set;

/// What clients were told.
///
/// @param begun sagas that were said to be started, with their owners
/// @param ended sagas that were said to have ended, and how
/// @param cancelled sagas whose cancelling was accepted
/// @param swapped ops that were accepted, as `owner version`
/// @param sent parcels that were taken, with the owners that sent them
/// @param absent sagas and ops that were refused: nothing of them may be found
public record Promises(
    Map<String, String> begun,
    Map<String, String> ended,
    Set<String> cancelled,
    Map<String, String> swapped,
    Map<String, String> sent,
    Set<String> absent) {

  public static final Promises NONE =
      new Promises(Map.of(), Map.of(), Set.of(), Map.of(), Map.of(), Set.of());
}
