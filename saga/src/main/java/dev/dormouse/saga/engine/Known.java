package dev.dormouse.saga.engine;

import dev.dormouse.room.Codec;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SoFar;
import dev.dormouse.saga.Step;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// What the functions of a definition get to see, read from the saga's rows.
final class Known<I> implements SoFar<I> {
  private final Saga<I> saga;
  private final String id;
  private final Codec codec;
  private final Stored stored;

  Known(Saga<I> saga, String id, Codec codec, Stored stored) {
    this.saga = saga;
    this.id = id;
    this.codec = codec;
    this.stored = stored;
  }

  @Override
  public String sagaId() {
    return id;
  }

  @Override
  public I input() {
    byte[] bytes =
        stored
            .get(RowKeys.input(id))
            .orElseThrow(() -> new IllegalStateException("saga '" + id + "' has no input"));
    return Objects.requireNonNull(saga.input().cast(codec.decode(bytes, saga.input())));
  }

  @Override
  public <R> R result(String step, Class<R> type) {
    return known(step, type)
        .orElseThrow(
            () -> new IllegalStateException("saga '" + id + "' has no result of '" + step + "'"));
  }

  @Override
  public <R> Optional<R> known(String step, Class<R> type) {
    List<String> names = saga.steps().stream().map(Step::name).toList();
    int index = names.indexOf(step);
    if (index < 0) {
      throw new IllegalArgumentException("saga " + saga + " has no step '" + step + "': " + names);
    }
    Optional<byte[]> bytes = stored.get(RowKeys.result(id, index));
    return bytes.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(type.cast(codec.decode(bytes.get(), type)));
  }
}
