package dev.dormouse.room.spi;

/// One thing that keeps a room in memory: the conditions of H1 as data, for the inspector (H4).
///
/// @param amount how many or how much, in what the words say
/// @param words a sentence for people
public record KeptAwake(Condition condition, long amount, String words) {

  /// The kinds of things.
  public enum Condition {
    /// It was used within its namespace's idle time; milliseconds until it may sleep.
    RECENTLY_USED,
    /// Its state is being read; 1.
    LOADING,
    /// It is large, and waits for memory to start in; 1.
    CROWDED,
    /// Events wait at its gate; how many.
    QUEUED,
    /// A handler is in a turn; milliseconds since the turn began.
    RUNNING,
    /// Handlers wait for something; how many.
    SUSPENDED,
    /// Volatile timers are set; how many.
    TIMERS,
    /// What it said waits for the disk; bytes.
    HELD_OUTPUT,
    /// Write sets are not yet durable; how many.
    COMMITTING,
    /// Its clients are not being read, since it is behind; 1.
    BEHIND,
    /// It failed lately, and what is known of that must not be lost (T6); 1.
    FAILED_LATELY,
    /// It is about to sleep: records of its connections are being written; 1.
    FALLING_ASLEEP
  }
}
