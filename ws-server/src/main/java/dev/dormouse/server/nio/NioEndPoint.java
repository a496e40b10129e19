package dev.dormouse.server.nio;

import dev.dormouse.server.limits.Guest;
import dev.dormouse.server.limits.Pass;
import dev.dormouse.server.parking.Backlog;
import dev.dormouse.server.parking.Parkable;
import dev.dormouse.server.parking.ParkingEndPoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;

/// Jetty's end of a channel, which can leave it to a [Berth]. Its client is counted until it is
/// closed; the pass leaves with the channel.
///
/// A connection that waits for bytes is told of them on the selector's thread only, and parked on
/// it; so nobody reads while it leaves. Whatever still calls this endpoint afterwards finds nothing
/// to read and cannot close anything.
public final class NioEndPoint extends SocketChannelEndPoint implements ParkingEndPoint, Guest {
  private static final int BOTH = SelectionKey.OP_READ | SelectionKey.OP_WRITE;

  /// The most for one call, in bytes.
  private static final int MOST = 256 * 1024;

  private final ParkingSelector selector;
  private final Pass pass;

  /// For the selector's thread.
  private SelectionKey key;

  /// Leaving and closing exclude each other: whoever comes first.
  private final AtomicReference<Tenure> tenure = new AtomicReference<>(Tenure.HELD);

  private enum Tenure {
    HELD,
    LEFT,
    CLOSED
  }

  /// Set when it leaves; for the selector's thread.
  private @Nullable Berth berth;

  /// What goes out first; null in nearly all cases.
  private volatile @Nullable Backlog backlog;

  /// Written by who writes to the socket, of whom there is one at a time.
  private volatile long sent;

  /// The tick of the last use; a torn order of writes does no harm.
  private volatile int lastUsed;

  public NioEndPoint(SocketChannel channel, ParkingSelector selector, SelectionKey key, Pass pass) {
    super(channel, selector, key, selector.scheduler());
    this.selector = selector;
    this.key = key;
    this.pass = pass;
  }

  @Override
  public void used() {
    lastUsed = selector.idle.tick();
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

  // Events, on the selector's thread.

  @Override
  public @Nullable Runnable onSelected() {
    int ready = key.readyOps();
    Runnable task = super.onSelected();
    if ((ready & SelectionKey.OP_WRITE) != 0) {
      Backlog first = backlog;
      if (first != null) {
        sendOn(first);
      }
    }
    if (ready == BOTH
        && getConnection() instanceof Parkable
        && Invocable.getInvocationType(task) != InvocationType.NON_BLOCKING) {
      // Jetty would have another thread do both; reading stays here.
      selector.executor().execute(() -> getWriteFlusher().completeWrite());
      return Invocable.from(InvocationType.NON_BLOCKING, () -> getFillInterest().fillable());
    }
    return task;
  }

  @Override
  public void updateKey() {
    if (tenure.get() != Tenure.LEFT) {
      super.updateKey();
    }
  }

  @Override
  public void replaceKey(SelectionKey newKey) {
    key = newKey;
    super.replaceKey(newKey);
  }

  // Bytes.

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    if (tenure.get() == Tenure.LEFT) {
      return 0;
    }
    int count = super.fill(buffer);
    if (count > 0) {
      used();
      if (getConnection() instanceof Parkable parkable) {
        parkable.handed(buffer.slice(buffer.limit() - count, count));
      }
    }
    return count;
  }

  @Override
  public boolean flush(ByteBuffer... buffers) throws IOException {
    used();
    Backlog first = backlog;
    if (first != null && !sendOn(first)) {
      return false;
    }
    long before = BufferUtil.remaining(buffers);
    boolean all = before <= MOST ? super.flush(buffers) : inPieces(buffers);
    count(before - BufferUtil.remaining(buffers));
    return all;
  }

  /// The JDK copies all that it is given out of the heap, and each thread keeps the place for the
  /// largest copy that it ever made.
  private boolean inPieces(ByteBuffer[] buffers) throws IOException {
    for (ByteBuffer buffer : buffers) {
      int end = buffer.limit();
      while (buffer.position() < end) {
        buffer.limit(Math.min(end, buffer.position() + MOST));
        try {
          if (!super.flush(buffer)) {
            return false;
          }
        } finally {
          buffer.limit(end);
        }
      }
    }
    return true;
  }

  @Override
  public void sendFirst(byte[] bytes, Runnable then) {
    Backlog first = new Backlog(bytes, then);
    backlog = first;
    sendOn(first);
  }

  /// Sends of the backlog what can be sent, and asks to be told when more can be.
  ///
  /// @return whether nothing is left of it
  private boolean sendOn(Backlog first) {
    if (first.send((bytes, from) -> Berths.send(getChannel(), bytes, from))) {
      backlog = null;
      return true;
    }
    onIncompleteFlush();
    return false;
  }

  // Its end.

  /// Whether nothing is going on that would keep the connection from leaving, as far as can be seen
  /// from here; on the selector's thread.
  boolean resting() {
    return isFillInterested()
        && backlog == null
        && !getWriteFlusher().isPending()
        && !isInputShutdown()
        && !isOutputShutdown();
  }

  @Override
  public int detach() {
    if (!tenure.compareAndSet(Tenure.HELD, Tenure.LEFT)) {
      return NOWHERE;
    }
    Berth claimed = selector.berths().claim(selector, getChannel(), key, pass.handOn());
    berth = claimed;
    return claimed.number;
  }

  /// Where it has left its channel.
  Berth berth() {
    Berth it = berth;
    if (it == null) {
      throw new IllegalStateException("it has not left");
    }
    return it;
  }

  @Override
  public boolean isOpen() {
    return tenure.get() == Tenure.HELD && super.isOpen();
  }

  @Override
  protected void doShutdownOutput() {
    if (tenure.get() != Tenure.LEFT) {
      super.doShutdownOutput();
    }
  }

  @Override
  public void doClose() {
    if (tenure.compareAndSet(Tenure.HELD, Tenure.CLOSED)) {
      selector.turnstile().gone(this);
      pass.leave();
      super.doClose();
    }
  }

  @Override
  public void onClose(@Nullable Throwable failure) {
    if (tenure.get() != Tenure.LEFT) {
      super.onClose(failure);
    }
  }

  // How its handshake goes.

  @Override
  public boolean heard() {
    return selector.turnstile().heard(this);
  }

  @Override
  public void answered() {
    pass.answered();
  }

  @Override
  public boolean speaksFor(InetAddress client) {
    return pass.move(client);
  }

  @Override
  public @Nullable SocketAddress origin() {
    return pass.origin(getRemoteSocketAddress());
  }

  @Override
  public void late() {
    close(new TimeoutException("the client took too long to say what it wants"));
  }

  @Override
  public void upgrade(Connection connection) {
    super.upgrade(connection);
    if (connection instanceof Parkable) {
      selector.submit(_ -> selector.idle.watch(this));
    }
  }
}
