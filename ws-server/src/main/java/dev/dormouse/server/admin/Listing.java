package dev.dormouse.server.admin;

import dev.dormouse.room.RoomId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Walks through rooms in order, namespace by namespace, until a page is full or enough were
/// scanned.
final class Listing {
  /// How many rooms one request scans at most, so that a search for what is not there stays cheap.
  static final int SCANNED = 5_000;

  /// Where rooms are found. Both block.
  interface Source {
    /// The rooms of a namespace that are in memory, in no order.
    List<RoomId> awake(String namespace);

    /// See [dev.dormouse.room.spi.RoomStore#rooms].
    List<RoomId> stored(String namespace, @Nullable RoomId after, int limit)
        throws IOException, TimeoutException, InterruptedException;
  }

  /// What a walk found.
  ///
  /// @param rooms in order
  /// @param scanned how many rooms were looked at
  /// @param next where to go on; null if there is no more
  record Found(List<RoomId> rooms, int scanned, @Nullable Cursor next) {}

  private Listing() {}

  static Found find(RoomQuery query, Source source)
      throws IOException, TimeoutException, InterruptedException {
    List<RoomId> rooms = new ArrayList<>();
    int scanned = 0;
    Cursor last = query.after();
    for (String namespace : query.namespaces()) {
      if (last != null && namespace.compareTo(last.after().namespace()) < 0) {
        continue;
      }
      Candidates candidates = new Candidates(source, namespace, query, last);
      for (Candidates.Candidate each = candidates.next(); each != null; each = candidates.next()) {
        if (rooms.size() == query.limit() || scanned == SCANNED) {
          return new Found(rooms, scanned, last);
        }
        scanned++;
        last = new Cursor(each.room());
        if (query.state().takes(each.awake()) && query.finds(each.room())) {
          rooms.add(each.room());
        }
      }
    }
    return new Found(rooms, scanned, null);
  }
}
