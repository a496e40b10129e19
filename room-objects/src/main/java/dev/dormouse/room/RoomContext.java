package dev.dormouse.room;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A room's hold on the world, bound to one incarnation and to the thread that holds the turn.
///
/// Use it only from within a handler, on the handler's own thread, and outside an [#await] action:
/// anything else is refused with [IllegalStateException]. After a reset, old code that still runs
/// gets [RoomException.RoomReset] from every method (T5).
public interface RoomContext {

  RoomId id();

  Storage storage();

  Alarms alarms();

  Connections connections();

  /// Ids and stubs of other rooms. A call from within a handler ends the turn (T2).
  Rooms rooms();

  /// What a module that this node runs adds to its rooms, such as sagas: `type` is the interface
  /// that the module names. Belongs to the incarnation and is used within its turns.
  ///
  /// @throws IllegalStateException if the node does not have it
  <T> T facility(Class<T> type);

  /// The time, as the runtime sees it; tests set it.
  InstantSource clock();

  /// Ends the turn, waits until all that the room wrote is durable, runs `action` outside the room
  /// while other events may enter, then begins a new turn with the action's result.
  ///
  /// The action may block; it may use stubs, and nothing else of this context. Blocking I/O that a
  /// handler does outside `await` is not gated: it may happen although the turn fails later.
  ///
  /// @throws X whatever the action threw, in the new turn
  /// @throws IllegalStateException inside `transaction`, or in a namespace declared non-blocking
  /// @throws RoomException.RoomReset if the incarnation ended meanwhile
  <T extends @Nullable Object, X extends Exception> T await(Work<T, X> action) throws X;

  /// Runs all `calls` at once, each like an [#await] action on a thread of its own, in one wait.
  /// Returns their results in order. If some fail, the first failure in order is thrown with the
  /// others suppressed onto it, after all have ended.
  <T extends @Nullable Object> List<T> all(List<? extends Work<T, ?>> calls) throws Exception;

  /// Ends the turn and begins a new one after `duration`.
  void sleep(Duration duration);

  /// Runs `section` while no other event enters the room. It is not atomic: each wait inside is a
  /// commit point (T7). Ends with a reset after the limit (30 s by default). Sections nest.
  <T extends @Nullable Object, X extends Exception> T critical(Work<T, X> section) throws X;

  /// Runs `work` as an event of its own after `delay`, unless the incarnation ends before. The
  /// timer is set when the turn ends; it keeps the room awake and is gone after a reset (T9).
  Timer after(Duration delay, Work<?, ?> work);

  /// Runs `work` as an event of its own once the reply of this turn has left. It keeps the room
  /// awake for at most 15 minutes (T9).
  void afterReply(Work<?, ?> work);

  /// Says how much memory the room's fields take together, in bytes, roughly: what it said before
  /// is forgotten. For rooms that hold much, a document for example. The node lets such rooms in
  /// one after the other when its memory for them is taken, and has idle ones sleep sooner.
  ///
  /// Part of the turn: if that never was, what was said before holds again. Say it before any field
  /// is changed, and say more than it will be rather than less. A room that starts, or has all the
  /// memory for itself, may hold what it has to.
  ///
  /// @throws Refusal.Overloaded if it is more than before and there is none to spare
  /// @throws IllegalArgumentException if it is less than nothing
  void holds(long bytes);

  /// Ends this incarnation at once: the current turn never happened. Never returns; catching what
  /// it throws changes nothing (T5). Written as `throw context.abort("...")`.
  RoomException.RoomReset abort(String reason);

  /// A volatile timer set by [#after].
  interface Timer {
    /// Stops the timer if its work has not begun. Part of the turn, like everything else.
    void cancel();
  }
}
