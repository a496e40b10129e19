package dev.dormouse.server.epoll;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Memory for `struct epoll_event`s: which bits came, and the word that was registered with the
/// descriptor. x86-64 packs the structure, other machines align it.
final class Events {
  static final int IN = 0x1;
  static final int OUT = 0x4;
  static final int ERR = 0x8;
  static final int HUP = 0x10;
  static final int RDHUP = 0x2000;

  /// Any of them says that the other side has ended, or that the socket is broken.
  static final int ENDS = RDHUP | HUP | ERR;

  /// Told once when something becomes possible, not as long as it is.
  static final int EDGE = 1 << 31;

  static final int ADD = 1;
  static final int MODIFY = 3;

  private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");
  private static final long SIZE = PACKED ? 12 : 16;
  private static final long WORD = PACKED ? 4 : 8;

  private final MemorySegment memory;
  private final MemorySegment error;
  private final int count;

  Events(Arena arena, int count) {
    this.memory = arena.allocate(SIZE * count, 8);
    this.error = arena.allocate(ValueLayout.JAVA_INT);
    this.count = count;
  }

  /// Waits as [Libc#epollWait] does, and takes the events in.
  int await(int epoll, int millis) {
    return Libc.epollWait(error, epoll, memory, count, millis);
  }

  int bits(int index) {
    return memory.get(ValueLayout.JAVA_INT_UNALIGNED, index * SIZE);
  }

  long word(int index) {
    return memory.get(ValueLayout.JAVA_LONG_UNALIGNED, index * SIZE + WORD);
  }

  /// One event, to register with.
  static MemorySegment of(int bits, long word) {
    MemorySegment event = MemorySegment.ofArray(new byte[(int) SIZE]);
    event.set(ValueLayout.JAVA_INT_UNALIGNED, 0, bits);
    event.set(ValueLayout.JAVA_LONG_UNALIGNED, WORD, word);
    return event;
  }
}
