package dev.dormouse.saga.facility;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.SagaView;
import dev.dormouse.saga.Sagas;
import dev.dormouse.saga.engine.Definitions;
import dev.dormouse.saga.engine.RowKeys;
import dev.dormouse.saga.engine.SagaRow;
import dev.dormouse.saga.engine.Trigger;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What the room's code gets, and people who look after its sagas.
final class OwnSagas implements Sagas {
  private final FacilityRoom room;
  private final Definitions definitions;
  private final Owner owner;
  private final Attendance attendance;

  OwnSagas(FacilityRoom room, Definitions definitions, Owner owner, Attendance attendance) {
    this.room = room;
    this.definitions = definitions;
    this.owner = owner;
    this.attendance = attendance;
  }

  @Override
  public SagaStatus start(String definition, String id, Object input) {
    return owner.start(definition, id, input).state().status();
  }

  @Override
  public Optional<SagaStatus> status(String id) {
    return owner.load(id).map(row -> row.state().status());
  }

  @Override
  public String cause(String id) {
    return owner.row(id).cause();
  }

  @Override
  public <R> Optional<R> result(String id, String step, Class<R> type) {
    String key = RowKeys.result(id, index(id, step));
    Optional<byte[]> bytes =
        owner
            .sheet(id)
            .flatMap(sheet -> Optional.ofNullable(sheet.small().get(key)))
            .or(() -> room.get(key));
    return bytes.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(type.cast(room.codec().decode(bytes.get(), type)));
  }

  @Override
  public void cancel(String id, String actor, String note) {
    owner.verb(id, new Trigger.Cancel(actor, note));
  }

  @Override
  public void pause(String id, String actor) {
    owner.verb(id, new Trigger.Pause(actor));
  }

  @Override
  public void resume(String id, String actor) {
    owner.verb(id, new Trigger.Resume(actor));
  }

  @Override
  public void retry(String id, String actor, String note) {
    owner.verb(id, new Trigger.Retry(actor, note));
  }

  @Override
  public void skip(String id, String step, String actor, String note) {
    owner.verb(id, new Trigger.Skip(index(id, step), actor, note));
  }

  @Override
  public void resolve(String id, String step, boolean applied, String actor, String note) {
    owner.verb(id, new Trigger.Resolve(index(id, step), applied, null, actor, note));
  }

  @Override
  public SagaView view(String id) {
    Reading.Rows rows =
        (prefix, limit) -> CompletableFuture.completedFuture(room.list(prefix, limit));
    return new Reading(definitions, rows, owner.row(id).id())
        .view()
        .join()
        .orElseThrow(() -> new Refusal.NotFound(room.id() + " has no saga '" + id + "'"));
  }

  @Override
  public boolean answer(String token, @Nullable Object result) {
    return attendance.answer(Token.parse(token), result);
  }

  @Override
  public boolean refuse(String token, String reason) {
    return attendance.refuse(Token.parse(token), reason);
  }

  private int index(String id, String step) {
    SagaRow row = owner.row(id);
    return IntStream.range(0, row.steps().size())
        .filter(i ->
            definitions.step(row.definition(), row.version(), i).filter(step::equals).isPresent())
        .findFirst()
        .orElseThrow(() -> new Refusal.NotFound("saga '%s' has no step '%s'".formatted(id, step)));
  }
}
