package dev.dormouse.storage.sql;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A job that needs its room's file: it comes to the head of the strand again until that is ready.
abstract class FileJob implements Strand.Job {
  final SqlRoom room;
  private final boolean create;

  /// Why the file cannot be had. Written before the strand goes on.
  private @Nullable Throwable failure;

  /// @param create whether a room that has no file gets one
  FileJob(SqlRoom room, boolean create) {
    this.room = room;
    this.create = create;
  }

  /// Does the work; the file is open, unless the room has none and gets none. Never throws.
  ///
  /// @return a stage after which it is called again; null if it is done
  abstract @Nullable CompletionStage<?> work();

  /// The file cannot be had.
  abstract void fail(Throwable why);

  @Override
  public final @Nullable CompletionStage<?> run() {
    Throwable why = failure;
    if (why == null) {
      try {
        CompletionStage<?> stage = room.prepare(create);
        if (stage == null) {
          stage = work();
        }
        return stage == null ? null : again(stage);
      } catch (Throwable broken) {
        why = room.files().disk().reason(room.id, broken);
      }
    }
    fail(why instanceof CompletionException && why.getCause() != null ? why.getCause() : why);
    return null;
  }

  private CompletionStage<?> again(CompletionStage<?> stage) {
    room.strand.putFirst(this);
    return stage.handle((_, error) -> {
      failure = error;
      return null;
    });
  }
}
