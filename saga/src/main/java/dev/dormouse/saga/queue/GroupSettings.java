package dev.dormouse.saga.queue;

import java.time.Duration;

/// How a consumer group hands out messages. Names, fields and defaults are those that users of
/// Cloudflare Queues know, where they have one.
///
/// @param queue the queue's name
/// @param group the group's name
/// @param visibility how long a lease lasts if the consumer does not say, at most 12 hours
/// @param maxRetries how often a message is handed out again after its first attempt, at most 100
/// @param backoff the wait before that, at least
/// @param deadLetterQueue where messages go that were given up. There is always one
/// @param window how many unresolved messages the group keeps rows for; when it is full nothing
///   more is read from the log
/// @param rememberedKeys how many of the last read idempotency keys duplicates are recognised by
/// @param maxRetention how old a message may get before it is given up, counted from when it could
///   be handed out first
public record GroupSettings(
    String queue,
    String group,
    Duration visibility,
    int maxRetries,
    Backoff backoff,
    String deadLetterQueue,
    int window,
    int rememberedKeys,
    Duration maxRetention) {
  /// The longest lease.
  public static final Duration MAX_VISIBILITY = Duration.ofHours(12);

  /// The longest delay of a message or a retry.
  public static final Duration MAX_DELAY = Duration.ofDays(366);

  public GroupSettings {
    if (!visibility.isPositive() || visibility.compareTo(MAX_VISIBILITY) > 0) {
      throw new IllegalArgumentException("a lease lasts up to 12 hours, not " + visibility);
    }
    if (maxRetries < 0 || maxRetries > 100) {
      throw new IllegalArgumentException("there are 0 to 100 retries, not " + maxRetries);
    }
    if (window < 1 || rememberedKeys < 0 || !maxRetention.isPositive()) {
      throw new IllegalArgumentException("window, remembered keys and retention are positive");
    }
    if (deadLetterQueue.equals(queue)) {
      throw new IllegalArgumentException("a queue cannot be its own dead-letter queue: " + queue);
    }
  }

  /// 30 s of visibility, 3 retries after 1 s growing twofold to 5 min, dead letters to
  /// `<queue>.dead`, a window of 100,000, 10,000 remembered keys, 14 days.
  public static GroupSettings of(String queue, String group) {
    return new GroupSettings(
        queue,
        group,
        Duration.ofSeconds(30),
        3,
        new Backoff(Duration.ofSeconds(1), 2, Duration.ofMinutes(5)),
        queue + ".dead",
        100_000,
        10_000,
        Duration.ofDays(14));
  }

  public GroupSettings withRetries(int maxRetries, Backoff backoff) {
    return new GroupSettings(
        queue,
        group,
        visibility,
        maxRetries,
        backoff,
        deadLetterQueue,
        window,
        rememberedKeys,
        maxRetention);
  }

  public GroupSettings withWindow(int window, int rememberedKeys) {
    return new GroupSettings(
        queue,
        group,
        visibility,
        maxRetries,
        backoff,
        deadLetterQueue,
        window,
        rememberedKeys,
        maxRetention);
  }

  public GroupSettings withMaxRetention(Duration maxRetention) {
    return new GroupSettings(
        queue,
        group,
        visibility,
        maxRetries,
        backoff,
        deadLetterQueue,
        window,
        rememberedKeys,
        maxRetention);
  }

  public GroupSettings withVisibility(Duration visibility) {
    return new GroupSettings(
        queue,
        group,
        visibility,
        maxRetries,
        backoff,
        deadLetterQueue,
        window,
        rememberedKeys,
        maxRetention);
  }

  public GroupSettings withDeadLetterQueue(String deadLetterQueue) {
    return new GroupSettings(
        queue,
        group,
        visibility,
        maxRetries,
        backoff,
        deadLetterQueue,
        window,
        rememberedKeys,
        maxRetention);
  }
}
