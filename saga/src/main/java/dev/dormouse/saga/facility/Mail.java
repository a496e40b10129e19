package dev.dormouse.saga.facility;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.FacilityRoom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Carries letters between this room and others: each is taken once and in order, or its sender
/// keeps it and sends it again.
///
/// A letter is a row of its sender's [Outbox], written in the turn that causes it, and goes out
/// behind that turn ([FacilityRoom#postAhead]). Its receiver takes it in a turn that notes its
/// number too (the *inbox*), and says so behind that.
///
/// A command stays in the outbox until it is answered. So its answer need not be kept: who takes
/// part has a record from which it can be given again, to the same command sent again. Any other
/// letter is cut when it was taken.
final class Mail {
  /// Letters that nobody here can read.
  private static final String UNREAD = "unread/";

  private static final int MOST_UNREAD = 100;

  private final FacilityRoom room;
  private final Outbox outbox;
  private final Endings endings;

  /// Whether the command that is being taken has been settled; used in turns only.
  private boolean settled;

  /// @param endings told to whom commands go
  Mail(FacilityRoom room, Outbox outbox, Endings endings) {
    this.room = room;
    this.outbox = outbox;
    this.endings = endings;
  }

  /// What is done about a letter.
  interface Reader {
    /// @param number the letter's in its lane; 0 if it has none
    /// @param again whether it was taken before: nothing may come of it but its answer
    void read(Letter letter, long number, boolean again) throws Exception;
  }

  // ---- sending

  /// Writes a letter, which leaves once the turn has ended.
  void send(RoomId to, Letter letter) {
    send(to, letter, 0);
  }

  /// The same; the command `settles` of the other room need not come again.
  void send(RoomId to, Letter letter, long settles) {
    Lane lane = outbox.add(to, Kept.of(letter));
    settled |= settles != 0;
    Envelope envelope = new Envelope(lane.sent(), lane.taken(), 0, settles, letter.bytes());
    if (letter instanceof Letter.Command) {
      List<StepName> ended = endings.toTell(to);
      post(to, ended.isEmpty() ? envelope : envelope.telling(ended, lane.sent() - 1));
    } else {
      post(to, envelope);
    }
  }

  /// Answers a command, once the turn has ended; nothing keeps the answer.
  ///
  /// @param asks see [Envelope#asks]
  void answer(RoomId to, long settles, Letter.Reply reply, List<StepName> asks) {
    settled = true;
    Envelope envelope =
        new Envelope(0, outbox.lane(to).taken(), 0, settles, reply.bytes()).asking(asks);
    post(to, envelope);
  }

  /// Asks another room whether sagas of its own have ended.
  void ask(RoomId to, List<StepName> steps) {
    post(to, Envelope.receipt(outbox.lane(to).taken(), 0).asking(steps));
  }

  /// Answers that.
  void tell(RoomId to, List<StepName> ended) {
    Lane lane = outbox.lane(to);
    post(to, Envelope.receipt(lane.taken(), 0).telling(ended, lane.sent()));
  }

  private void post(RoomId to, Envelope envelope) {
    room.postAhead(to, envelope.bytes());
  }

  /// The guard of what waits rings.
  void ring() {
    for (Outbox.Due due : outbox.ring()) {
      Lane lane = due.lane();
      for (Outbox.Waiting each : due.letters()) {
        byte[] letter = each.letter().letter(room);
        post(lane.peer(), new Envelope(each.number(), lane.taken(), due.first(), 0, letter));
      }
    }
  }

  // ---- taking

  /// What is in a message; null if that is a receipt only, or cannot be read.
  @Nullable Letter letter(byte[] message) {
    Envelope envelope = Envelope.read(message);
    return envelope.isEmpty() ? null : read(envelope.letter());
  }

  private static @Nullable Letter read(byte[] letter) {
    try {
      return Letter.read(letter);
    } catch (RuntimeException damaged) {
      // Or of a later format, and a process from before it runs here again.
      return null;
    }
  }

  /// Opens what another room has sent, and has `reader` read the letter in it if it is the next, or
  /// the answer to what waits. One that cannot be read is put aside: whoever needs it asks again.
  ///
  /// @return how far this room is with the other's letters
  Lane take(RoomId from, Envelope envelope, Reader reader) throws Exception {
    boolean waited = envelope.settles() != 0 && outbox.settle(from, envelope.settles());
    Lane lane = known(outbox.cut(from, envelope.taken()), envelope.first());
    if (envelope.number() == 0) {
      if (waited && !envelope.isEmpty()) {
        read(from, envelope.letter(), envelope.settles(), 0, false, reader);
      }
    } else if (envelope.number() <= lane.taken() + 1) {
      take(from, lane, envelope, reader);
    }
    // Else one before was lost, and its sender will send both again.
    return outbox.lane(from);
  }

  private void take(RoomId from, Lane lane, Envelope envelope, Reader reader) throws Exception {
    boolean again = envelope.number() <= lane.taken();
    if (!again) {
      outbox.put(lane.taken(envelope.number()));
    }
    settled = false;
    boolean command =
        read(from, envelope.letter(), envelope.number(), envelope.number(), again, reader);
    Lane after = outbox.lane(from);
    if (command ? !settled : after.sent() == lane.sent()) {
      post(from, Envelope.receipt(after.taken(), command ? envelope.number() : 0));
    }
  }

  /// @return whether it is settled by a word about it, rather than by having been taken
  private boolean read(
      RoomId from, byte[] bytes, long known, long number, boolean again, Reader reader)
      throws Exception {
    Letter letter = read(bytes);
    if (letter == null) {
      if (!again) {
        putAside(from, known, bytes);
      }
      return true;
    }
    boolean command = letter instanceof Letter.Command || letter instanceof Letter.Nothing;
    if (!again || command) {
      reader.read(letter, number, again);
    }
    return command;
  }

  /// A sender only cuts what was taken; if letters are missing here, this room's file is older than
  /// the sender's, restored from a backup, say. They are gone, and must not hold up the others.
  private Lane known(Lane lane, long first) {
    if (first <= lane.taken() + 1) {
      return lane;
    }
    Lane later = lane.taken(first - 1);
    outbox.put(later);
    return later;
  }

  private void putAside(RoomId from, long number, byte[] letter) {
    if (room.list(UNREAD, MOST_UNREAD).size() < MOST_UNREAD) {
      room.put(UNREAD + Lane.word(from) + "/" + "%019d".formatted(number), letter);
    }
  }
}
