package dev.dormouse.room.spi;

import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Answers for rooms without entering them, whether they sleep, wake or are awake (C6).
///
/// A namespace declares its doormen by name; a room's admission names the one that stands before a
/// connection. What a doorman takes never enters the room; what it passes queues for the room in
/// the order in which it came. What a doorman says goes out at once, past the output gate, through
/// the queue that the room's own messages take: it must carry no state of the room.
///
/// A doorman is pure code: no I/O, no clock, no threads, no waiting. Times are arguments, in
/// milliseconds from a start that is fixed for the process; they say nothing about the date.
///
/// A connection comes to its doorman when its handshake is done, before any message of it is read
/// and perhaps long before the room hears of it: many protocols speak at once, and what is the
/// doorman's must not depend on how soon a room wakes. So a doorman may have said something to a
/// client before its room did, and relays reach connections that broadcasts do not reach yet.
///
/// What goes wrong in a doorman is logged and ends the connection at hand with 1011; the room and
/// the other connections do not notice.
public interface Doorman {

  /// Opens the doorman's porch at one room, when the first connection comes to it there, also after
  /// all had gone.
  ///
  /// @param maxBytes how much the porch may hold, see [Porch#bytes]
  Porch open(int maxBytes);

  /// What to send to a connection that was sent nothing else for a while; empty for nothing. Asked
  /// once, when the namespace is declared.
  default Optional<KeepAlive> keepAlive() {
    return Optional.empty();
  }

  /// Feeds silent connections.
  ///
  /// @param after how long a connection may have been sent nothing, a second at least; kept to the
  ///   second
  /// @param food what it is sent then
  record KeepAlive(Duration after, Message food) {}

  /// What one doorman keeps at one room, beside the sockets and gone with the last of them: bounded
  /// bytes for each connection and for the room.
  ///
  /// Calls for one porch never overlap, and everybody hears what they say in the order of the
  /// calls. They may come from any thread.
  interface Porch {

    /// A connection has come; before it said anything. [Verdict.Pass] means nothing here.
    default List<Verdict> joins(long connection, long now) {
      return List.of();
    }

    /// A connection said something. No verdict: the porch has taken it, and that is all.
    List<Verdict> hears(long connection, Message message, long now);

    /// A connection that may only read said something. What passes reaches a room only if its
    /// namespace hears readers. Unless the porch says otherwise it takes nothing from them.
    default List<Verdict> hearsReader(long connection, Message message, long now) {
      return Verdict.PASS;
    }

    /// A connection has gone, or is being closed; nothing can be said to it. Called once for each
    /// that came, at the latest when its room has heard of its end.
    default List<Verdict> leaves(long connection, long now) {
      return List.of();
    }

    /// Some time has passed; called every second or so while connections are there. There is no
    /// connection at hand: [Verdict.Relay] reaches all, and the other verdicts mean nothing.
    default List<Verdict> ticks(long now) {
      return List.of();
    }

    /// About how many bytes of memory the porch takes; asked after each call, so it should be
    /// known. Where it is more than it may be, the connection at hand is closed with 1009 after its
    /// verdicts: a porch that would rather refuse, or forget, does so before.
    int bytes();
  }

  /// What becomes of what happened. What one connection is to hear it hears in the order of the
  /// verdicts; nothing is said to the connection at hand, or passed, behind its close.
  sealed interface Verdict {
    /// The room gets the message. It is never ahead of what the same verdicts answer.
    record Pass() implements Verdict {}

    /// Says something to the connection at hand.
    record Answer(Message message) implements Verdict {}

    /// Says something to all other connections of this porch that are there at this moment.
    record Relay(Message message) implements Verdict {}

    /// Closes the connection at hand.
    record Close(CloseStatus status) implements Verdict {}

    /// The usual verdict.
    List<Verdict> PASS = List.of(new Pass());
  }
}
