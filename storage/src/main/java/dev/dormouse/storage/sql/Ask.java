package dev.dormouse.storage.sql;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.SqlFailure;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A question to a room's file, and its answer.
class Ask<T extends @Nullable Object> extends FileJob {
  private final Question<T> question;
  private final CompletableFuture<T> answer = new CompletableFuture<>();

  /// What is asked.
  interface Question<T extends @Nullable Object> {
    /// @param open null if the room has no file
    T of(SqlRoom room, @Nullable OpenRoom open) throws Exception;
  }

  Ask(SqlRoom room, boolean create, Question<T> question) {
    super(room, create);
    this.question = question;
  }

  CompletableFuture<T> answer() {
    return answer;
  }

  @Override
  @Nullable CompletionStage<?> work() {
    try {
      answer.complete(question.of(room, room.open()));
    } catch (SqlFailure failure) {
      if (!comesAgain(failure)) {
        answer.completeExceptionally(failure);
      }
    } catch (Refusal | IllegalArgumentException notTheFiles) {
      answer.completeExceptionally(notTheFiles);
    } catch (SQLException e) {
      // The driver closes a statement after most errors, without telling.
      room.doubt();
      fail(e);
    } catch (Exception | Error e) {
      fail(e);
    }
    return null;
  }

  /// Whether it will be asked once more, because of this failure.
  boolean comesAgain(SqlFailure failure) {
    return false;
  }

  @Override
  void fail(Throwable why) {
    answer.completeExceptionally(
        why instanceof Refusal
            ? why
            : new IOException("the file of " + room.id + " cannot be used: " + why, why));
  }
}
