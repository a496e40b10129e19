package dev.dormouse.server.admin;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.Rooms;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.SagaView;
import dev.dormouse.saga.Sagas;
import dev.dormouse.saga.facility.SagaCounts;
import dev.dormouse.saga.facility.SagaRegister;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/// The sagas of a node: looked up in its register, which wakes nobody; ordered about by calls of
/// their rooms.
public final class NodeSagas implements SagaOffice {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final SagaRegister register;
  private final SagaCounts counts;
  private final Rooms rooms;
  private final List<Saga<?>> definitions;
  private final Patience patience;

  /// @param definitions all that the process has
  public NodeSagas(
      SagaRegister register,
      SagaCounts counts,
      Rooms rooms,
      List<Saga<?>> definitions,
      Execution execution) {
    this.register = register;
    this.counts = counts;
    this.rooms = rooms;
    this.definitions = List.copyOf(definitions);
    this.patience = new Patience(execution, LIMIT);
  }

  @Override
  public Page list(SagaQuery query) throws IOException, TimeoutException, InterruptedException {
    return SagaListing.find(query, this::some);
  }

  private SagaListing.Found some(
      SagaStatus status, Optional<String> definition, String after, int limit)
      throws IOException, TimeoutException, InterruptedException {
    SagaRegister.Query query =
        new SagaRegister.Query(Optional.of(status), status.ended(), definition);
    SagaRegister.Page page = patience.on(register.page(query, after, limit), "listing sagas");
    return new SagaListing.Found(page.sagas().stream().map(NodeSagas::line).toList(), page.next());
  }

  private static SagaLine line(SagaRegister.Listed saga) {
    return new SagaLine(
        saga.room(),
        saga.saga(),
        saga.definition(),
        saga.version(),
        saga.status(),
        saga.paused(),
        saga.cause(),
        saga.started(),
        saga.changed());
  }

  @Override
  public List<Tally> open() throws IOException, TimeoutException, InterruptedException {
    Map<SagaStatus, Long> sagas = new EnumMap<>(SagaStatus.class);
    SagaQuery.OPEN.forEach(status -> sagas.put(status, 0L));
    for (SagaCounts.Standing each : patience.on(counts.open(), "counting sagas")) {
      sagas.merge(each.status(), each.sagas(), Long::sum);
    }
    return sagas.entrySet().stream().map(it -> new Tally(it.getKey(), it.getValue())).toList();
  }

  @Override
  public Optional<SagaView> look(RoomId owner, String saga)
      throws IOException, TimeoutException, InterruptedException {
    return patience.on(register.view(owner, saga), "looking at saga '" + saga + "' of " + owner);
  }

  @Override
  public void give(RoomId owner, String saga, SagaOrder order) {
    Sagas sagas = rooms.stub(Sagas.class, owner);
    switch (order) {
      case SagaOrder.Cancel(String actor, String note) -> sagas.cancel(saga, actor, note);
      case SagaOrder.Pause(String actor) -> sagas.pause(saga, actor);
      case SagaOrder.Resume(String actor) -> sagas.resume(saga, actor);
      case SagaOrder.Retry(String actor, String note) -> sagas.retry(saga, actor, note);
      case SagaOrder.Skip(String step, String actor, String note) ->
          sagas.skip(saga, step, actor, note);
      case SagaOrder.Resolve(String step, boolean applied, String actor, String note) ->
          sagas.resolve(saga, step, applied, actor, note);
    }
  }

  @Override
  public List<Saga<?>> definitions() {
    return definitions;
  }
}
