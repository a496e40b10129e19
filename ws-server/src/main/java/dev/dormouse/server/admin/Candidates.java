package dev.dormouse.server.admin;

import dev.dormouse.room.RoomId;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The rooms of one namespace in order: those that are stored and those in memory, each once. For
/// one thread.
///
/// A room that is stored, or in memory, for as long as a listing takes is met once; one that comes,
/// goes or falls asleep meanwhile may be missed.
final class Candidates {
  /// How many stored rooms are asked for at once while a search goes through them.
  private static final int CHUNK = 1_000;

  private final Listing.Source source;
  private final String namespace;
  private final int chunk;
  private final NavigableSet<RoomId> awake = new TreeSet<>(Cursor.ORDER);
  private final Deque<RoomId> stored = new ArrayDeque<>();
  private @Nullable RoomId lastStored;
  private boolean allStored;

  /// @param awake whether it is in memory
  record Candidate(RoomId room, boolean awake) {}

  /// @param cursor where to begin; of another namespace, or null, for the beginning
  Candidates(Listing.Source source, String namespace, RoomQuery query, @Nullable Cursor cursor) {
    this.source = source;
    this.namespace = namespace;
    // One more than a page, to know whether there is another.
    chunk = query.search().isEmpty() ? query.limit() + 1 : CHUNK;
    allStored = query.state() == RoomQuery.State.AWAKE;
    RoomId after =
        cursor != null && cursor.after().namespace().equals(namespace) ? cursor.after() : null;
    lastStored = after;
    for (RoomId room : source.awake(namespace)) {
      if (after == null || Cursor.ORDER.compare(room, after) > 0) {
        awake.add(room);
        if (awake.size() > Listing.SCANNED + 1) {
          // Nobody gets that far in one request.
          awake.removeLast();
        }
      }
    }
  }

  /// The next room; null if there is none.
  @Nullable Candidate next() throws IOException, TimeoutException, InterruptedException {
    if (stored.isEmpty() && !allStored) {
      List<RoomId> more = source.stored(namespace, lastStored, chunk);
      allStored = more.size() < chunk;
      stored.addAll(more);
      lastStored = more.isEmpty() ? lastStored : more.getLast();
    }
    RoomId onDisk = stored.peek();
    RoomId inMemory = awake.isEmpty() ? null : awake.first();
    if (inMemory == null) {
      return onDisk == null ? null : new Candidate(stored.remove(), false);
    }
    int order = onDisk == null ? 1 : Cursor.ORDER.compare(onDisk, inMemory);
    if (order < 0) {
      return new Candidate(stored.remove(), false);
    }
    awake.removeFirst();
    if (order == 0) {
      RoomId same = stored.remove();
      return new Candidate(same.name().isPresent() ? same : inMemory, true);
    }
    return new Candidate(inMemory, true);
  }
}
