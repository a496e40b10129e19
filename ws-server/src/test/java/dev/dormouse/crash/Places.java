package dev.dormouse.crash;

import dev.dormouse.saga.log.LogFailpoints;
import dev.dormouse.saga.queue.node.QueueFailpoints;
import dev.dormouse.storage.ScratchFailpoints;
import dev.dormouse.storage.StoreFailpoints;
import java.util.List;

/// The places at which the process is killed: the crash points of `docs/saga-format.md`, and the
/// failpoints that stand for each.
final class Places {
  /// A room's part begins an incarnation.
  static final String STARTS = "saga.starts";

  /// An alarm of the facility's is due; its turn has done nothing yet.
  static final String ALARM = "saga.alarm";

  /// What an alarm caused is durable; nobody has done anything about it.
  static final String ALARM_DURABLE = "saga.alarm-durable";

  /// A participant has had the effect of a command; nothing of it is stored.
  static final String IN_EFFECT = "saga.in-effect";

  /// A participant has answered late; nothing of it is stored.
  static final String IN_LATE = "saga.in-late";

  /// What a message caused is durable; its answer has not left.
  static final String TAKEN = "saga.taken";

  /// A service outside has answered; the room does not know yet.
  static final String CALLED = "saga.called";

  /// A letter is about to be brought to its room; what it is about may not be durable yet.
  static final String BRINGS = "facility.posts";

  /// A letter is about to leave, or what it is about is durable if it left ahead of that; by its
  /// kind.
  static final String POSTS_COMMAND = "saga.posts-command";

  static final String POSTS_REPLY = "saga.posts-reply";

  /// A participant is about to ask whether sagas have ended; its owner is about to say so.
  static final String POSTS_ASK = "saga.posts-ask";

  static final String POSTS_FORGET = "saga.posts-forget";
  static final String POSTS_RECEIPT = "saga.posts-receipt";
  static final String POSTS_ANSWER = "saga.posts-answer";

  /// A row of an outbox is being cut, in the turn; and when that is durable.
  static final String CUTS = "saga.cuts";

  static final String CUT = "saga.cut";

  /// A participant's record is being deleted.
  static final String FORGETS = "saga.forgets";

  /// What a room sends is durable; nobody has begun to append it.
  static final String POSTS_RELAY = "queue.posts-1";

  /// The log has it; the room that sent it has not been told.
  static final String POSTS_PUBLISHED = "queue.posts-2";

  /// A room has durably taken messages, and its answer to their group is about to leave.
  static final String POSTS_ACKS = "queue.posts-5";

  /// A row of an outbox is being deleted: the log has it.
  static final String PUBLISHED = "queue.deletes";

  /// When a place is passed.
  enum When {
    AT_WORK,
    /// Several times in a start.
    IN_A_START,
    /// Once in a start: so many starts in a row die there.
    IN_EACH_START
  }

  /// How often each can be passed before the process dies there.
  static final int HITS = 3;

  /// One place.
  ///
  /// @param point the crash point, such as `C9`
  record Place(String point, String failpoint, When when) {
    static Place atWork(String point, String failpoint) {
      return new Place(point, failpoint, When.AT_WORK);
    }
  }

  private Places() {}

  static List<Place> all() {
    return List.of(
        Place.atWork("C1", StoreFailpoints.BEFORE_BEGIN),
        Place.atWork("C1", StoreFailpoints.BEFORE_ROOM),
        Place.atWork("C1", StoreFailpoints.BEFORE_COMMIT),
        Place.atWork("C1", "room.turn-ends"),
        Place.atWork("C2", StoreFailpoints.AFTER_COMMIT),
        Place.atWork("C2", StoreFailpoints.BEFORE_ANSWER),
        Place.atWork("C2", StoreFailpoints.ANSWERING),
        Place.atWork("C3", BRINGS),
        Place.atWork("C3", POSTS_COMMAND),
        Place.atWork("C3", POSTS_RELAY),
        Place.atWork("C4", QueueFailpoints.BEFORE_APPEND),
        Place.atWork("C4", LogFailpoints.BEFORE_APPEND),
        Place.atWork("C5", LogFailpoints.BEFORE_SYNC),
        Place.atWork("C6", LogFailpoints.AFTER_SYNC),
        Place.atWork("C6", QueueFailpoints.APPENDED),
        Place.atWork("C6", POSTS_PUBLISHED),
        Place.atWork("C6", PUBLISHED),
        Place.atWork("C7", LogFailpoints.IN_APPEND),
        Place.atWork("C8", QueueFailpoints.LEASED),
        Place.atWork("C9", QueueFailpoints.HANDLED),
        Place.atWork("C9", IN_EFFECT),
        Place.atWork("C9", IN_LATE),
        Place.atWork("C10", TAKEN),
        Place.atWork("C10", POSTS_RECEIPT),
        Place.atWork("C10", POSTS_ACKS),
        Place.atWork("C11", CALLED),
        Place.atWork("C11", POSTS_ANSWER),
        Place.atWork("C12", POSTS_REPLY),
        Place.atWork("C13", ALARM),
        Place.atWork("C14", ALARM_DURABLE),
        Place.atWork("C15", QueueFailpoints.DEAD),
        Place.atWork("C15", QueueFailpoints.LETTER_SENT),
        Place.atWork("C16", "room.may-sleep"),
        Place.atWork("C16", ScratchFailpoints.CALL),
        Place.atWork("C16", ScratchFailpoints.COMMIT),
        new Place("C17", StoreFailpoints.EPOCH_RAISED, When.IN_A_START),
        new Place("C17", StoreFailpoints.FILES_OPEN, When.IN_EACH_START),
        new Place("C17", StoreFailpoints.OPENED, When.IN_EACH_START),
        Place.atWork("C17", StoreFailpoints.READER),
        Place.atWork("C17", STARTS),
        Place.atWork("C17", "room.begins"),
        Place.atWork("C18", CUTS),
        Place.atWork("C18", CUT),
        Place.atWork("C18", POSTS_ASK),
        Place.atWork("C18", POSTS_FORGET),
        Place.atWork("C18", FORGETS),
        new Place("C19", LogFailpoints.OPENED, When.IN_EACH_START),
        Place.atWork("C19", LogFailpoints.FILE_MADE),
        Place.atWork("C19", LogFailpoints.IN_DELETE));
  }
}
