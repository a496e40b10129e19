package dev.dormouse.storage.sql;

/// Hears what rooms with SQL do to their files, for metrics. Called on the store's threads: must be
/// quick and not throw.
public interface SqlObserver {

  /// Does nothing.
  SqlObserver NONE = new SqlObserver() {};

  /// A room's file was opened; `nanos` is how long that took.
  default void opened(long nanos) {}

  /// A statement of a room's code ran, or another page of its rows was read.
  ///
  /// @param read rows that came of it
  /// @param written rows that were inserted, changed or deleted, by triggers too
  default void rows(long read, long written) {}

  /// A room's log was synced.
  ///
  /// @param sets how many write sets shared the sync
  default void synced(int sets, long nanos) {}
}
