package dev.dormouse.saga.queue.node;

import java.util.List;

/// The named places at which a test can halt the process, throw or delay, beside those of the log;
/// in the order in which a message passes them.
public final class QueueFailpoints {
  /// An outbox's rows are durable; nothing is appended.
  public static final String BEFORE_APPEND = "queue.before-append";

  /// The log has them; they are not marked as published.
  public static final String APPENDED = "queue.appended";

  /// A lease is about to be handed to its consumer; it is durable.
  public static final String LEASED = "queue.leased";

  /// The consumer's handler has returned; its turn has not ended.
  public static final String HANDLED = "queue.handled";

  /// A message was given up; its dead letter has not been appended.
  public static final String DEAD = "queue.dead";

  /// The dead letter is in its queue; the group does not know.
  public static final String LETTER_SENT = "queue.letter-sent";

  private QueueFailpoints() {}

  /// All of them, for tests that kill the process at each.
  public static List<String> all() {
    return List.of(BEFORE_APPEND, APPENDED, LEASED, HANDLED, DEAD, LETTER_SENT);
  }
}
