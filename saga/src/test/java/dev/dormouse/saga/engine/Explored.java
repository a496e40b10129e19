package dev.dormouse.saga.engine;

import dev.dormouse.saga.engine.Model.Found;
import dev.dormouse.saga.engine.Model.Scope;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// The small sagas, explored once for all tests.
final class Explored {
  private static final List<Scope> SCOPES =
      List.of(
          new Scope(SmallSagas.two(), true, false, false, false, 0, 400_000),
          new Scope(SmallSagas.two(), false, false, false, true, 2, 400_000),
          new Scope(SmallSagas.two(), false, false, true, false, 0, 400_000),
          new Scope(SmallSagas.two(), false, true, false, false, 1, 400_000),
          new Scope(SmallSagas.three(), false, false, false, false, 2, 400_000),
          new Scope(SmallSagas.reading(), false, false, false, false, 2, 400_000),
          new Scope(SmallSagas.looking(), true, false, false, false, 1, 400_000),
          new Scope(SmallSagas.pivoting(), true, false, false, false, 1, 400_000),
          new Scope(SmallSagas.pivoting(), false, false, false, true, 3, 400_000),
          new Scope(SmallSagas.softPivot(), false, false, false, true, 2, 400_000),
          new Scope(SmallSagas.group(), false, false, false, true, 2, 400_000),
          new Scope(SmallSagas.lateGroup(), false, false, false, true, 2, 400_000),
          new Scope(SmallSagas.two(), true, false, false, false, 0, 800_000).answeringLater(),
          new Scope(SmallSagas.two(), false, false, false, true, 1, 800_000).answeringLater(),
          new Scope(SmallSagas.two(), false, false, true, false, 0, 800_000).answeringLater(),
          new Scope(SmallSagas.reading(), false, false, false, false, 1, 800_000).answeringLater(),
          new Scope(SmallSagas.pivoting(), false, false, false, true, 2, 800_000).answeringLater(),
          new Scope(SmallSagas.softPivot(), false, false, false, true, 1, 800_000).answeringLater(),
          new Scope(SmallSagas.group(), false, false, false, false, 1, 800_000).answeringLater());

  /// Guarded by itself.
  private static final Map<Scope, Found> FOUND = new ConcurrentHashMap<>();

  private Explored() {}

  static List<Scope> scopes() {
    return SCOPES;
  }

  static Found of(Scope scope) {
    return FOUND.computeIfAbsent(scope, absent -> Model.explore(absent, Machine.real()));
  }

  /// All lines of the table that any of them went along.
  static Set<Table.Line> taken() {
    return SCOPES.stream().flatMap(s -> of(s).taken().stream()).collect(Collectors.toSet());
  }
}
