package dev.dormouse.saga;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What must hold for a definition to work: found when it is built, not when a saga is half done.
final class DefinitionRules {
  private static final Pattern NAME = Pattern.compile("[a-z][a-zA-Z0-9_-]{0,63}");

  private DefinitionRules() {}

  /// Everything that is wrong, as sentences; empty if nothing is.
  static <I> List<String> problems(Saga.Draft<I> saga) {
    List<String> problems = new ArrayList<>();
    name("saga", saga.name(), problems);
    if (saga.version() < 1) {
      problems.add("the version is at least 1, not " + saga.version());
    }
    saga.deadline()
        .filter(deadline -> deadline.isNegative() || deadline.isZero())
        .ifPresent(deadline -> problems.add("the deadline is positive, not " + deadline));
    if (saga.stages().isEmpty()) {
      problems.add("it has no steps");
    }
    Set<String> names = new HashSet<>();
    String pivot = null;
    for (List<Step<I>> stage : saga.stages()) {
      if (stage.isEmpty()) {
        problems.add("a parallel group has no steps");
      }
      for (Step<I> step : stage) {
        if (!names.add(step.name())) {
          problems.add("two steps are called '" + step.name() + "'");
        }
        name("step", step.name(), problems);
        if (step.act().isEmpty()) {
          problems.add("step '" + step.name() + "' does nothing: give it an act(...)");
        }
        if (step.timeout().compareTo(Duration.ofMillis(1)) < 0) {
          problems.add("the timeout of step '" + step.name() + "' is at least 1 ms");
        }
        problems.addAll(place(step, pivot));
        if (step.kind() == Step.Kind.PIVOT) {
          if (stage.size() > 1) {
            problems.add("pivot '" + step.name() + "' must not stand in a parallel group");
          }
          pivot = pivot == null ? step.name() : pivot;
        }
      }
    }
    return problems;
  }

  private static List<String> place(Step<?> step, @Nullable String pivot) {
    String name = "step '" + step.name() + "'";
    return switch (step.kind()) {
      case PIVOT ->
          pivot == null
              ? List.of()
              : List.of("'" + pivot + "' and '" + step.name() + "' are both pivots; one is enough");
      case UNDECLARED ->
          pivot == null
              ? List.of(
                  name
                      + " comes before the pivot and has no undo: add undo(...), or noUndo() if it"
                      + " leaves nothing to take back")
              : List.of(name + " comes after pivot '" + pivot + "': say retriable()");
      case COMPENSATABLE, NO_UNDO ->
          pivot == null
              ? List.of()
              : List.of(
                  name
                      + " comes after pivot '"
                      + pivot
                      + "', where nothing is undone: say retriable() instead");
      case RETRIABLE -> retriable(step, pivot, name);
    };
  }

  private static List<String> retriable(Step<?> step, @Nullable String pivot, String name) {
    if (pivot == null) {
      return List.of(
          name + " is retriable, but no pivot comes before it: add undo(...) or noUndo()");
    }
    return step.undo().isEmpty()
        ? List.of()
        : List.of(name + " has an undo that would never run: it comes after pivot '" + pivot + "'");
  }

  private static void name(String what, String name, List<String> problems) {
    if (!NAME.matcher(name).matches()) {
      problems.add(
          "a "
              + what
              + "'s name has 1 to 64 letters, digits, '-' and '_', and begins with a small letter: '"
              + name
              + "'");
    }
  }
}
