package dev.dormouse.server.admin;

import dev.dormouse.room.RoomId;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.SagaView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/// What an operator may ask about the sagas of a server, and do to them. No question wakes a room;
/// an order does, since it is part of the saga's life.
///
/// Methods block, for a few seconds at most. They throw [IOException] where sagas cannot be read,
/// and [TimeoutException] where the answer does not come in time.
public interface SagaOffice {
  /// How many sagas of a status [#count] looks at before it says "and more".
  int COUNTED = 1_000;

  /// A page of sagas.
  ///
  /// @param scanned how many were looked at to find these
  /// @param next where to go on; empty if there is no more
  record Page(List<SagaLine> sagas, int scanned, Optional<String> next) {}

  /// How many sagas there are.
  ///
  /// @param more whether there are more than were counted
  record Tally(SagaStatus status, int sagas, boolean more) {}

  /// Sagas in the order of status, definition, version and id.
  ///
  /// @throws IllegalArgumentException if the page cannot begin where the query says
  Page list(SagaQuery query) throws IOException, TimeoutException, InterruptedException;

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

  /// How many sagas there are of some statuses, up to [#COUNTED] each.
  default List<Tally> count(Set<SagaStatus> statuses)
      throws IOException, TimeoutException, InterruptedException {
    List<Tally> tallies = new ArrayList<>();
    for (SagaStatus status : SagaStatus.values()) {
      if (statuses.contains(status)) {
        Page page = list(SagaQuery.of(Set.of(status), COUNTED));
        tallies.add(new Tally(status, page.sagas().size(), page.next().isPresent()));
      }
    }
    return tallies;
  }
}
