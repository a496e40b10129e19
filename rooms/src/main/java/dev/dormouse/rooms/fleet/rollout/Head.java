package dev.dormouse.rooms.fleet.rollout;

import java.io.Serializable;

/// How far a rollout is.
///
/// @param paused whether nothing new is begun or called back
/// @param why why it is paused, goes back or was cancelled; empty if nothing is wrong
/// @param group the newest that has begun; -1 before the first
/// @param next the place in the list of the first device that has not begun
/// @param chunkAt when the next chunk may follow
/// @param sweep which group is being called back, or [#NONE]
/// @param cursor the next place in the list that is called back or told how the rollout is decided
/// @param askedAt since when the next group waits for approval; 0 while none does
/// @param waited how long groups have waited for it so far, in milliseconds
record Head(
    Status status,
    boolean paused,
    String why,
    int group,
    int next,
    long chunkAt,
    int sweep,
    int cursor,
    long askedAt,
    long waited)
    implements Serializable {
  static final int NONE = -1;

  static final Head NEW = new Head(Status.SCHEDULED, false, "", -1, 0, 0, NONE, 0, 0, 0);

  /// How a rollout stands.
  enum Status {
    SCHEDULED,
    RUNNING,
    /// It runs, and the next group does not begin before somebody has approved.
    WAITING_FOR_APPROVAL,
    /// It is decided, and the devices that are updated are told so.
    SETTLING,
    /// Devices under way are called back, those updated stay so.
    CANCELLING,
    /// Likewise, and now those that stay are told so.
    SETTLING_THE_REST,
    /// All are called back.
    ROLLING_BACK,
    FINISHED,
    FINISHED_WITH_ERRORS,
    CANCELED,
    COMPENSATED,
    COMPENSATED_WITH_FAILURES;

    boolean isOver() {
      return compareTo(FINISHED) >= 0;
    }

    /// Whether it can still be cancelled or rolled back.
    boolean isOpen() {
      return this == SCHEDULED || runs();
    }

    /// Whether devices may be begun, at least those that are tried again.
    boolean runs() {
      return this == RUNNING || this == WAITING_FOR_APPROVAL;
    }
  }

  Head is(Status status, String why) {
    return new Head(status, false, why, group, next, chunkAt, NONE, 0, 0, waited);
  }

  /// Begins to call back, the newest group first.
  Head turns(Status status, String why, int begin) {
    return new Head(status, false, why, group, next, 0, group, begin, 0, waited);
  }

  Head paused(boolean paused, String why) {
    return new Head(status, paused, why, group, next, chunkAt, sweep, cursor, askedAt, waited);
  }

  Head group(int group) {
    return new Head(status, paused, why, group, next, 0, sweep, cursor, askedAt, waited);
  }

  Head begun(int next, long chunkAt) {
    return new Head(status, paused, why, group, next, chunkAt, sweep, cursor, askedAt, waited);
  }

  Head swept(int sweep, int cursor, long chunkAt) {
    return new Head(status, paused, why, group, next, chunkAt, sweep, cursor, askedAt, waited);
  }

  /// The next group waits for approval, from now on; what it has waited before is kept.
  Head asks(long now) {
    return new Head(
        Status.WAITING_FOR_APPROVAL,
        false,
        "",
        group,
        next,
        chunkAt,
        sweep,
        cursor,
        now,
        waitedUntil(now));
  }

  /// Somebody has approved.
  Head goesOn(long now) {
    return new Head(
        Status.RUNNING, false, "", group, next, chunkAt, sweep, cursor, 0, waitedUntil(now));
  }

  private long waitedUntil(long now) {
    return askedAt == 0 ? waited : waited + Math.max(0, now - askedAt);
  }
}
