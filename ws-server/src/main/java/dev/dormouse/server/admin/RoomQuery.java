package dev.dormouse.server.admin;

import dev.dormouse.room.RoomId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which rooms to list.
///
/// @param namespaces the namespaces to look in, in order
/// @param state which of their rooms
/// @param search a part of the name, in any case; empty for every room, those without a name too
/// @param after where the page before ended; null for the first
/// @param limit how many rooms at most
public record RoomQuery(
    List<String> namespaces, State state, String search, @Nullable Cursor after, int limit) {

  /// How many rooms a page has if nothing is said.
  public static final int USUAL = 100;

  /// How many rooms a page has at most: each is looked at by itself.
  public static final int MOST = 1_000;

  /// Whether a room is in memory.
  public enum State {
    AWAKE,
    ASLEEP,
    ANY;

    boolean takes(boolean awake) {
      return this == ANY || awake == (this == AWAKE);
    }
  }

  public RoomQuery {
    namespaces = List.copyOf(namespaces);
    search = Folded.text(search);
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("a page has 1 to %,d rooms".formatted(MOST));
    }
  }

  boolean finds(RoomId room) {
    return search.isEmpty()
        || room.name().filter(name -> Folded.text(name).contains(search)).isPresent();
  }
}
