package dev.dormouse.server.epoll;

import dev.dormouse.server.limits.Stranger;
import java.lang.foreign.MemorySegment;

/// The descriptor of a client that is not let in; nobody else has it, and it is in no table.
record Unwanted(int fd) implements Stranger {
  /// What is dropped at a look, in bytes.
  private static final int MOST = 64 * 1024;

  @Override
  public boolean tell(byte[] answer) {
    return Libc.send(fd, MemorySegment.ofArray(answer), 0) == answer.length
        && Libc.shutdown(fd, Libc.SHUT_WR) >= 0;
  }

  @Override
  public boolean gone() {
    byte[] dropped = new byte[MOST];
    long count = Libc.recv(fd, MemorySegment.ofArray(dropped), 0);
    return count == 0
        || count == MOST
        || (count < 0 && !Errno.later(count) && !Errno.interrupted(count));
  }

  @Override
  public void close() {
    var _ = Libc.close(fd);
  }
}
