package dev.dormouse.saga.engine;

import dev.dormouse.saga.Saga;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks at every state that a saga, its participants and what is on its way between them can be
/// in: whatever order things happen in, whatever is lost, repeated, or cut short by the end of the
/// process between two transactions.
///
/// "Handled and gone" is "handled, kept" and then "lost"; so those two are all that can happen to a
/// message, and every duplicate is seen.
final class Model {
  /// @param losses whether messages may be lost. Where they are not, they stay for ever and may
  ///   come again at any time, which is all that a promise can be broken by; but whether an end can
  ///   be reached is only seen with losses
  /// @param outbox whether the hop from outbox to transport is a state of its own
  /// @param failures whether attempts may fail with an answer, not only with silence
  /// @param unsendable whether making a command may throw
  /// @param budget how often somebody interferes in one life
  /// @param later whether participants may begin what they answer in a later turn
  record Scope(
      Saga<?> saga,
      boolean losses,
      boolean outbox,
      boolean failures,
      boolean unsendable,
      int budget,
      int limit,
      boolean later) {

    Scope(
        Saga<?> saga,
        boolean losses,
        boolean outbox,
        boolean failures,
        boolean unsendable,
        int budget,
        int limit) {
      this(saga, losses, outbox, failures, unsendable, budget, limit, false);
    }

    /// The same, with answers that come later.
    Scope answeringLater() {
      return new Scope(saga, losses, outbox, failures, unsendable, budget, limit, true);
    }
  }

  /// @param broken the first promise that did not hold, with the way there
  /// @param states how many states there are
  /// @param taken the lines of the table that were gone along
  record Found(Optional<String> broken, int states, Set<Table.Line> taken) {}

  final Scope scope;
  final Machine machine;
  final Plan plan;
  private final Map<World, Integer> seen = new HashMap<>();
  private final List<World> worlds = new ArrayList<>();
  private int[] parent = new int[1 << 16];
  private final List<Object> how = new ArrayList<>();
  private final Rows rows = new Rows();
  private final Edges edges = new Edges();
  final Set<Table.Line> taken = new HashSet<>();
  private @Nullable String broken;

  private Model(Scope scope, Machine machine) {
    this.scope = scope;
    this.machine = machine;
    plan = Plan.of(scope.saga());
  }

  static Found explore(Scope scope, Machine machine) {
    return new Model(scope, machine).run();
  }

  private Found run() {
    SagaRow none = SagaRow.none("s", plan);
    reach(new World(rows.number(none), 0, 0, 0, 0, 0, 0, scope.budget()), 0, "begin");
    Actions actions = new Actions(this);
    for (int at = 0; at < worlds.size() && broken == null; at++) {
      if (at > scope.limit()) {
        throw new AssertionError("more than " + scope.limit() + " states");
      }
      int from = at;
      actions.each(worlds.get(at), (action, world) -> reach(world, from, action));
      if (broken != null) {
        broken += " after " + path(from);
      }
    }
    if (broken == null) {
      int stuck = edges.unableToReach(worlds.size(), this::mayRest);
      if (stuck >= 0) {
        broken = "no end can be reached after " + path(stuck);
      }
    }
    return new Found(Optional.ofNullable(broken), worlds.size(), taken);
  }

  SagaRow row(World world) {
    return row(world.saga());
  }

  SagaRow row(int number) {
    return rows.row(number);
  }

  int number(SagaRow row) {
    return rows.number(row);
  }

  void broken(String what) {
    if (broken == null) {
      broken = what;
    }
  }

  private boolean mayRest(int at) {
    SagaState state = row(worlds.get(at)).state();
    return state.parked()
        || state instanceof SagaState.Completed
        || state instanceof SagaState.Compensated;
  }

  private void reach(World world, int from, Object action) {
    int next = worlds.size();
    Integer known = seen.putIfAbsent(world, next);
    edges.add(from, known == null ? next : known);
    if (known != null) {
      return;
    }
    if (next == parent.length) {
      parent = Arrays.copyOf(parent, next * 2);
    }
    parent[next] = from;
    worlds.add(world);
    how.add(action);
    String wrong = Promises.brokenIn(plan, row(world), world);
    if (wrong != null) {
      broken(wrong + " by '" + action + "' in " + row(world));
    }
  }

  private String path(int at) {
    List<String> steps = new ArrayList<>();
    for (int i = at; i != 0; i = parent[i]) {
      steps.addFirst(how.get(i).toString());
    }
    return String.join(", ", steps);
  }
}
