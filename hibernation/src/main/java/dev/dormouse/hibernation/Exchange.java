package dev.dormouse.hibernation;

import dev.dormouse.room.Admission;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.RoomException;

/// A client that waits for the answer to an upgrade or a request. Exactly one method is called,
/// once. None blocks or throws; a client that has gone meanwhile just does not get its answer.
public interface Exchange {

  /// Answers an upgrade.
  void admit(Admission admission);

  /// Answers a request.
  void reply(HttpReply reply);

  /// Answers either with an error.
  void decline(RoomException error);
}
