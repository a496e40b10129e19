package dev.dormouse.saga;

import java.util.ArrayList;
import java.util.List;

/// A definition as a drawing: data for whoever draws, and as Mermaid text.
///
/// @param name of the definition
/// @param version of the definition
/// @param nodes in the order of the definition
/// @param edges by index of their nodes
public record SagaGraph(String name, int version, List<Node> nodes, List<Edge> edges) {

  /// A step.
  ///
  /// @param column its stage, from 0: where to draw it from left to right
  /// @param row its place among the members of its stage, from 0
  /// @param kind what may become of it once it is done
  /// @param operation what it asks
  /// @param target the service it calls; empty if it asks a room
  /// @param undo what takes it back; empty if nothing does
  public record Node(
      int index,
      String name,
      int column,
      int row,
      Step.Kind kind,
      String operation,
      String target,
      String undo) {}

  /// That `to` begins when `from`, and all others of its stage, are done.
  public record Edge(int from, int to) {}

  public static SagaGraph of(Saga<?> saga) {
    List<Node> nodes = new ArrayList<>();
    List<Edge> edges = new ArrayList<>();
    int column = 0;
    List<Integer> before = List.of();
    for (List<? extends Step<?>> stage : saga.stages()) {
      List<Integer> here = new ArrayList<>();
      for (Step<?> step : stage) {
        int index = nodes.size();
        nodes.add(node(step, index, column, here.size()));
        before.forEach(from -> edges.add(new Edge(from, index)));
        here.add(index);
      }
      before = here;
      column++;
    }
    return new SagaGraph(saga.name(), saga.version(), List.copyOf(nodes), List.copyOf(edges));
  }

  private static Node node(Step<?> step, int index, int column, int row) {
    Command<?> act = step.command();
    return new Node(
        index,
        step.name(),
        column,
        row,
        step.kind(),
        act.operation(),
        switch (act) {
          case Command.ToRoom<?> _ -> "";
          case Command.External<?> external -> external.service();
        },
        step.undo().map(Command::operation).orElse(""));
  }

  /// The same as a Mermaid flow chart: what is done from left to right, the pivot in bold.
  public String mermaid() {
    StringBuilder text = new StringBuilder("flowchart LR\n");
    for (Node node : nodes) {
      String undo = node.undo().isEmpty() ? "" : "<br/>undo: " + node.undo();
      text.append("  s%d[\"%s%s\"]\n".formatted(node.index(), node.name(), quoted(undo)));
    }
    edges.forEach(edge -> text.append("  s%d --> s%d\n".formatted(edge.from(), edge.to())));
    nodes.stream()
        .filter(node -> node.kind() == Step.Kind.PIVOT)
        .forEach(node -> text.append("  style s%d stroke-width:4px\n".formatted(node.index())));
    return text.toString();
  }

  private static String quoted(String text) {
    return text.replace("\"", "#quot;");
  }
}
