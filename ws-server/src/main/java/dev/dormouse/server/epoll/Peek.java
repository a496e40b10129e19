package dev.dormouse.server.epoll;

import dev.dormouse.server.parking.Incoming;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Looks into the kernel's buffers of parked descriptors, one after the other. One for each loop,
/// and for its thread.
final class Peek implements Incoming {
  /// What a connection that is not parked reads at once; what does not fit is for it to read.
  static final int SIZE = 8 * 1024;

  private final byte[] memory = new byte[SIZE];

  /// Set by [#at]; whose bytes the others are about.
  private int fd = -1;

  private int seen;
  private int taken;

  /// Turns to another descriptor.
  Incoming at(int descriptor) {
    fd = descriptor;
    seen = 0;
    taken = 0;
    return this;
  }

  @Override
  public @Nullable ByteBuffer look() {
    seen = 0;
    taken = 0;
    long count;
    do {
      count = Libc.recv(fd, MemorySegment.ofArray(memory), Libc.MSG_PEEK);
    } while (Errno.interrupted(count));
    if (count <= 0 && !Errno.later(count)) {
      return null;
    }
    seen = Math.max(0, (int) count);
    return ByteBuffer.wrap(memory, 0, seen);
  }

  @Override
  public boolean full() {
    return seen == SIZE;
  }

  @Override
  public boolean take(int count) {
    if (count > seen - taken) {
      throw new IllegalArgumentException("bytes are taken that nobody has looked at");
    }
    int until = taken + count;
    while (taken < until) {
      // Onto themselves: these are the bytes that are there already.
      MemorySegment same = MemorySegment.ofArray(memory).asSlice(taken, until - taken);
      long moved = Libc.recv(fd, same, 0);
      if (moved > 0) {
        taken += (int) moved;
      } else if (!Errno.interrupted(moved)) {
        return false;
      }
    }
    return true;
  }
}
