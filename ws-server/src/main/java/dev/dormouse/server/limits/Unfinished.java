package dev.dormouse.server.limits;

/// What one client has begun and takes memory until it is whole: a message or a body that comes, an
/// answer that goes. It has to get on; [Patience] ends it otherwise.
///
/// Its methods may be called by any thread at any time, also when it has just become whole; none
/// blocks.
public abstract class Unfinished {
  /// Whether it was looked at since it began to take memory. For [Patience], as all below.
  boolean known;

  /// Whether it has been ended for standing still.
  boolean given;

  /// When it was first seen to take memory, as a tick.
  int begun;

  /// When it was last seen to have got on, and what had moved then.
  int since;

  long mark;

  /// What had moved at the last look.
  long last;

  /// Whether nothing had moved since the one before.
  boolean stands;

  /// Why it is ended.
  public enum Why {
    /// It did not get on.
    SLOW,
    /// Too much waits in memory, and it is among the largest.
    FULL
  }

  /// How much memory it takes now, in bytes; 0 if nothing is unfinished just now.
  protected abstract long holds();

  /// How much has come or gone so far, in bytes; grows.
  protected abstract long moved();

  /// Frees its memory, and tells the client where that can be.
  protected abstract void end(Why why);
}
