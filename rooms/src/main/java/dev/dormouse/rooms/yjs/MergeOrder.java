package dev.dormouse.rooms.yjs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/// The cursors of a merge that are not exhausted, the one to read next in front: the highest
/// client, and there the lowest clock.
///
/// Yjs sorts them anew in every round, and where several stand at the same place, what its sort
/// does with them decides whose piece is kept. Usually that is the order they had, and only the
/// first cursor ever moves, so it is enough to put that one in its new place. But to yjs a
/// collected piece and an item at the same place are each less than the other, so their order comes
/// out of how the sort of JavaScript's engine happens to compare. That is repeated here for as many
/// cursors as that engine sorts by plain insertion; with more, such a tie keeps its order, which
/// changes the bytes of the result but not its meaning.
final class MergeOrder {
  /// V8 sorts this many elements by one run and binary insertion.
  private static final int INSERTION_SORTED = 63;

  private static final Comparator<StructCursor> BY_PLACE =
      Comparator.comparing(
          StructCursor::here,
          Comparator.comparingLong(Struct::client)
              .reversed()
              .thenComparing(Comparator.comparingLong(Struct::clock)));

  private final List<StructCursor> cursors = new ArrayList<>();

  /// Whether somewhere a collected piece and an item stand at the same place.
  private boolean tied;

  /// Orders those of `all` that are not exhausted.
  MergeOrder(List<StructCursor> all) {
    all.stream().filter(cursor -> cursor.current() != null).forEach(cursors::add);
    if (cursors.size() <= INSERTION_SORTED) {
      sortAsYjs();
    } else {
      cursors.sort(BY_PLACE);
    }
  }

  boolean isEmpty() {
    return cursors.isEmpty();
  }

  StructCursor first() {
    return cursors.getFirst();
  }

  /// Restores the order after the first cursor has moved.
  void firstMoved() {
    StructCursor first = cursors.getFirst();
    if (first.current() == null) {
      cursors.removeFirst();
      if (tied || cursors.size() == INSERTION_SORTED) {
        sortAsYjs();
      }
      return;
    }
    int place = placeOf(first);
    if (cursors.size() <= INSERTION_SORTED && (tied || tiesAt(place, first))) {
      sortAsYjs();
    } else if (place > 1) {
      cursors.removeFirst();
      cursors.add(place - 1, first);
    }
  }

  /// The index, at least 1, of the first other cursor that `first` does not stand behind.
  private int placeOf(StructCursor first) {
    int low = 1;
    int high = cursors.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (BY_PLACE.compare(cursors.get(middle), first) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private boolean tiesAt(int place, StructCursor first) {
    for (int i = place; i < cursors.size(); i++) {
      StructCursor other = cursors.get(i);
      if (BY_PLACE.compare(first, other) != 0) {
        return false;
      }
      if (!sameClass(first, other)) {
        return true;
      }
    }
    return false;
  }

  /// What `Array.sort` of V8 does with up to [#INSERTION_SORTED] elements and the comparison of
  /// yjs: reverses the first run if it descends, then inserts the others one by one.
  private void sortAsYjs() {
    int run = firstRun();
    for (int i = run; i < cursors.size(); i++) {
      StructCursor next = cursors.get(i);
      int low = 0;
      int high = i;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (compareAsYjs(next, cursors.get(middle)) < 0) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      Collections.rotate(cursors.subList(low, i + 1), 1);
    }
    tied = false;
    for (int i = 1; i < cursors.size() && !tied; i++) {
      StructCursor one = cursors.get(i - 1);
      StructCursor other = cursors.get(i);
      tied = BY_PLACE.compare(one, other) == 0 && !sameClass(one, other);
    }
  }

  private int firstRun() {
    if (cursors.size() < 2) {
      return cursors.size();
    }
    boolean descends = compareAsYjs(cursors.get(1), cursors.get(0)) < 0;
    int run = 2;
    while (run < cursors.size()
        && compareAsYjs(cursors.get(run), cursors.get(run - 1)) < 0 == descends) {
      run++;
    }
    if (descends) {
      Collections.reverse(cursors.subList(0, run));
    }
    return run;
  }

  private static int compareAsYjs(StructCursor one, StructCursor other) {
    int byPlace = BY_PLACE.compare(one, other);
    return byPlace != 0 || sameClass(one, other) ? byPlace : -1;
  }

  private static boolean sameClass(StructCursor one, StructCursor other) {
    return one.here().getClass() == other.here().getClass();
  }
}
