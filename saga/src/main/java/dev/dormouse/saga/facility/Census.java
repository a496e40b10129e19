package dev.dormouse.saga.facility;

import dev.dormouse.room.spi.RoomStore.Mark;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.facility.SagaRegister.InUse;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Counts the open sagas of each definition, page by page; used once.
final class Census {
  private static final int PAGE = 1_000;

  /// How many sagas of one status are counted.
  private static final int MOST = 1_000_000;

  private final SagaRegister.Notes notes;
  private final Map<String, InUse> uses = new LinkedHashMap<>();
  private final Deque<SagaStatus> statuses = new ArrayDeque<>();

  Census(SagaRegister.Notes notes) {
    this.notes = notes;
    Arrays.stream(SagaStatus.values()).filter(each -> !each.ended()).forEach(statuses::add);
  }

  CompletableFuture<List<InUse>> taken() {
    return statuses.isEmpty()
        ? CompletableFuture.completedFuture(List.copyOf(uses.values()))
        : pages(statuses.remove(), null, 0);
  }

  private CompletableFuture<List<InUse>> pages(
      SagaStatus status, @Nullable Mark after, int counted) {
    return notes
        .marks(Marks.below(status), after, PAGE)
        .thenCompose(page -> {
          page.forEach(this::count);
          return page.size() < PAGE || counted >= MOST
              ? taken()
              : pages(status, page.getLast(), counted + page.size());
        });
  }

  private void count(Mark mark) {
    Marks name = Marks.parse(mark.name());
    uses.merge(
        name.definition() + "/" + name.version(),
        new InUse(name.definition(), name.version(), 1, mark.room(), name.saga()),
        (known, _) ->
            new InUse(
                known.definition(), known.version(), known.open() + 1, known.room(), known.saga()));
  }
}
