package dev.dormouse.saga.queue.node;

import dev.dormouse.saga.queue.GroupStatus;
import dev.dormouse.saga.queue.KnownMessage;
import dev.dormouse.saga.queue.Lease;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the process reaches a group's room. What is answered is durable.
public interface GroupCalls {

  /// Does what there is to do: reads on and hands out, sends dead letters. A bounded part of it.
  ///
  /// @return see [Driver.Work#run]
  long work();

  /// Hands out up to `limit` messages to who pulls.
  List<Lease> lease(int limit, long visibilityMillis);

  /// The names of what became of the leases ([dev.dormouse.saga.queue.Settled]), in their order.
  List<String> ack(List<String> leases);

  List<String> retry(List<String> leases, long delayMillis, String error);

  List<String> extend(List<String> leases, long visibilityMillis);

  /// The log cannot give these.
  void giveUp(List<Long> positions, String error);

  /// Reads on, so that what is too old is given up though nobody consumes; a bounded part of it.
  ///
  /// @return whether there is more to read
  boolean readOn();

  /// Gives up what is not settled before `position`; a bounded part of it.
  ///
  /// @return whether there is more
  boolean giveUpBefore(long position, String error);

  // ---- operators

  GroupStatus status();

  /// @param state the name of a [dev.dormouse.saga.queue.MessageState]; null for all unresolved
  List<KnownMessage> peek(@Nullable String state, long from, int limit);

  /// @return whether it was there
  boolean redrive(long position);

  /// @return how many; if as many as `limit`, perhaps not all
  int redriveAll(int limit);

  void pause(boolean paused);

  /// @return how many messages
  long purge();
}
