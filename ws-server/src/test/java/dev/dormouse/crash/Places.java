package dev.dormouse.crash;

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

  /// A letter is about to leave, by its kind.
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

  /// One place.
  ///
  /// @param point the crash point, such as `C9`
  /// @param atStart whether only starts pass it
  /// @param hits how often it can be passed for the first time
  record Place(String point, String failpoint, boolean atStart, int hits) {
    static Place atWork(String point, String failpoint) {
      return new Place(point, failpoint, false, 3);
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
        Place.atWork("C3", POSTS_COMMAND),
        Place.atWork("C9", IN_EFFECT),
        Place.atWork("C9", IN_LATE),
        Place.atWork("C10", TAKEN),
        Place.atWork("C10", POSTS_RECEIPT),
        Place.atWork("C11", CALLED),
        Place.atWork("C11", POSTS_ANSWER),
        Place.atWork("C12", POSTS_REPLY),
        Place.atWork("C13", ALARM),
        Place.atWork("C14", ALARM_DURABLE),
        Place.atWork("C16", "room.may-sleep"),
        Place.atWork("C16", ScratchFailpoints.CALL),
        Place.atWork("C16", ScratchFailpoints.COMMIT),
        new Place("C17", StoreFailpoints.EPOCH_RAISED, true, 2),
        new Place("C17", StoreFailpoints.OPENED, true, 1),
        Place.atWork("C17", STARTS),
        Place.atWork("C17", "room.begins"),
        Place.atWork("C18", CUTS),
        Place.atWork("C18", CUT),
        Place.atWork("C18", POSTS_ASK),
        Place.atWork("C18", POSTS_FORGET),
        Place.atWork("C18", FORGETS));
  }
}
