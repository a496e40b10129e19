package dev.dormouse.room.runtime;

import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Work;
import dev.dormouse.room.spi.Event;
import org.jspecify.annotations.Nullable;

/// What waits at a room's input gate.
sealed interface Item {

  /// What a client has sent with it, in bytes.
  default long bytes() {
    return 0;
  }

  /// Something from the socket side.
  record Outside(Event event) implements Item {
    @Override
    public long bytes() {
      return switch (event) {
        case Event.Received(_, var message) -> message.bytes().length;
        case Event.Requested(_, var call) -> call.body().length;
        case Event.Connect _, Event.Opened _, Event.Failed _, Event.Closed _, Event.Left _ -> 0;
      };
    }
  }

  /// A call from another room, or from the process around the rooms.
  record Call(CallChain chain, Invocation invocation, Caller caller) implements Item {}

  /// An alarm whose time has come.
  record AlarmDue(String name) implements Item {}

  /// A message from a facility's part in another room, or in this one.
  ///
  /// @param failure what came of handling it; null while nobody has tried
  /// @param after the number of the write set that it came of, if that was not durable when it
  ///   left; else 0
  record Delivered(
      String facility, RoomId from, byte[] message, @Nullable Throwable failure, long after)
      implements Item {}

  /// Work that the room itself put off: a timer's, or what follows a reply. Dropped if its
  /// incarnation is over.
  record Deferred(Incarnation incarnation, Work<?, ?> work, boolean afterReply) implements Item {}

  /// Somebody wants the room awake, and nothing more of it.
  ///
  /// @param awake run once it is, without the room's lock; must not block
  record Stir(Runnable awake) implements Item {}

  /// What a call does in the room that it reaches; returns what the caller gets, already copied.
  interface Invocation {
    @Nullable Object on(Incarnation incarnation) throws Exception;
  }

  /// Who waits for a call. Exactly one of the two is called, once, from any thread; must not block.
  interface Caller {
    void answer(@Nullable Object result);

    void fail(RoomException failure);
  }
}
