package dev.dormouse.saga.facility;

import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.SagaNews;
import dev.dormouse.saga.SagaOwner;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// Tells the room what becomes of its sagas, in the turn in which it does.
///
/// A change and what the room makes of it are a transaction of their own: a verb that throws has
/// changed nothing, whatever its caller does about that, and nobody can wait in between. Used in
/// turns only, one at a time.
final class Tidings {
  /// How often in a row a room may throw at news of one saga.
  static final int THROWS = 5;

  private final FacilityRoom room;
  private final Strikes strikes;

  /// Of the change at hand; empty between changes.
  private final Deque<SagaNews> untold = new ArrayDeque<>();

  private boolean changing;

  Tidings(FacilityRoom room, Strikes strikes) {
    this.room = room;
    this.strikes = strikes;
  }

  /// Whether there is anybody to tell.
  boolean wanted() {
    return room.room() instanceof SagaOwner;
  }

  void add(SagaNews news) {
    untold.add(news);
  }

  /// Makes a change and tells of it. One that is made while the room is being told is told of
  /// afterwards.
  ///
  /// @param unheard takes what could not be told, with the reason
  <T> T change(Supplier<T> change, BiConsumer<SagaNews, String> unheard) {
    if (changing) {
      return room.transaction(() -> orUntold(change));
    }
    changing = true;
    try {
      return room.transaction(() -> {
        T made = change.get();
        while (!untold.isEmpty()) {
          tell(untold.removeFirst(), unheard);
        }
        return made;
      });
    } finally {
      changing = false;
      untold.clear();
    }
  }

  /// What is rolled back is not told.
  private <T> T orUntold(Supplier<T> change) {
    int before = untold.size();
    boolean done = false;
    try {
      T made = change.get();
      done = true;
      return made;
    } finally {
      while (!done && untold.size() > before) {
        untold.removeLast();
      }
    }
  }

  private void tell(SagaNews news, BiConsumer<SagaNews, String> unheard) {
    if (!(room.room() instanceof SagaOwner owner)) {
      return;
    }
    String what = "news/" + news.saga();
    if (strikes.out(room.id(), what, THROWS)) {
      strikes.clear(room.id(), what);
      unheard.accept(news, "its owner threw " + THROWS + " times and did not hear of it");
      return;
    }
    try {
      owner.onSaga(news);
    } catch (RuntimeException | Error e) {
      strikes.add(room.id(), what, e);
      throw e;
    } catch (Exception e) {
      strikes.add(room.id(), what, e);
      throw new IllegalStateException(
          "%s threw when it was told of saga '%s'".formatted(room.id(), news.saga()), e);
    }
    strikes.clear(room.id(), what);
  }
}
