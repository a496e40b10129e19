package dev.dormouse.server.jetty;

import dev.dormouse.room.CloseCode;
import dev.dormouse.server.limits.Unfinished;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OutgoingEntry;

/// What a socket has handed to Jetty and what of it has not left yet: how far the client is behind,
/// and whether anything would be lost if Jetty's session were dropped.
///
/// Safe for any thread. [#pending] decides between a message and leaving: whoever changes it first.
final class Outbound extends Unfinished {
  /// What [#pending] is, and a bit more while somebody finds out, once the session has been left.
  private static final long AWAY = Long.MIN_VALUE / 2;

  /// What a frame's header takes at most from a server, in bytes.
  private static final int HEADER = 10;

  private final SocketLimits limits;
  private final LongAdder queued;
  private final Runnable drained;
  private final LongSupplier moved;
  private final Consumer<Why> ended;

  /// Bytes that have not left yet.
  private final AtomicLong pending = new AtomicLong();

  /// How many frames Jetty may be keeping back until one comes that is not to be kept: it calls
  /// them done before they are.
  private final AtomicInteger kept = new AtomicInteger();

  /// @param limits say by how much a client may be behind
  /// @param queued what all sockets together have not sent yet, in bytes, for metrics
  /// @param drained runs whenever nothing is pending any more
  /// @param moved says how many bytes the socket has taken
  /// @param ended told if the client does not read what it is sent, or it takes too much
  Outbound(
      SocketLimits limits,
      LongAdder queued,
      Runnable drained,
      LongSupplier moved,
      Consumer<Why> ended) {
    this.moved = moved;
    this.ended = ended;
    this.limits = limits;
    this.queued = queued;
    this.drained = drained;
  }

  /// What became of a message.
  enum Taken {
    SENT,
    DROPPED,
    /// Nothing yet: the session has just been left.
    MOVED
  }

  /// Whether nothing waits.
  boolean empty() {
    return pending.get() == 0;
  }

  /// Hands a frame to Jetty, unless the client is behind, or the frame is large and memory short.
  ///
  /// @param more whether another follows at once, so that flushing can wait for it
  /// @param refused is told why it is dropped, if it is
  Taken offer(
      RoomSession session, byte opCode, byte[] bytes, boolean more, Consumer<CloseCode> refused) {
    int size = bytes.length + HEADER;
    long waiting = pending.addAndGet(size);
    if (waiting < 0) {
      pending.addAndGet(-size);
      return Taken.MOVED;
    }
    // One message alone may be larger than the limit: the limit is on how far a client is behind.
    boolean behind = waiting > size && waiting > limits.behind();
    boolean taken = !behind && limits.burden().sends(bytes);
    queued.add(size);
    if (!taken) {
      // Counted until the close has begun, so that nothing leaves in between.
      refused.accept(behind ? CloseCode.TOO_SLOW : CloseCode.TRY_LATER);
      left(size);
      return Taken.DROPPED;
    }
    // A frame of its own around shared bytes: Jetty consumes the buffer it is given.
    Frame frame = new Frame(opCode, ByteBuffer.wrap(bytes));
    if (more) {
      // Counted as on its way until it is counted as kept: to be seen as one of them at any time.
      add(1);
      session.sendFrame(new OutgoingEntry.Builder(frame, new Left(bytes)).batch(true).build());
      kept.incrementAndGet();
      left(1);
    } else {
      // Those counted so far are before it and leave with it.
      kept.set(0);
      session.sendFrame(new OutgoingEntry.Builder(frame, new Left(bytes)).batch(false).build());
    }
    return Taken.SENT;
  }

  /// Counts bytes that go out past Jetty; [#left] follows.
  void add(int size) {
    queued.add(size);
    pending.addAndGet(size);
  }

  /// Counts bytes that have left, or never will.
  void left(int size) {
    queued.add(-size);
    if (pending.addAndGet(-size) == 0) {
      drained.run();
    }
  }

  /// Keeps it from leaving until [#left] is told of the one byte that this counts.
  ///
  /// @return false if it has left already
  boolean hold() {
    if (pending.incrementAndGet() < 0) {
      pending.decrementAndGet();
      return false;
    }
    queued.increment();
    return true;
  }

  @Override
  protected long holds() {
    return Math.max(0, pending.get());
  }

  @Override
  protected long moved() {
    return moved.getAsLong();
  }

  @Override
  protected void end(Why why) {
    ended.accept(why);
  }

  /// Takes no frames any more, if nothing is pending or kept back. Not to be called while the
  /// socket closes.
  boolean leave() {
    if (!pending.compareAndSet(0, AWAY)) {
      return false;
    }
    if (kept.get() > 0) {
      stay();
      return false;
    }
    return true;
  }

  /// Takes [#leave] back.
  void stay() {
    pending.addAndGet(-AWAY);
  }

  private final class Left implements Callback {
    private final byte[] bytes;

    Left(byte[] bytes) {
      this.bytes = bytes;
    }

    private void left() {
      limits.burden().sent(bytes);
      Outbound.this.left(bytes.length + HEADER);
    }

    @Override
    public void succeeded() {
      left();
    }

    @Override
    public void failed(Throwable cause) {
      left();
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }
}
