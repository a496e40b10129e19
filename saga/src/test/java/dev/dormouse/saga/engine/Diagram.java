package dev.dormouse.saga.engine;

import dev.dormouse.saga.SagaStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Draws the page of transitions from those that were taken.
final class Diagram {
  private static final String TITLE =
      """
      # How a saga moves

      Drawn by `DiagramTest` from every transition that is taken when all states of small sagas are explored; the test \
      fails when this page differs. Transitions that change nothing (T1', T12) and those of a pause (T13, T14 without \
      a change of status) are left out of the drawing.

      """;

  private Diagram() {}

  static String page(Set<Table.Line> taken) {
    StringBuilder page = new StringBuilder(TITLE);
    page.append("```mermaid\nstateDiagram-v2\n");
    edges(taken).forEach(edge -> page.append("  ").append(edge).append('\n'));
    page.append("```\n\n| transition | means | from | to |\n|---|---|---|---|\n");
    for (Transition transition : Transition.values()) {
      Set<String> from = new TreeSet<>();
      Set<String> to = new TreeSet<>();
      for (Table.Line line : taken) {
        if (line.transition() == transition) {
          from.add(word(line.before()));
          to.add(word(line.after()));
        }
      }
      page.append(
          "| %s | %s | %s | %s |\n"
              .formatted(
                  transition,
                  transition.meaning(),
                  String.join(", ", from),
                  String.join(", ", to)));
    }
    return page.toString();
  }

  private static List<String> edges(Set<Table.Line> taken) {
    TreeMap<String, TreeSet<Transition>> labels = new TreeMap<>();
    for (Table.Line line : taken) {
      boolean moves = !line.before().equals(line.after());
      boolean drawn =
          switch (line.transition()) {
            case T1_AGAIN, T12, T13 -> false;
            case T14 -> moves;
            case T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11 -> true;
          };
      if (drawn) {
        String edge = node(line.before()) + " --> " + node(line.after());
        labels.computeIfAbsent(edge, absent -> new TreeSet<>()).add(line.transition());
      }
    }
    List<String> edges = new ArrayList<>();
    labels.forEach((edge, transitions) ->
        edges.add(
            edge + " : " + String.join(", ", transitions.stream().map(Object::toString).toList())));
    edges.add("COMPLETED --> [*]");
    edges.add("COMPENSATED --> [*]");
    return edges;
  }

  private static String node(Optional<SagaStatus> status) {
    return status.map(SagaStatus::name).orElse("[*]");
  }

  private static String word(Optional<SagaStatus> status) {
    return status.map(SagaStatus::name).orElse("nothing");
  }
}
