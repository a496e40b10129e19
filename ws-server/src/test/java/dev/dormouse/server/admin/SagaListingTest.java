package dev.dormouse.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.dormouse.room.RoomId;
import dev.dormouse.saga.SagaStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Pages through sagas.
class SagaListingTest {
  private final List<SagaLine> all = new ArrayList<>();
  private int asked;

  private void have(SagaStatus status, String prefix, int number) {
    for (int i = 0; i < number; i++) {
      String id = prefix + "-%05d".formatted(i);
      RoomId room = RoomId.of("shop", new byte[RoomId.BYTES], i % 2 == 0 ? "even" : "odd");
      all.add(new SagaLine(room, id, "order", 1, status, false, "", Instant.EPOCH, Instant.EPOCH));
    }
  }

  /// As the register pages: what comes after is the number of the next.
  private SagaListing.Found some(
      SagaStatus status, Optional<String> definition, String after, int limit) {
    asked++;
    List<SagaLine> these = all.stream().filter(saga -> saga.status() == status).toList();
    int from = after.isEmpty() ? 0 : Integer.parseInt(after);
    int to = Math.min(these.size(), from + limit);
    return new SagaListing.Found(
        these.subList(from, to), to < these.size() ? Integer.toString(to) : "");
  }

  private SagaOffice.Page page(SagaQuery query) throws Exception {
    return SagaListing.find(query, this::some);
  }

  private List<String> everyPage(Set<SagaStatus> statuses, String search, int limit)
      throws Exception {
    List<String> found = new ArrayList<>();
    Optional<String> after = Optional.empty();
    for (int pages = 0; pages < 1_000; pages++) {
      SagaOffice.Page page = page(new SagaQuery(statuses, Optional.empty(), search, after, limit));
      assertThat(page.sagas()).hasSizeLessThanOrEqualTo(limit);
      page.sagas().forEach(saga -> found.add(saga.saga()));
      if (page.next().isEmpty()) {
        return found;
      }
      after = page.next();
    }
    throw new AssertionError("it does not end");
  }

  @Test
  void every_saga_is_listed_once_over_statuses_and_pages() throws Exception {
    have(SagaStatus.RUNNING, "run", 7);
    have(SagaStatus.PARKED_FORWARD, "park", 5);
    have(SagaStatus.COMPLETED, "end", 3);

    for (int limit = 1; limit < 15; limit++) {
      assertThat(everyPage(SagaQuery.OPEN, "", limit))
          .hasSize(12)
          .doesNotHaveDuplicates()
          .noneMatch(id -> id.startsWith("end"));
    }
  }

  @Test
  void a_search_finds_sagas_and_rooms_in_any_case() throws Exception {
    have(SagaStatus.RUNNING, "Run", 20);

    assertThat(everyPage(SagaQuery.OPEN, "RUN-00007", 10)).containsExactly("Run-00007");
    assertThat(everyPage(SagaQuery.OPEN, "ODD", 4)).hasSize(10).doesNotHaveDuplicates();
  }

  @Test
  void a_search_for_what_is_not_there_stops_and_says_where_to_go_on() throws Exception {
    have(SagaStatus.RUNNING, "run", 12_000);

    SagaOffice.Page page =
        page(new SagaQuery(SagaQuery.OPEN, Optional.empty(), "nobody", Optional.empty(), 1_000));

    assertThat(page.sagas()).isEmpty();
    assertThat(page.scanned()).isEqualTo(SagaListing.SCANNED);
    assertThat(page.next()).isPresent();
    assertThat(asked).isEqualTo(5);
    assertThat(everyPage(SagaQuery.OPEN, "run-11999", 1_000)).containsExactly("run-11999");
  }

  @Test
  void a_place_of_another_list_is_refused() throws Exception {
    have(SagaStatus.RUNNING, "run", 3);
    Optional<String> next = page(SagaQuery.of(SagaQuery.OPEN, 1)).next();

    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            page(new SagaQuery(EnumSet.of(SagaStatus.COMPLETED), Optional.empty(), "", next, 1)));
    for (String wrong : List.of("x", "!", "UlVO", "")) {
      assertThatIllegalArgumentException()
          .as(wrong)
          .isThrownBy(() ->
              page(new SagaQuery(SagaQuery.OPEN, Optional.empty(), "", Optional.of(wrong), 1)));
    }
  }
}
