package dev.dormouse.saga;

import org.jspecify.annotations.Nullable;

/// Somebody outside whom steps call: what stands behind [Command#external]'s service name.
///
/// Called on a thread of its own, while the room goes on. One call at a time for each step of a
/// saga, by this process: an undo is not called while its step still is. A call that comes to
/// nothing, or whose answer is lost with the process, is made again with the same key.
@FunctionalInterface
public interface ExternalService {

  /// Makes the call. It may block, and must come to an end by itself: no later than the step's
  /// timeout is best.
  ///
  /// A [dev.dormouse.room.Refusal] that is not retryable says no to a step, for good; anything else
  /// thrown is a failed attempt, known to the retry policy by its class's simple name.
  ///
  /// @return what the saga keeps as the step's result, mapped by the codec; null for none. From a
  ///   lookup: null if nothing is known of the key
  @Nullable Object call(ExternalCall call) throws Exception;
}
