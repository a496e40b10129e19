package dev.dormouse.server.epoll;

import dev.dormouse.server.limits.Entry;
import dev.dormouse.server.limits.Passes;
import dev.dormouse.server.limits.Reason;
import dev.dormouse.server.limits.Turnstile;
import dev.dormouse.server.parking.IdleWheel;
import dev.dormouse.server.parking.Parkable;
import dev.dormouse.server.parking.Parked;
import dev.dormouse.server.parking.ParkingConnector;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.AbstractNetworkConnector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;

/// Jetty's connector on epoll and bare descriptors, from which idle connections are parked: they
/// leave Jetty, and what keeps the descriptor is whatever they left it to.
///
/// A descriptor belongs to one of the loops, by its number.
public final class EpollConnector extends AbstractNetworkConnector implements ParkingConnector {
  final Slots slots;

  private final Runnable afterReading;
  private final int loopCount;
  private final int backlog;
  private final Duration park;
  private final AtomicInteger parked = new AtomicInteger();
  private final LongAdder wakes = new LongAdder();
  private final Turnstile turnstile;

  /// Set while it is open.
  private volatile @Nullable Port port;

  /// Those that run; empty before the start and after the stop.
  private volatile Loop[] loops = {};

  /// @param threads runs the loops and whatever may block
  /// @param afterReading runs on a loop's thread when all that one wait brought has been read
  /// @param turnstile asked for each client
  /// @param backlog how many clients the kernel keeps that have not been accepted
  /// @param park how long a connection is idle before it is parked; zero for never
  public EpollConnector(
      Server server,
      Executor threads,
      Runnable afterReading,
      Turnstile turnstile,
      int loops,
      int backlog,
      Duration park,
      ConnectionFactory... http) {
    super(server, threads, null, null, 0, http);
    this.afterReading = afterReading;
    this.turnstile = turnstile;
    this.slots = new Slots(new Passes(turnstile));
    this.loopCount = loops;
    this.backlog = backlog;
    this.park = park;
  }

  @Override
  public int parked() {
    return parked.get();
  }

  @Override
  public long wakes() {
    return wakes.sum();
  }

  @Override
  public boolean parks() {
    return !park.isZero();
  }

  // The port.

  @Override
  public void open() throws IOException {
    // Jetty opens all ports before it starts any connector, and each again as it starts.
    if (port == null) {
      port = Port.open(getHost(), getPort(), backlog, turnstile.sentAway(Reason.DESCRIPTORS));
      super.open();
    }
  }

  @Override
  public void close() {
    Port open = port;
    if (open != null) {
      port = null;
      open.close();
      super.close();
    }
  }

  @Override
  public boolean isOpen() {
    return port != null;
  }

  /// The port that it listens on; -1 before it is opened, -2 once it is closed.
  @Override
  public int getLocalPort() {
    Port open = port;
    return open == null ? (loops.length == 0 ? -1 : -2) : open.port();
  }

  @Override
  public @Nullable Object getTransport() {
    return port;
  }

  @Override
  protected void accept(int acceptor) {
    throw new IllegalStateException("the loops accept, not a thread of Jetty's");
  }

  // Its life.

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    List<Loop> all = new ArrayList<>();
    try {
      for (int i = 0; i < loopCount; i++) {
        all.add(new Loop(this, afterReading, new IdleWheel<>(park)));
      }
      Port open = port;
      if (open != null) {
        all.getFirst().listen(open);
      }
    } catch (IOException e) {
      for (Loop loop : all) {
        loop.stop(false);
      }
      throw e;
    }
    loops = all.toArray(Loop[]::new);
    all.forEach(getExecutor()::execute);
  }

  @Override
  protected void doStop() throws Exception {
    close();
    for (Loop loop : loops) {
      loop.stop(true);
    }
    slots.each((fd, holder) -> {
      switch (holder) {
        case EpollEndPoint endPoint -> endPoint.close();
        case Parked left -> cut(fd, left, new EofException("the server ends"));
        default -> throw new IllegalStateException("a slot holds " + holder);
      }
    });
    loops = new Loop[0];
    super.doStop();
  }

  private Loop loop(int fd) {
    return loops[fd % loops.length];
  }

  // Connections; on the loop's thread unless it says otherwise.

  /// Takes a client in or sends it away, on the thread that accepted it.
  void accepted(int fd) {
    InetSocketAddress peer = Sockaddr.of(fd, true);
    if (peer == null) {
      // It has gone already.
      var _ = Libc.close(fd);
      return;
    }
    switch (turnstile.enter(peer.getAddress())) {
      case Entry.LetIn(int pass) -> takeIn(fd, pass);
      case Entry.Refused(Reason why) -> turnstile.sendAway(new Unwanted(fd), why);
    }
  }

  private void takeIn(int fd, int pass) {
    EpollEndPoint endPoint = new EpollEndPoint(this, loop(fd), fd);
    endPoint.setIdleTimeout(getIdleTimeout());
    slots.passes.put(fd, pass);
    turnstile.await(endPoint);
    long word = slots.claim(fd, endPoint);
    loop(fd).ask(() -> opened(endPoint, fd, word));
  }

  private void opened(EpollEndPoint endPoint, int fd, long word) {
    try {
      loop(fd).add(fd, word);
      open(endPoint, getDefaultConnectionFactory().newConnection(this, endPoint));
    } catch (IOException | RuntimeException | Error e) {
      LOG.warn("a client could not be taken in", e);
      endPoint.close(e);
    }
  }

  private void open(EpollEndPoint endPoint, Connection connection) {
    endPoint.setConnection(connection);
    endPoint.onOpen();
    onEndPointOpened(endPoint);
    connection.onOpen();
  }

  /// Whether the first request of an endpoint's client was awaited until now.
  boolean heard(EpollEndPoint endPoint) {
    return turnstile.heard(endPoint);
  }

  /// Parks a connection if it is at rest.
  boolean park(EpollEndPoint endPoint) {
    if (!endPoint.resting() || !(endPoint.getConnection() instanceof Parkable parkable)) {
      return false;
    }
    Parked left = parkable.park(endPoint);
    if (left == null) {
      return false;
    }
    slots.hand(endPoint.descriptor(), left);
    parked.incrementAndGet();
    onEndPointClosed(endPoint);
    return true;
  }

  @Override
  public void wake(int fd, Parked left) {
    loop(fd)
        .ask(() -> {
          // Unless it is awake already.
          if (left.equals(slots.holder(fd))) {
            wake(fd, 0);
          }
        });
  }

  @Override
  public boolean hand(int fd, Parked from, Parked to) {
    return slots.hand(fd, from, to);
  }

  @Override
  public @Nullable Parked parkedAt(int fd) {
    return slots.holder(fd) instanceof Parked left ? left : null;
  }

  @Override
  public @Nullable SocketAddress peer(int fd) {
    return parkedAt(fd) == null ? null : slots.passes.origin(fd, Sockaddr.of(fd, true));
  }

  /// Who is parked there in truth; null if nobody is.
  @Nullable Parked resident(int fd) {
    Parked left = parkedAt(fd);
    return left == null ? null : left.here(fd);
  }

  /// Wakes whoever is parked there.
  ///
  /// @param bits the events that woke it, if any did
  void wake(int fd, int bits) {
    EpollEndPoint endPoint = new EpollEndPoint(this, loop(fd), fd);
    // The edge that woke it is used up.
    endPoint.note(bits | Events.IN);
    Parked left;
    do {
      left = resident(fd);
      if (left == null) {
        return;
      }
    } while (!slots.hand(fd, left, endPoint));
    parked.decrementAndGet();
    wakes.increment();
    try {
      open(endPoint, left.wake(endPoint));
      loop(fd).idle.watch(endPoint);
    } catch (RuntimeException | Error e) {
      left.cut(e);
      endPoint.close(e);
      throw e;
    }
  }

  private void cut(int fd, Parked left, Throwable cause) {
    Parked last = left.here(fd);
    last.cut(cause);
    slots.release(fd, last);
    parked.decrementAndGet();
    var _ = Libc.close(fd);
  }

  /// An endpoint was closed, by any thread; its connection is told by another, since it may hold
  /// whatever it likes just now.
  void closed(EpollEndPoint endPoint, @Nullable Throwable failure) {
    turnstile.gone(endPoint);
    Runnable tell =
        () -> {
          Connection connection = endPoint.getConnection();
          if (connection != null) {
            connection.onClose(failure);
          }
          onEndPointClosed(endPoint);
        };
    try {
      getExecutor().execute(tell);
    } catch (RejectedExecutionException e) {
      // The threads have ended, and with them whoever could be in its way.
      tell.run();
    }
  }

  @Override
  public int send(int fd, byte[] bytes) {
    return send(fd, bytes, 0);
  }

  /// Sends bytes from a place on.
  ///
  /// @return how many were taken; -1 if it is broken
  static int send(int fd, byte[] bytes, int from) {
    long sent;
    do {
      sent = Libc.send(fd, MemorySegment.ofArray(bytes).asSlice(from), 0);
    } while (Errno.interrupted(sent));
    return Errno.later(sent) ? 0 : sent < 0 ? -1 : (int) sent;
  }
}
