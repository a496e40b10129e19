package dev.dormouse.storage.sql;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.SqlPage;
import dev.dormouse.room.spi.SqlTurn;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// One turn's SQL: hands each call to the room's strand, where its file is.
final class FileTurn implements SqlTurn {
  private final RoomFiles files;
  private final RoomId room;
  private final long number;

  /// Cursors of questions. From any thread.
  private final Set<Long> questions = ConcurrentHashMap.newKeySet();

  /// Whether its transaction was begun. The strand's.
  private boolean begun;

  /// Set once: the turn counts no more.
  private volatile boolean over;

  FileTurn(RoomFiles files, RoomId room, long number) {
    this.files = files;
    this.room = room;
    this.number = number;
  }

  @Override
  public long number() {
    return number;
  }

  /// Whether it begins now; from the room's strand.
  boolean begins() {
    boolean first = !begun;
    begun = true;
    return first;
  }

  boolean isOver() {
    return over;
  }

  @Override
  public CompletableFuture<SqlPage> exec(
      int depth, boolean reading, String statement, List<@Nullable Object> bindings) {
    return reading
        ? question(
            false,
            (at, nanos) ->
                at.statement(this, depth, all -> all.question(statement, bindings, nanos)))
        : ask(at -> at.statement(this, depth, all -> all.exec(statement, bindings)));
  }

  private CompletableFuture<SqlPage> question(boolean isLong, ReadJob.Asked asked) {
    return files
        .ask(room, there -> new ReadJob(there, isLong, asked))
        .thenApply(page -> {
          if (!page.last()) {
            questions.add(page.cursor());
          }
          return page;
        });
  }

  @Override
  public CompletableFuture<SqlPage> look(int depth, String statement, int rows, long bytes) {
    return ask(at -> at.statement(this, depth, all -> all.look(statement, rows, bytes)));
  }

  @Override
  public CompletableFuture<SqlPage> more(long cursor) {
    return questions.contains(cursor)
        ? question(true, (at, _) -> at.cursor(this, all -> all.more(cursor)))
        : ask(at -> at.cursor(this, all -> all.more(cursor)));
  }

  @Override
  public void close(long cursor) {
    files.tell(room, at -> at.statements().close(cursor));
  }

  @Override
  public void release(int depth) {
    files.tell(room, at -> at.release(this, depth));
  }

  @Override
  public void rollBack(int depth) {
    files.tell(room, at -> at.rollBack(this, depth));
  }

  @Override
  public CompletableFuture<@Nullable Void> clear(int depth) {
    return ask(at -> {
      at.clear(this, depth);
      return null;
    });
  }

  @Override
  public CompletableFuture<Long> size() {
    return ask(at -> at.size(this));
  }

  @Override
  public void end() {
    over = true;
    files.tell(room, at -> at.leave(this));
  }

  @Override
  public void abandon() {
    over = true;
    files.interrupt(room, this);
    files.tell(room, at -> at.leave(this));
  }

  /// What is asked of the room's open file.
  private interface Question<T extends @Nullable Object> {
    T of(OpenRoom at) throws Exception;
  }

  private <T extends @Nullable Object> CompletableFuture<T> ask(Question<T> question) {
    return files.ask(room, true, (at, _) -> question.of(at.opened()));
  }
}
