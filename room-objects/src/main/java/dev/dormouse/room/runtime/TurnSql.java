package dev.dormouse.room.runtime;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.SqlCursor;
import dev.dormouse.room.SqlFailure;
import dev.dormouse.room.SqlStorage;
import dev.dormouse.room.spi.SqlPage;
import dev.dormouse.room.spi.SqlTurn;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// SQL as a turn sees it: statements go to the room's file, whose thread carries them out in their
/// order, and the turn waits.
final class TurnSql implements SqlStorage {
  private final Incarnation incarnation;

  /// Whether all tables of the namespace were there when a turn began. Of the thread that holds the
  /// turn, as is the next.
  private boolean hasTables;

  /// In which turn they were looked for last.
  private @Nullable Turn looked;

  TurnSql(Incarnation incarnation) {
    this.incarnation = incarnation;
  }

  @Override
  public SqlCursor exec(String statement, @Nullable Object... bindings) {
    return run(false, statement, bindings);
  }

  @Override
  public SqlCursor query(String statement, @Nullable Object... bindings) {
    return run(true, statement, bindings);
  }

  private SqlCursor run(boolean reading, String statement, @Nullable Object... bindings) {
    Turn turn = incarnation.turn();
    List<@Nullable Object> values = new ArrayList<>(bindings.length);
    for (Object binding : bindings) {
      values.add(plain(binding));
    }
    SqlPage page = ask(turn, sql -> sql.exec(turn.layers.size(), reading, statement, values));
    if (page.changed()) {
      turn.sqlChanged();
    }
    return new TurnCursor(this, turn, page);
  }

  /// See [dev.dormouse.room.spi.FacilityRoom#look].
  SqlPage look(String statement, int rows, long bytes) {
    Turn turn = incarnation.turn();
    return ask(turn, sql -> sql.look(turn.layers.size(), statement, rows, bytes));
  }

  private static @Nullable Object plain(@Nullable Object binding) {
    return switch (binding) {
      case null -> null;
      case Long _, Double _, String _ -> binding;
      case Integer number -> number.longValue();
      case Short number -> number.longValue();
      case Byte number -> number.longValue();
      case Boolean truth -> truth ? 1L : 0L;
      case Float number -> number.doubleValue();
      case byte[] bytes -> bytes.clone();
      default ->
          throw new IllegalArgumentException(
              "a binding is null, a number, a boolean, text or bytes, not a "
                  + binding.getClass().getName());
    };
  }

  @Override
  public long databaseSize() {
    return ask(incarnation.turn(), SqlTurn::size);
  }

  /// Drops all that the room's code has made.
  void clear() {
    Turn turn = incarnation.turn();
    var _ = asked(turn, sql -> sql.clear(turn.layers.size()).thenApply(_ -> ""));
    turn.sqlChanged();
    hasTables = false;
    looked = null;
  }

  /// Makes the namespace's tables, if they may not be there. What that changes does not count as
  /// the turn's: they are made again unless it has something to store.
  @SuppressWarnings("ReferenceEquality")
  private void makeTables(Turn turn) {
    if (hasTables || looked == turn) {
      return;
    }
    looked = turn;
    boolean made = false;
    for (String table : incarnation.host.namespace.tables()) {
      made |= asked(turn, sql -> sql.exec(1, false, table, List.of())).changed();
    }
    hasTables = !made;
  }

  /// The next rows of a cursor of `turn`.
  ///
  /// @throws IllegalStateException if that turn is over
  SqlPage more(Turn turn, long cursor) {
    return ask(check(turn), sql -> sql.more(cursor));
  }

  /// Lets go of a cursor of `turn`. If that is over it has done so itself.
  void close(Turn turn, long cursor) {
    SqlTurn sql = turn.sql;
    if (isUnderWay(turn) && sql != null) {
      sql.close(cursor);
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private boolean isUnderWay(Turn turn) {
    return incarnation.turn() == turn;
  }

  private Turn check(Turn turn) {
    if (!isUnderWay(turn)) {
      throw new IllegalStateException(
          "a cursor of " + incarnation.id() + " closed when its turn ended");
    }
    return turn;
  }

  long listBytes() {
    return incarnation.host.namespace.limits().listBytes();
  }

  String room() {
    return incarnation.id().toString();
  }

  private <T> T ask(Turn turn, Function<SqlTurn, CompletableFuture<T>> question) {
    makeTables(turn);
    return asked(turn, question);
  }

  private <T> T asked(Turn turn, Function<SqlTurn, CompletableFuture<T>> question) {
    RoomHost host = incarnation.host;
    if (!host.namespace.withSql()) {
      throw new IllegalStateException(
          "namespace '" + host.namespace.name() + "' is not declared withSql()");
    }
    SqlTurn sql = turn.sql;
    if (sql == null) {
      synchronized (host) {
        // A reset that comes now finds it, or finds no turn.
        if (incarnation.end != null) {
          throw incarnation.end.again();
        }
        sql = host.node.store().sqlTurn(host.id);
        turn.sql = sql;
      }
    }
    Answer<T> answer =
        host.waits().on(question.apply(sql).handle(Answer::new), "a statement of " + host.id);
    if (answer.failure == null) {
      return answer.value;
    }
    throw failed(turn, answer.failure);
  }

  private RuntimeException failed(Turn turn, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case SqlFailure wrong -> {
        if (wrong.kind() == SqlFailure.Kind.TURN_UNDONE) {
          // The store must hear of the turn's end, and refuses it.
          turn.sqlChanged();
        }
        yield new SqlFailure(wrong.kind(), String.valueOf(wrong.getMessage()), wrong);
      }
      case Refusal refusal -> refusal;
      default ->
          new RoomReset(
              RoomReset.Reason.COMMIT_FAILED,
              Outcome.NOT_APPLIED,
              "the database of " + incarnation.id() + " cannot be used: " + cause.getMessage(),
              cause);
    };
  }

  private record Answer<T>(T value, @Nullable Throwable failure) {}
}
