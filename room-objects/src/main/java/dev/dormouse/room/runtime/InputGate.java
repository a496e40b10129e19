package dev.dormouse.room.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Lets events into a room one at a time, in the order in which they arrived (T1).
///
/// Whoever holds the *baton* may run the room's code; everybody else waits here. A handler that
/// waits for something hands the baton on, and comes back before new events, in order of completion
/// (T2); one in a critical section keeps it (T7). The gate knows nothing of rooms, storage or
/// threads; not thread-safe: guarded by its room's lock.
final class InputGate {

  /// The right to run the room's code; an identity, nothing more. Taking it away from a thread that
  /// is stuck is giving a new one to another thread.
  static final class Baton {}

  /// What waits at all gates of the node, in bytes.
  private final LongAdder waiting;

  private final Deque<Item> events = new ArrayDeque<>();
  private final Deque<Activation> resumed = new ArrayDeque<>();
  private @Nullable Baton holder;

  /// Who goes next.
  sealed interface Next {
    /// A handler that was suspended; it already has the baton.
    record Resume(Activation activation) implements Next {}

    /// A new event, for whoever asked.
    record Handle(Item item) implements Next {}

    /// Nobody; the gate is open.
    record Rest() implements Next {}
  }

  private static final Next REST = new Next.Rest();

  InputGate() {
    this(new LongAdder());
  }

  /// @param waiting counts what waits here too, in bytes
  InputGate(LongAdder waiting) {
    this.waiting = waiting;
  }

  void arrive(Item item) {
    events.add(item);
    waiting.add(item.bytes());
  }

  /// Puts an event back that could not be handled yet, before all others.
  void putBack(Item item) {
    events.addFirst(item);
    waiting.add(item.bytes());
  }

  boolean isOpen() {
    return holder == null;
  }

  boolean isHeldBy(Baton baton) {
    return holder == baton;
  }

  /// Takes the baton of an open gate.
  void take(Baton baton) {
    if (holder != null) {
      throw new IllegalStateException("the gate is held");
    }
    holder = baton;
  }

  /// A suspended handler wants back in. True if it has the baton now; otherwise it waits until
  /// [#next] names it.
  boolean returns(Activation activation, boolean mayEnter) {
    if (holder == null && mayEnter) {
      holder = activation.baton;
      return true;
    }
    resumed.add(activation);
    return false;
  }

  /// Decides who follows the present holder: a resumed handler gets the baton here and now, a new
  /// event leaves it with the holder, and when there is neither the gate opens.
  ///
  /// @param mayEnter whether the room can take anyone at present
  Next next(boolean mayEnter) {
    Activation first = mayEnter ? resumed.poll() : null;
    if (first != null) {
      holder = first.baton;
      return new Next.Resume(first);
    }
    Item item = mayEnter ? events.poll() : null;
    if (item != null) {
      waiting.add(-item.bytes());
      return new Next.Handle(item);
    }
    holder = null;
    return REST;
  }

  /// Gives the baton of an open gate to the first handler that wants back in, if there is one.
  @Nullable Activation readmit() {
    Activation first = resumed.poll();
    if (first != null) {
      take(first.baton);
    }
    return first;
  }

  /// The event that goes next, unless a handler wants back in; null if there is none.
  @Nullable Item peek() {
    return resumed.isEmpty() ? events.peek() : null;
  }

  /// The events that wait, in order.
  Stream<Item> waiting() {
    return events.stream();
  }

  /// Takes the event that goes next.
  Item poll() {
    Item item = events.remove();
    waiting.add(-item.bytes());
    return item;
  }

  /// Takes the baton away from whoever has it.
  void open() {
    holder = null;
  }

  boolean hasWaiting() {
    return !events.isEmpty() || !resumed.isEmpty();
  }

  int queued() {
    return events.size();
  }

  void forgetResumed() {
    resumed.clear();
  }

  /// Removes waiting events that `which` picks, in order.
  void remove(Predicate<Item> which) {
    for (Iterator<Item> it = events.iterator(); it.hasNext(); ) {
      Item item = it.next();
      if (which.test(item)) {
        waiting.add(-item.bytes());
        it.remove();
      }
    }
  }
}
