package dev.dormouse.room.spi;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// What one turn of one room does in SQL, as a store that has SQL carries it out (S4).
///
/// All calls of a room are carried out in the order in which they are made, whichever turn makes
/// them; none blocks. It ends with the [WriteSet] that names its [#number], with [#end] if the turn
/// leaves nothing durable in SQL, or with [#abandon]; what is called afterwards fails or does
/// nothing.
///
/// *Depth* is how many layers the turn has: 1, and one more for each open transaction inside it.
/// Futures fail with [dev.dormouse.room.SqlFailure], a [dev.dormouse.room.Refusal], or an exception
/// that says that the file cannot be used.
public interface SqlTurn {

  /// Unique in this opening of the store, never 0.
  long number();

  /// Runs a statement at `depth`.
  ///
  /// @param reading whether it must be one that changes nothing
  CompletableFuture<SqlPage> exec(
      int depth, boolean reading, String statement, List<@Nullable Object> bindings);

  /// Runs a statement that must change nothing at `depth`, while the database itself refuses to
  /// write, and reads its first rows; nothing is left open. All cursors of the turn close.
  ///
  /// @param rows how many at most
  /// @param bytes how much their values have at most
  /// @return whose `last` says whether these are all
  CompletableFuture<SqlPage> look(int depth, String statement, int rows, long bytes);

  /// The next rows of a cursor that is not at its end.
  CompletableFuture<SqlPage> more(long cursor);

  void close(long cursor);

  /// The layers above `depth` became part of it.
  void release(int depth);

  /// What was done in the layers above `depth` never happened.
  void rollBack(int depth);

  /// Drops all that the room's code has made, at `depth`.
  CompletableFuture<@Nullable Void> clear(int depth);

  /// The size of the database, in bytes.
  CompletableFuture<Long> size();

  /// The turn ended well and has nothing durable in SQL.
  void end();

  /// The turn never happened. Interrupts a statement that is under way.
  void abandon();
}
