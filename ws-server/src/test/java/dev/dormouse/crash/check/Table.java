package dev.dormouse.crash.check;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// The table of transitions, from the design and by hand: which of them may lead from which status
/// to which.
final class Table {
  private static final String R = "RUNNING";
  private static final String B = "COMPENSATING";
  private static final String OK = "COMPLETED";
  private static final String UNDONE = "COMPENSATED";
  private static final String PF = "PARKED_FORWARD";
  private static final String PB = "PARKED_BACKWARD";

  /// From a status, to any of these.
  private record Way(String from, Set<String> to) {}

  private static final Map<String, List<Way>> LINES =
      Map.ofEntries(
          Map.entry("T1", List.of(new Way("", Set.of(R)))),
          Map.entry("T2", List.of(new Way(R, Set.of(R)))),
          Map.entry("T3", List.of(new Way(R, Set.of(OK)))),
          // The second: a member of a group settles while it goes back.
          Map.entry("T4", List.of(new Way(R, Set.of(B, UNDONE)), new Way(B, Set.of(B, UNDONE)))),
          Map.entry("T5", List.of(new Way(R, Set.of(R)))),
          Map.entry("T6", List.of(new Way(R, Set.of(B, UNDONE)), new Way(B, Set.of(B, UNDONE)))),
          // Running on: other members of the group are waited for.
          Map.entry("T7", List.of(new Way(R, Set.of(PF, R)))),
          Map.entry("T8", List.of(new Way(B, Set.of(B, UNDONE)))),
          Map.entry("T9", List.of(new Way(B, Set.of(B)))),
          Map.entry("T10", List.of(new Way(B, Set.of(PB)))),
          Map.entry(
              "T11",
              List.of(
                  new Way(PF, Set.of(R, OK, PF, B, UNDONE)), new Way(PB, Set.of(B, UNDONE, PB)))),
          // Held back while it was paused: whatever follows from how the steps stand.
          Map.entry(
              "T14",
              List.of(
                  new Way(R, Set.of(R, B, OK, UNDONE, PF)),
                  new Way(B, Set.of(B, UNDONE)),
                  new Way(PF, Set.of(PF)),
                  new Way(PB, Set.of(PB)))));

  private Table() {}

  /// @param from empty if there is no saga yet
  static boolean allows(String from, String transition, String to) {
    if (transition.equals("T12")) {
      return from.equals(to);
    }
    if (transition.equals("T13")) {
      return from.equals(to) && Set.of(R, B, PF, PB).contains(from);
    }
    return LINES.getOrDefault(transition, List.of()).stream()
        .anyMatch(way -> way.from.equals(from) && way.to.contains(to));
  }
}
