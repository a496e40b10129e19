package dev.dormouse.saga;

import java.time.Duration;
import java.util.List;

/// What a room's class implements so that a consumer group can bring it messages
/// ([GroupBuilder#deliverTo]).
///
/// Each message comes at least once. The room's rows remember which messages it has acknowledged,
/// in the write set that has their effect, so that a message which comes again is answered without
/// entering the handler: what the handler writes in the turn that acknowledges happens exactly
/// once. What it does outside (a call, a request) may happen again, with the same
/// [QueuedMessage#key].
public interface QueueConsumer {

  /// Takes some messages of one group that are for this room. All that is not answered is
  /// acknowledged when it returns. A throw undoes the turn, the answers given in it too, as it does
  /// everywhere (T3, T4), and all that earlier turns have not acknowledged is tried again.
  ///
  /// It may wait; then it must be done before the lease runs out, or the messages are handed out
  /// again.
  void onMessages(Batch batch) throws Exception;

  /// Messages for one room.
  interface Batch {
    String queue();

    String group();

    /// In the order in which they were sent, as far as they have an order.
    List<Delivery> messages();
  }

  /// A message in a room's hands. The first answer counts.
  interface Delivery extends QueuedMessage {

    /// How often it has been handed out, from 1.
    int attempt();

    /// Done with it; what this turn writes and that are one.
    void ack();

    /// Has it handed out again, after the group's back-off; a dead letter if it has come often
    /// enough. What this turn has written stands.
    default void retry() {
      retry(Duration.ZERO, "");
    }

    /// Has it handed out again after `delay` or the group's back-off, whichever is longer.
    ///
    /// @param why for people; cut after 500 characters
    void retry(Duration delay, String why);
  }
}
