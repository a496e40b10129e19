package dev.dormouse.loadtest.hold;

import java.util.Arrays;

/// Who waits since when, the longest first: a ring that grows. Who no longer waits stays in it
/// until its turn comes, and the caller knows. Belongs to one thread.
final class Waiting {
  private int[] who = new int[64];
  private long[] since = new long[64];
  private int first;
  private int size;

  /// @param now not before that of the last one added, or they are found late
  void add(int one, long now) {
    if (size == who.length) {
      grow();
    }
    int at = (first + size) % who.length;
    who[at] = one;
    since[at] = now;
    size++;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /// Who waits longest; there must be somebody.
  int first() {
    return who[first];
  }

  /// Since when the first waits.
  long since() {
    return since[first];
  }

  void drop() {
    first = (first + 1) % who.length;
    size--;
  }

  private void grow() {
    int[] whoElse = Arrays.copyOf(who, who.length * 2);
    long[] sinceThen = Arrays.copyOf(since, since.length * 2);
    for (int i = 0; i < size; i++) {
      whoElse[i] = who[(first + i) % who.length];
      sinceThen[i] = since[(first + i) % since.length];
    }
    who = whoElse;
    since = sinceThen;
    first = 0;
  }
}
