package dev.dormouse.storage.sql;

import java.util.function.LongSupplier;
import org.sqlite.ProgressHandler;

/// What one statement may use: SQLite asks it every few steps whether to go on.
///
/// Used by the thread that works on the file, but for [#cancel].
final class Budget extends ProgressHandler {
  /// How many steps SQLite takes between two questions.
  static final int STRIDE = 200;

  private final long most;
  private final long nanos;
  private final LongSupplier clock;
  private boolean armed;
  private long steps;
  private long until;
  private long turn;
  private volatile long cancelled;

  /// @param most steps of one statement
  /// @param nanos what it may take for one call
  /// @param clock in nanoseconds from any origin
  Budget(long most, long nanos, LongSupplier clock) {
    this.most = most;
    this.nanos = nanos;
    this.clock = clock;
  }

  /// A call on behalf of a room's code begins.
  ///
  /// @param spent steps that its statement has taken in earlier calls
  void arm(long spent) {
    arm(spent, nanos);
  }

  /// The same with less time, if `most` is less.
  ///
  /// @param most in nanoseconds
  void arm(long spent, long most) {
    steps = spent;
    until = clock.getAsLong() + Math.min(most, nanos);
    armed = true;
  }

  /// It is over; returns the steps that its statement has taken until now.
  long disarm() {
    armed = false;
    return steps;
  }

  /// Whether a call is under way and has used up what it may.
  boolean isOver() {
    return armed && isSpent();
  }

  /// Whether the limits ended the last call.
  boolean isSpent() {
    return cancelled == turn || steps > most || clock.getAsLong() - until > 0;
  }

  /// Whether the last call was ended for want of time, and for nothing else.
  boolean lackedTime() {
    return cancelled != turn && steps <= most && clock.getAsLong() - until > 0;
  }

  /// Calls of this turn follow; its number is not 0.
  void begin(long number) {
    turn = number;
  }

  /// Nobody waits any more for what a turn has at work. From any thread.
  void cancel(long number) {
    cancelled = number;
  }

  @Override
  protected int progress() {
    if (!armed) {
      return 0;
    }
    steps += STRIDE;
    return isSpent() ? 1 : 0;
  }
}
