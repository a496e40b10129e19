package dev.dormouse.server.admin;

import dev.dormouse.room.RoomId;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.SagaView;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/// What an operator may ask about the sagas of a server, and do to them. No question wakes a room;
/// an order does, since it is part of the saga's life.
///
/// Methods block, for a few seconds at most. They throw [IOException] where sagas cannot be read,
/// and [TimeoutException] where the answer does not come in time.
public interface SagaOffice {
  /// A page of sagas.
  ///
  /// @param scanned how many were looked at to find these
  /// @param next where to go on; empty if there is no more
  record Page(List<SagaLine> sagas, int scanned, Optional<String> next) {}

  /// How many sagas there are.
  record Tally(SagaStatus status, long sagas) {}

  /// Sagas in the order of status, definition, version and id.
  ///
  /// @throws IllegalArgumentException if the page cannot begin where the query says
  Page list(SagaQuery query) throws IOException, TimeoutException, InterruptedException;

  /// How many sagas there are of each status that has not ended, those without any too.
  List<Tally> open() throws IOException, TimeoutException, InterruptedException;

  /// What is known of one saga; empty if the room has none of this id.
  Optional<SagaView> look(RoomId owner, String saga)
      throws IOException, TimeoutException, InterruptedException;

  /// Has something done, and returns when it is durable.
  ///
  /// @throws dev.dormouse.room.RoomException as the saga's room throws it:
  ///   [dev.dormouse.room.Refusal.NotFound] if there is no such saga,
  ///   [dev.dormouse.room.Refusal.Refused] if it is not in a state for it
  void give(RoomId owner, String saga, SagaOrder order)
      throws IOException, TimeoutException, InterruptedException;

  /// All definitions that this process has, old versions too.
  List<Saga<?>> definitions();

  /// The definition that a saga runs on; empty if this process does not have it.
  default Optional<Saga<?>> definition(SagaView saga) {
    for (Saga<?> each : definitions()) {
      if (each.name().equals(saga.definition()) && each.version() == saga.version()) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
