package dev.dormouse.server.epoll;

import dev.dormouse.server.limits.Guest;
import dev.dormouse.server.parking.Backlog;
import dev.dormouse.server.parking.Parkable;
import dev.dormouse.server.parking.ParkingEndPoint;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;

/// Jetty's end of a socket that is a descriptor and nothing else.
///
/// Events are edges: they say what has become possible since the last system call that could not go
/// on, so [#readable] and [#writable] remember them. Each is cleared before a call and set again
/// after it if there may be more, never the other way round: an event that comes in between is not
/// lost, and the worst case is a call in vain.
public final class EpollEndPoint extends AbstractEndPoint implements ParkingEndPoint, Guest {
  private final EpollConnector connector;
  private final Loop loop;

  /// Who uses the number right now, and whether it is still this endpoint's.
  private final Tenure tenure;

  /// Whether a read may find something.
  private volatile boolean readable;

  /// Whether the kernel said that the other side has ended; reads go on until they find the end.
  private volatile boolean ended;

  private volatile boolean writable = true;

  /// Set when a write waits for the socket to take more.
  private volatile boolean blocked;

  /// What goes out first; null in nearly all cases.
  private volatile @Nullable Backlog backlog;

  /// Written by who writes to the socket, of whom there is one at a time.
  private volatile long sent;

  /// The tick of the last use; a torn order of writes does no harm.
  private volatile int lastUsed;

  /// Asked for once; the socket may be gone when it is asked for again.
  private volatile @Nullable InetSocketAddress remote;

  EpollEndPoint(EpollConnector connector, Loop loop, int fd) {
    super(connector.getScheduler());
    this.connector = connector;
    this.loop = loop;
    this.tenure = new Tenure(fd, this, connector.slots);
  }

  /// The number; valid while this endpoint is open.
  int descriptor() {
    return tenure.fd;
  }

  @Override
  public void used() {
    lastUsed = loop.idle.tick();
  }

  @Override
  public long sent() {
    return sent;
  }

  private void count(long bytes) {
    long before = sent;
    sent = before + bytes;
  }

  @Override
  public int lastUsed() {
    return lastUsed;
  }

  // Events, on the loop's thread.

  /// Notes what has become possible.
  void note(int bits) {
    if ((bits & Events.ENDS) != 0) {
      ended = true;
    }
    if ((bits & ~Events.OUT) != 0) {
      readable = true;
    }
    if ((bits & ~Events.IN) != 0) {
      writable = true;
    }
  }

  void fired(int bits) {
    note(bits);
    if (writable) {
      Backlog first = backlog;
      if (first != null && flushed(first)) {
        backlog = null;
      }
      if (blocked) {
        completeWrite();
      }
    }
    if (readable) {
      fillable();
    }
  }

  private void completeWrite() {
    blocked = false;
    if (getWriteFlusher().getCallbackInvocationType() == InvocationType.NON_BLOCKING) {
      getWriteFlusher().completeWrite();
    } else {
      connector.getExecutor().execute(() -> getWriteFlusher().completeWrite());
    }
  }

  private void fillable() {
    if (!getFillInterest().isInterested()) {
      return;
    }
    if (getFillInterest().getCallbackInvocationType() == InvocationType.NON_BLOCKING) {
      getFillInterest().fillable();
    } else {
      connector.getExecutor().execute(() -> getFillInterest().fillable());
    }
  }

  // Reading.

  @Override
  protected void needsFillInterest() {
    // What came before the interest was known has no event of its own any more.
    if (readable || ended) {
      loop.ask(this::fillable);
    }
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    if (isInputShutdown()) {
      return -1;
    }
    if (!readable && !ended) {
      return 0;
    }
    if (!tenure.enter()) {
      return -1;
    }
    int from = BufferUtil.flipToFill(buffer);
    int count;
    try {
      count = read(buffer);
    } finally {
      BufferUtil.flipToFlush(buffer, from);
      tenure.exit();
    }
    if (count < 0) {
      shutdownInput();
    } else if (count > 0) {
      notIdle();
      used();
      if (getConnection() instanceof Parkable parkable) {
        parkable.handed(buffer.slice(buffer.limit() - count, count));
      }
    }
    return count;
  }

  /// @return how many bytes came; 0 if none are there now, -1 at the end
  private int read(ByteBuffer buffer) {
    int room = buffer.remaining();
    if (room == 0) {
      return 0;
    }
    long count;
    do {
      readable = false;
      count = Libc.recv(tenure.fd, MemorySegment.ofBuffer(buffer), 0);
    } while (Errno.interrupted(count));
    if (count > 0) {
      buffer.position(buffer.position() + (int) count);
      if (count == room) {
        // Less than there was room for is all there was.
        readable = true;
      }
      return (int) count;
    }
    return Errno.later(count) && !ended ? 0 : -1;
  }

  // Writing.

  @Override
  protected void onIncompleteFlush() {
    blocked = true;
    if (writable) {
      loop.ask(() -> fired(0));
    }
  }

  @Override
  public boolean flush(ByteBuffer... buffers) throws IOException {
    if (!tenure.enter()) {
      throw new EofException("the socket is closed");
    }
    try {
      Backlog first = backlog;
      if (first != null && !flushed(first)) {
        return false;
      }
      long before = BufferUtil.remaining(buffers);
      boolean all = Sending.send(this, tenure.fd, buffers);
      long count = before - BufferUtil.remaining(buffers);
      if (count > 0) {
        count(count);
        notIdle();
        used();
      }
      return all;
    } finally {
      tenure.exit();
    }
  }

  private boolean flushed(Backlog first) {
    if (!tenure.enter()) {
      return false;
    }
    try {
      writable = false;
      boolean gone = first.send((bytes, from) -> EpollConnector.send(tenure.fd, bytes, from));
      if (gone) {
        writable = true;
      }
      return gone;
    } finally {
      tenure.exit();
    }
  }

  /// To be called before each attempt to write.
  void writing() {
    writable = false;
  }

  /// The socket took all that it was given.
  void wrote() {
    writable = true;
  }

  @Override
  public void sendFirst(byte[] bytes, Runnable then) {
    Backlog first = new Backlog(bytes, then);
    if (!flushed(first)) {
      backlog = first;
    }
  }

  // Its end.

  /// Whether nothing is going on that would keep the connection from leaving, as far as can be seen
  /// from here; on the loop's thread.
  boolean resting() {
    return isFillInterested()
        && !readable
        && !ended
        && !blocked
        && backlog == null
        && !isInputShutdown()
        && !isOutputShutdown();
  }

  /// Its berth is its descriptor.
  @Override
  public int detach() {
    return tenure.leave() ? tenure.fd : NOWHERE;
  }

  @Override
  public boolean isOpen() {
    return super.isOpen() && tenure.held();
  }

  @Override
  protected void doShutdownOutput() {
    if (tenure.enter()) {
      // It may be gone already, which is as good.
      var _ = Libc.shutdown(tenure.fd, Libc.SHUT_WR);
      tenure.exit();
    }
  }

  @Override
  protected void doClose() {
    tenure.end();
  }

  @Override
  public void onClose(@Nullable Throwable failure) {
    super.onClose(failure);
    connector.closed(this, failure);
  }

  // How its handshake goes.

  @Override
  public boolean heard() {
    return connector.heard(this);
  }

  @Override
  public void answered() {
    // The number may be somebody else's if this client has gone meanwhile.
    if (tenure.enter()) {
      connector.slots.passes.answered(tenure.fd);
      tenure.exit();
    }
  }

  @Override
  public boolean speaksFor(InetAddress client) {
    if (!tenure.enter()) {
      return true;
    }
    try {
      return connector.slots.passes.move(tenure.fd, client);
    } finally {
      tenure.exit();
    }
  }

  @Override
  public @Nullable SocketAddress origin() {
    SocketAddress socket = getRemoteSocketAddress();
    if (!tenure.enter()) {
      return socket;
    }
    try {
      return connector.slots.passes.origin(tenure.fd, socket);
    } finally {
      tenure.exit();
    }
  }

  @Override
  public void late() {
    close(new TimeoutException("the client took too long to say what it wants"));
  }

  // What Jetty asks.

  @Override
  public void upgrade(Connection connection) {
    super.upgrade(connection);
    if (connection instanceof Parkable) {
      loop.ask(() -> loop.idle.watch(this));
    }
  }

  @Override
  public @Nullable Object getTransport() {
    return null;
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return address(false);
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    InetSocketAddress known = remote;
    if (known == null) {
      known = address(true);
      remote = known;
    }
    return known;
  }

  private @Nullable InetSocketAddress address(boolean peer) {
    if (!tenure.enter()) {
      return null;
    }
    try {
      return Sockaddr.of(tenure.fd, peer);
    } finally {
      tenure.exit();
    }
  }
}
