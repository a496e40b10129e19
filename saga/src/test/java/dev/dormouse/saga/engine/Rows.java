package dev.dormouse.saga.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Numbers saga rows. What only counts or tells is left out, so that there are finitely many.
final class Rows {
  private final Map<SagaRow, Integer> numbers = new HashMap<>();
  private final List<SagaRow> rows = new ArrayList<>();

  int number(SagaRow row) {
    SagaRow bare = row.revision(0).cause("").times(0, row.deadline(), 0);
    return numbers.computeIfAbsent(
        bare,
        added -> {
          rows.add(added);
          return rows.size() - 1;
        });
  }

  SagaRow row(int number) {
    return rows.get(number);
  }
}
