package dev.dormouse.server.limits;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntUnaryOperator;

/// A number for each of those who have small numbers, such as descriptors: four bytes, and nothing
/// else. Zero for whoever was given none.
///
/// For any thread.
public final class IntTable {
  private static final int CHUNK = 4_096;

  /// Grows and never shrinks. Replaced under this object's lock.
  private volatile AtomicIntegerArray[] chunks = {};

  public int get(int index) {
    AtomicIntegerArray[] all = chunks;
    return index / CHUNK < all.length ? all[index / CHUNK].get(index % CHUNK) : 0;
  }

  public void set(int index, int value) {
    AtomicIntegerArray[] all = chunks;
    AtomicIntegerArray chunk = index / CHUNK < all.length ? all[index / CHUNK] : grown(index);
    chunk.set(index % CHUNK, value);
  }

  /// Changes what is there, and returns what was there before.
  int change(int index, IntUnaryOperator change) {
    AtomicIntegerArray[] all = chunks;
    return index / CHUNK < all.length ? all[index / CHUNK].getAndUpdate(index % CHUNK, change) : 0;
  }

  private synchronized AtomicIntegerArray grown(int index) {
    int before = chunks.length;
    if (index / CHUNK >= before) {
      AtomicIntegerArray[] more = Arrays.copyOf(chunks, index / CHUNK + 1);
      for (int i = before; i < more.length; i++) {
        more[i] = new AtomicIntegerArray(CHUNK);
      }
      chunks = more;
    }
    return chunks[index / CHUNK];
  }
}
