package dev.dormouse.server.limits;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// The passes of clients that have small numbers, such as descriptors: four bytes for each, and
/// nothing else, however long a client stays and whatever keeps it.
///
/// For any thread, but a number is given out and given back by whoever has it.
public final class Passes {
  private static final int CHUNK = 4_096;

  private final Turnstile turnstile;

  /// Grows and never shrinks. Replaced under this object's lock.
  private volatile AtomicIntegerArray[] chunks = {};

  public Passes(Turnstile turnstile) {
    this.turnstile = turnstile;
  }

  /// Keeps the pass of a client that was let in.
  public void put(int number, int pass) {
    AtomicIntegerArray[] all = chunks;
    AtomicIntegerArray chunk = number / CHUNK < all.length ? all[number / CHUNK] : grown(number);
    chunk.set(number % CHUNK, pass);
  }

  /// Whether a client has a pass by this number.
  boolean has(int number) {
    AtomicIntegerArray[] all = chunks;
    return number / CHUNK < all.length && all[number / CHUNK].get(number % CHUNK) != 0;
  }

  /// Ends the client's handshake, if it has not ended; to be called only while it has the number.
  public void answered(int number) {
    AtomicIntegerArray[] all = chunks;
    if (number / CHUNK < all.length
        && Turnstile.waits(all[number / CHUNK].getAndUpdate(number % CHUNK, Turnstile::answered))) {
      turnstile.answered();
    }
  }

  /// Counts the client out, once, if it had a pass; to be called before its number is anybody
  /// else's.
  public void leave(int number) {
    AtomicIntegerArray[] all = chunks;
    int pass = number / CHUNK < all.length ? all[number / CHUNK].getAndSet(number % CHUNK, 0) : 0;
    if (pass != 0) {
      turnstile.leave(pass);
    }
  }

  private synchronized AtomicIntegerArray grown(int number) {
    int before = chunks.length;
    if (number / CHUNK >= before) {
      AtomicIntegerArray[] more = Arrays.copyOf(chunks, number / CHUNK + 1);
      for (int i = before; i < more.length; i++) {
        more[i] = new AtomicIntegerArray(CHUNK);
      }
      chunks = more;
    }
    return chunks[number / CHUNK];
  }
}
