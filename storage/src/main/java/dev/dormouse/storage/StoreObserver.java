package dev.dormouse.storage;

import dev.dormouse.room.RoomException.Outcome;

/// Hears what the store's threads do, for metrics. Called on those threads, once a batch: must be
/// quick and must not throw. Successes are told after the answers, so that nobody waits for it.
public interface StoreObserver {

  /// Does nothing.
  StoreObserver NONE = new StoreObserver() {};

  /// A batch of write sets became durable.
  ///
  /// @param sets how many shared the transaction, those included that were refused by themselves
  /// @param bytes of their keys and values
  /// @param writeNanos from the transaction's beginning until all was written
  /// @param syncNanos the `COMMIT` alone, which returns after the sync
  default void committed(int sets, long bytes, long writeNanos, long syncNanos) {}

  /// A batch failed as a whole. One that is not applied may be tried again set by set, and each of
  /// these counts again.
  default void failed(Outcome outcome) {}

  /// A transaction of the scratch file, which is not synced, ended well.
  ///
  /// @param calls how many shared it
  default void scratched(int calls, long nanos) {}

  /// A transaction of the scratch file failed; its calls may be tried again one by one.
  default void scratchFailed() {}
}
