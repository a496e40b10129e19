package dev.dormouse.server.admin;

import dev.dormouse.saga.SagaStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/// Walks through sagas, status by status, until a page is full or enough were scanned.
final class SagaListing {
  /// How many sagas one request scans at most, so that a search for what is not there stays cheap.
  static final int SCANNED = 5_000;

  /// Where sagas are found; blocks.
  interface Source {
    /// The next sagas of one status, in order.
    ///
    /// @param after empty for the first, or what the page before said
    /// @throws IllegalArgumentException if `after` is none
    Found sagas(SagaStatus status, Optional<String> definition, String after, int limit)
        throws IOException, TimeoutException, InterruptedException;
  }

  /// @param next empty if there is no more
  record Found(List<SagaLine> sagas, String next) {}

  /// Where a page begins.
  ///
  /// @param after as the source said it; empty for the first of its status
  private record Place(SagaStatus status, String after) {
    static Place of(String text) {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      int space = plain.indexOf(' ');
      return new Place(
          SagaStatus.valueOf(plain.substring(0, Math.max(0, space))), plain.substring(space + 1));
    }

    String text() {
      byte[] bytes = (status + " " + after).getBytes(StandardCharsets.UTF_8);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
  }

  private SagaListing() {}

  static SagaOffice.Page find(SagaQuery query, Source source)
      throws IOException, TimeoutException, InterruptedException {
    List<SagaStatus> statuses =
        Arrays.stream(SagaStatus.values()).filter(query.statuses()::contains).toList();
    Place place = query.after().map(Place::of).orElse(new Place(statuses.getFirst(), ""));
    int first = statuses.indexOf(place.status());
    if (first < 0) {
      throw new IllegalArgumentException("this list has no sagas that are " + place.status());
    }
    List<SagaLine> sagas = new ArrayList<>();
    int scanned = 0;
    for (int i = first; i < statuses.size(); i++) {
      SagaStatus status = statuses.get(i);
      place = i == first ? place : new Place(status, "");
      do {
        int missing = query.limit() - sagas.size();
        if (missing == 0 || scanned >= SCANNED || enough(query, missing)) {
          return new SagaOffice.Page(sagas, scanned, Optional.of(place.text()));
        }
        Found found = source.sagas(status, query.definition(), place.after(), missing);
        scanned += found.sagas().size();
        found.sagas().stream().filter(query::takes).forEach(sagas::add);
        place = new Place(status, found.next());
      } while (!place.after().isEmpty());
    }
    return new SagaOffice.Page(sagas, scanned, Optional.empty());
  }

  /// A search may leave a page with a few places: filling each would take a question.
  private static boolean enough(SagaQuery query, int missing) {
    return !query.search().isEmpty() && missing < query.limit() / 4;
  }
}
