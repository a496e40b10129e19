package dev.dormouse.storage.sql;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.SqlFailure;
import dev.dormouse.room.spi.SqlPage;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A statement that may only read and that somebody else may have written, on its way to a thread.
///
/// Such questions never have all threads, so that rooms can do their work whoever asks what. And
/// those that take long do not hold up the others: a question is broken off after a short time, and
/// asked again where there is place for fewer, with all the time that it may take. It changes
/// nothing, so that is no harm. What it says beyond its first page is fetched there too.
final class ReadJob extends Ask<SqlPage> {
  /// How long a question may take at first.
  private static final long SHORT = Duration.ofMillis(100).toNanos();

  /// How many wait that take long, at most: for half a minute, if each takes all the time it may.
  /// Each keeps its room's file open.
  static final int MOST_WAITING = 16;

  private final AtomicBoolean isLong;

  /// Where it has a place, or waits for one.
  private @Nullable Lane lane;

  /// What is asked.
  interface Asked {
    /// @param nanos how long it may take, if that is less than others may
    SqlPage of(OpenRoom at, long nanos) throws Exception;
  }

  /// @param isLong whether it takes long as far as is known
  ReadJob(SqlRoom room, boolean isLong, Asked asked) {
    this(room, new AtomicBoolean(isLong), asked);
  }

  private ReadJob(SqlRoom room, AtomicBoolean isLong, Asked asked) {
    super(room, true, (at, _) -> asked.of(at.opened(), isLong.get() ? Long.MAX_VALUE : SHORT));
    this.isLong = isLong;
  }

  @Override
  @Nullable CompletionStage<?> work() {
    if (lane == null) {
      Lane wanted = room.files().questions(isLong.get());
      try {
        CompletionStage<?> place = wanted.enter();
        lane = wanted;
        if (place != null) {
          return place;
        }
      } catch (Refusal.Overloaded full) {
        fail(full);
        return null;
      }
    }
    try {
      var _ = super.work();
    } finally {
      leave();
    }
    return answer().isDone() ? null : work();
  }

  private void leave() {
    Lane mine = lane;
    if (mine != null) {
      lane = null;
      mine.leave();
    }
  }

  @Override
  boolean comesAgain(SqlFailure failure) {
    if (isLong.get()
        || failure.kind() != SqlFailure.Kind.OVER_LIMIT
        || !room.opened().statements().budget().lackedTime()) {
      return false;
    }
    isLong.set(true);
    return true;
  }

  @Override
  void fail(Throwable why) {
    leave();
    super.fail(why);
  }
}
