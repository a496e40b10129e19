package dev.dormouse.server.limits;

import dev.dormouse.hibernation.Crowd;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongPredicate;

/// How many connections each person has who shows a token that names him, wherever he is. Those
/// whose tokens name nobody are not counted, nor are those without a token: their addresses are.
///
/// For any thread; nothing blocks.
public final class Users implements Crowd {
  private final int most;
  private final LongPredicate nobody;
  private final LongAdder refused;

  /// Persons by their numbers, which is what is known of a connection for as long as it lasts.
  /// Guarded by this.
  private final Addresses counts = new Addresses();

  /// @param most how many connections one may have; 0 for any number
  /// @param nobody whether a number is nobody's in particular
  /// @param refused counts those who had no place
  public Users(int most, LongPredicate nobody, LongAdder refused) {
    this.most = most;
    this.nobody = nobody;
    this.refused = refused;
  }

  private boolean counts(long holder) {
    return most > 0 && !nobody.test(holder);
  }

  /// Whether somebody may have one more connection now. One who may not is counted as refused; of
  /// those who come at once [#enter] refuses some later.
  public boolean hasPlace(long holder) {
    if (!counts(holder)) {
      return true;
    }
    synchronized (this) {
      return counted(counts.count(holder) < most);
    }
  }

  @Override
  public boolean enter(long holder) {
    if (!counts(holder)) {
      return true;
    }
    synchronized (this) {
      return counted(counts.add(holder, most) >= 0);
    }
  }

  private boolean counted(boolean hasPlace) {
    if (!hasPlace) {
      refused.increment();
    }
    return hasPlace;
  }

  @Override
  public void leave(long holder) {
    if (counts(holder)) {
      synchronized (this) {
        counts.remove(counts.find(holder));
      }
    }
  }

  /// How many persons have connections.
  public synchronized int size() {
    return counts.size();
  }
}
