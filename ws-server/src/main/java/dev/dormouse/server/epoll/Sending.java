package dev.dormouse.server.epoll;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.BufferUtil;

/// Sends buffers, of the heap or not, in as few calls as is sensible: small ones are put together,
/// of large ones each goes by itself, marked as to be followed by the next.
final class Sending {
  /// Up to how many bytes are copied rather than sent one by one.
  private static final int SMALL = 16 * 1024;

  /// The most for one call, since the JVM cannot stop the thread meanwhile.
  private static final int MOST = 256 * 1024;

  private Sending() {}

  /// Sends as much as the socket takes, and moves the buffers' positions on.
  ///
  /// @return whether all of it is gone
  /// @throws EofException if the socket is broken
  static boolean send(EpollEndPoint endPoint, int fd, ByteBuffer[] buffers) throws IOException {
    long total = BufferUtil.remaining(buffers);
    if (total == 0) {
      return true;
    }
    int last = last(buffers);
    if (total <= SMALL && total > buffers[last].remaining()) {
      return together(endPoint, fd, buffers, (int) total);
    }
    for (int i = 0; i <= last; i++) {
      while (buffers[i].hasRemaining()) {
        int size = Math.min(buffers[i].remaining(), MOST);
        boolean more = i < last || size < buffers[i].remaining();
        MemorySegment bytes = MemorySegment.ofBuffer(buffers[i]).asSlice(0, size);
        int sent = call(endPoint, fd, bytes, more ? Libc.MSG_MORE : 0);
        buffers[i].position(buffers[i].position() + sent);
        if (sent < size) {
          return false;
        }
      }
    }
    return true;
  }

  private static int last(ByteBuffer[] buffers) {
    int last = buffers.length - 1;
    while (!buffers[last].hasRemaining()) {
      last--;
    }
    return last;
  }

  private static boolean together(EpollEndPoint endPoint, int fd, ByteBuffer[] buffers, int total)
      throws IOException {
    byte[] all = new byte[total];
    int at = 0;
    for (ByteBuffer buffer : buffers) {
      buffer.get(buffer.position(), all, at, buffer.remaining());
      at += buffer.remaining();
    }
    int sent = call(endPoint, fd, MemorySegment.ofArray(all), 0);
    int left = sent;
    for (ByteBuffer buffer : buffers) {
      int part = Math.min(left, buffer.remaining());
      buffer.position(buffer.position() + part);
      left -= part;
    }
    return sent == total;
  }

  private static int call(EpollEndPoint endPoint, int fd, MemorySegment bytes, int flags)
      throws IOException {
    long sent;
    do {
      endPoint.writing();
      sent = Libc.send(fd, bytes, flags);
    } while (Errno.interrupted(sent));
    if (sent == bytes.byteSize()) {
      endPoint.wrote();
    }
    if (sent >= 0) {
      return (int) sent;
    }
    if (Errno.later(sent)) {
      return 0;
    }
    throw new EofException(Errno.failure("send", sent));
  }
}
