package dev.dormouse.room.runtime;

import dev.dormouse.room.RoomId;
import java.util.HashSet;
import java.util.Set;

/// What a call carries about its ancestors: the rooms whose gates they hold while they wait, how
/// deep it is, and when they stop waiting (T8).
///
/// @param held rooms that let nobody in until this call is answered
/// @param depth how many calls led here; 0 for an event from outside
/// @param deadline when the outermost caller stops waiting, on the execution's nano clock
record CallChain(Set<RoomId> held, int depth, long deadline) {
  static final int MAX_DEPTH = 64;

  /// An event from outside: nobody waits.
  static final CallChain NONE = new CallChain(Set.of(), 0, Long.MAX_VALUE);

  /// The chain of a call made while `room`'s gate is held.
  CallChain holding(RoomId room) {
    if (held.contains(room)) {
      return this;
    }
    Set<RoomId> more = new HashSet<>(held);
    more.add(room);
    return new CallChain(Set.copyOf(more), depth, deadline);
  }

  /// The chain that a call answered before `deadline` brings to its target.
  CallChain deeper(long deadline) {
    return new CallChain(held, depth + 1, deadline);
  }
}
