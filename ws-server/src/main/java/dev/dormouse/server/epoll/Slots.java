package dev.dormouse.server.epoll;

import dev.dormouse.server.limits.Passes;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Who has a descriptor: a table by its number. The kernel gives numbers out again as soon as they
/// are free, so each use of a number is a generation of its own, and events carry both.
///
/// A number is taken by the thread that accepted it and belongs to one loop from then on; it is
/// released by whoever closes it, before the kernel gets it back.
final class Slots {
  private static final int CHUNK = 4_096;

  /// The passes of those who have a descriptor: a number is released once, however it ends.
  final Passes passes;

  /// Grows and never shrinks. Replaced under this object's lock.
  private volatile Chunk[] chunks = {};

  Slots(Passes passes) {
    this.passes = passes;
  }

  /// @param generations written before the holder, read after it
  private record Chunk(AtomicReferenceArray<@Nullable Object> holders, int[] generations) {}

  /// Gives a number that has just been opened to `holder`.
  ///
  /// @return the word to register with: generation and number
  long claim(int fd, Object holder) {
    Chunk chunk = chunk(fd);
    int generation = ++chunk.generations[fd % CHUNK];
    chunk.holders.set(fd % CHUNK, holder);
    return (long) generation << 32 | fd;
  }

  /// Hands a number on within its generation; for the loop that it belongs to.
  void hand(int fd, Object holder) {
    chunk(fd).holders.set(fd % CHUNK, holder);
  }

  /// Hands a number on within its generation if `from` has it; for any thread.
  boolean hand(int fd, Object from, Object to) {
    return chunk(fd).holders.compareAndSet(fd % CHUNK, from, to);
  }

  /// Frees the number if `holder` has it, and counts its client out; to be called before it is
  /// closed.
  void release(int fd, Object holder) {
    if (chunk(fd).holders.compareAndSet(fd % CHUNK, holder, null)) {
      passes.leave(fd);
    }
  }

  /// Who has the number now.
  @Nullable Object holder(int fd) {
    Chunk[] all = chunks;
    return fd / CHUNK < all.length ? all[fd / CHUNK].holders.get(fd % CHUNK) : null;
  }

  /// Whom an event is for; null if it is for an earlier generation.
  @Nullable Object holder(long word) {
    int fd = fd(word);
    Object holder = holder(fd);
    boolean current =
        holder != null && chunks[fd / CHUNK].generations[fd % CHUNK] == (int) (word >>> 32);
    return current ? holder : null;
  }

  static int fd(long word) {
    return (int) word;
  }

  /// Visits all that are held.
  void each(BiConsumer<Integer, Object> visit) {
    Chunk[] all = chunks;
    for (int i = 0; i < all.length * CHUNK; i++) {
      Object holder = holder(i);
      if (holder != null) {
        visit.accept(i, holder);
      }
    }
  }

  private Chunk chunk(int fd) {
    Chunk[] all = chunks;
    return fd / CHUNK < all.length ? all[fd / CHUNK] : grown(fd);
  }

  private synchronized Chunk grown(int fd) {
    int before = chunks.length;
    if (fd / CHUNK >= before) {
      Chunk[] more = Arrays.copyOf(chunks, fd / CHUNK + 1);
      for (int i = before; i < more.length; i++) {
        more[i] = new Chunk(new AtomicReferenceArray<>(CHUNK), new int[CHUNK]);
      }
      chunks = more;
    }
    return chunks[fd / CHUNK];
  }
}
