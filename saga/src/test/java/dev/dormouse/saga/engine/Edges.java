package dev.dormouse.saga.engine;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntPredicate;

/// Which state leads to which, to find states from which no good end can be reached.
final class Edges {
  private int[] from = new int[1 << 16];
  private int[] to = new int[1 << 16];
  private int size;

  void add(int a, int b) {
    if (size == from.length) {
      from = Arrays.copyOf(from, size * 2);
      to = Arrays.copyOf(to, size * 2);
    }
    from[size] = a;
    to[size++] = b;
  }

  /// A state from which no good one can be reached, or -1.
  int unableToReach(int states, IntPredicate good) {
    int[] first = new int[states + 1];
    for (int i = 0; i < size; i++) {
      first[to[i] + 1]++;
    }
    for (int i = 0; i < states; i++) {
      first[i + 1] += first[i];
    }
    int[] before = new int[size];
    int[] next = first.clone();
    for (int i = 0; i < size; i++) {
      before[next[to[i]]++] = from[i];
    }
    BitSet able = new BitSet(states);
    ArrayDeque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < states; i++) {
      if (good.test(i)) {
        able.set(i);
        open.add(i);
      }
    }
    while (!open.isEmpty()) {
      int at = open.remove();
      for (int i = first[at]; i < first[at + 1]; i++) {
        if (!able.get(before[i])) {
          able.set(before[i]);
          open.add(before[i]);
        }
      }
    }
    int unable = able.nextClearBit(0);
    return unable < states ? unable : -1;
  }
}
