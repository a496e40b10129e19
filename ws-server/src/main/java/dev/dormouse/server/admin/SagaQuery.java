package dev.dormouse.server.admin;

import dev.dormouse.saga.SagaStatus;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// Which sagas to list.
///
/// @param statuses those that are wanted, at least one
/// @param definition only sagas of this definition, if it is there
/// @param search a part of the saga's id or of its room's name, in any case; empty for every saga
/// @param after where the page before ended, as it said itself; empty for the first
/// @param limit how many sagas at most
public record SagaQuery(
    Set<SagaStatus> statuses,
    Optional<String> definition,
    String search,
    Optional<String> after,
    int limit) {

  /// How many sagas a page has if nothing is said.
  public static final int USUAL = 50;

  /// How many sagas a page has at most.
  public static final int MOST = 1_000;

  /// Sagas that have not ended.
  public static final Set<SagaStatus> OPEN =
      EnumSet.complementOf(EnumSet.of(SagaStatus.COMPLETED, SagaStatus.COMPENSATED));

  public SagaQuery {
    statuses = EnumSet.copyOf(statuses);
    search = Folded.text(search);
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("a page has 1 to %,d sagas".formatted(MOST));
    }
  }

  /// All sagas of some statuses.
  public static SagaQuery of(Set<SagaStatus> statuses, int limit) {
    return new SagaQuery(statuses, Optional.empty(), "", Optional.empty(), limit);
  }

  /// Whether a saga is one of those.
  public boolean takes(SagaLine saga) {
    return statuses.contains(saga.status())
        && definition.filter(name -> !name.equals(saga.definition())).isEmpty()
        && finds(saga);
  }

  private boolean finds(SagaLine saga) {
    return search.isEmpty()
        || Folded.text(saga.saga()).contains(search)
        || saga.owner().name().filter(name -> Folded.text(name).contains(search)).isPresent();
  }
}
