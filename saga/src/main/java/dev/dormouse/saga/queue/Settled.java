package dev.dormouse.saga.queue;

/// What became of the answer to a lease. The first answer counts.
public enum Settled {
  /// The message was acknowledged and is gone.
  ACKED,
  /// It will be handed out again.
  RETRYING,
  /// Whoever has it may take longer.
  EXTENDED,
  /// It was given up; a dead letter is on its way.
  DEAD,
  /// It is gone: acknowledged before, or purged; nothing was changed.
  ALREADY,
  /// The message went on without this lease, which ran out or had been answered with a retry;
  /// nothing was changed.
  STALE_LEASE
}
