package dev.dormouse.saga.engine;

import java.util.Optional;

/// What is kept under a key of [RowKeys], as the turn at hand must see it.
@FunctionalInterface
public interface Stored {
  Optional<byte[]> get(String key);
}
