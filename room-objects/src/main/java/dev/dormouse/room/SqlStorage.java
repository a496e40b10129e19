package dev.dormouse.room;

import org.jspecify.annotations.Nullable;

/// A room's own SQL database, for namespaces declared `withSql()` (S4).
///
/// It is the same storage as [Storage]: a turn's statements, keys and alarms become durable
/// together or not at all, a throw undoes them all, and what the room says waits until they are
/// synced. Statements see what the turn did before them. [Storage#deleteAll] drops all tables too.
///
/// The dialect is SQLite's, with what would reach out of the database or of the turn left out: see
/// `docs/sql-rooms.md`. Text of statements need not be trusted; values belong into bindings.
public interface SqlStorage {

  /// Runs one statement. Blocks for as long as it takes; what it changes is done when this returns,
  /// its rows are fetched as they are asked for.
  ///
  /// @param statement one statement, with a place `?` for each binding
  /// @param bindings null, whole numbers, `double`, `float`, `boolean` (as 0 or 1), text or
  ///   `byte[]`
  /// @throws SqlFailure if the statement is not allowed or fails; it then changed nothing
  /// @throws Refusal.TooLarge if the database would exceed the limit of a room
  /// @throws Refusal.StorageFull if the disk is full
  /// @throws IllegalStateException if the namespace is not declared `withSql()`
  SqlCursor exec(String statement, @Nullable Object... bindings);

  /// The same for a statement that must not change anything: one that might is not run. It is for
  /// what somebody else has written: such questions wait for each other, so that they hold up
  /// nobody else, and values that they see have at most 256 KiB.
  ///
  /// @throws SqlFailure with [SqlFailure.Kind#NOT_ALLOWED] if it is no `SELECT`, `VALUES` or
  ///   `EXPLAIN QUERY PLAN`, or one of these behind `WITH`
  /// @throws Refusal.Overloaded if it takes long, and too many do at present
  SqlCursor query(String statement, @Nullable Object... bindings);

  /// The size of the database, in bytes, with all that the turn has done.
  long databaseSize();
}
