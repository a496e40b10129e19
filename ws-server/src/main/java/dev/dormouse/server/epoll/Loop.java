package dev.dormouse.server.epoll;

import dev.dormouse.server.parking.IdleWheel;
import dev.dormouse.server.parking.Parked;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread that waits for many descriptors and does what their events ask for: one round is a
/// wait, the events that it brought, what others asked for meanwhile, and then all that the reading
/// made ready, at once.
///
/// Descriptors are registered once, for edges of all kinds, and never again: an event says that
/// something *became* possible, which the endpoint remembers. So neither reading, nor writing, nor
/// parking needs a system call to say what is waited for.
final class Loop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

  private static final int EVENTS = 256;

  /// The word of the event descriptor that ends a wait; no generation is zero.
  private static final long BELL = -1;

  /// The word of the port.
  private static final long THE_PORT = -2;

  /// How long the port is left alone when nothing can be accepted.
  private static final long REST = TimeUnit.MILLISECONDS.toNanos(200);

  private static final int ALL = Events.IN | Events.OUT | Events.RDHUP | Events.EDGE;

  private final EpollConnector connector;
  private final Runnable afterReading;
  private final ConcurrentLinkedQueue<Runnable> asked = new ConcurrentLinkedQueue<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final int epoll;
  private final int bell;

  /// Idle connections; for this thread only, as is the next.
  final IdleWheel<EpollEndPoint> idle;

  private final Peek peek = new Peek();

  /// Set while this thread waits and has to be woken for what is asked.
  private volatile boolean waiting;

  private volatile @Nullable Thread thread;
  private volatile boolean stopping;

  /// Guarded by [#asked]; once set, the bell is not rung any more.
  private boolean closed;

  /// Where this loop accepts, if it does; for this thread once it runs.
  private @Nullable Port port;

  /// When to listen again, in nanoseconds; for this thread, as is the next.
  private long again;

  private boolean deaf;

  /// @param afterReading runs when a round's events have been read
  Loop(EpollConnector connector, Runnable afterReading, IdleWheel<EpollEndPoint> idle)
      throws IOException {
    this.connector = connector;
    this.afterReading = afterReading;
    this.idle = idle;
    this.epoll = Libc.epollCreate();
    this.bell = Libc.eventfd();
    if (epoll < 0 || bell < 0) {
      close();
      throw Errno.failure("epoll_create1", Math.min(epoll, bell));
    }
    register(Events.ADD, bell, Events.IN, BELL);
  }

  /// Accepts clients here as well; to be called before it runs.
  void listen(Port at) throws IOException {
    port = at;
    register(Events.ADD, at.fd(), Events.IN, THE_PORT);
  }

  /// Waits for a descriptor too, which ends when it is closed.
  void add(int fd, long word) throws IOException {
    register(Events.ADD, fd, ALL, word);
  }

  private void register(int operation, int fd, int bits, long word) throws IOException {
    int result = Libc.epollCtl(epoll, operation, fd, Events.of(bits, word));
    if (result < 0) {
      throw Errno.failure("epoll_ctl", result);
    }
  }

  /// Runs `task` on this thread, in this round or the next.
  void ask(Runnable task) {
    asked.add(task);
    if (waiting && Thread.currentThread() != thread) {
      waiting = false;
      ring();
    }
  }

  private void ring() {
    synchronized (asked) {
      if (!closed) {
        var _ = Libc.ring(bell);
      }
    }
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    try (Arena arena = Arena.ofConfined()) {
      Events events = new Events(arena, EVENTS);
      while (!stopping) {
        guarded(afterReading);
        int count = await(events);
        for (int i = 0; i < count; i++) {
          guarded(events.word(i), events.bits(i));
        }
        answer();
        listenAgain();
        guarded(() -> idle.turn(connector::park));
      }
    } finally {
      thread = null;
      ended.countDown();
    }
  }

  private int await(Events events) {
    waiting = true;
    int millis = asked.isEmpty() && !stopping ? patience() : 0;
    int count = events.await(epoll, millis);
    waiting = false;
    if (count < 0 && !Errno.interrupted(count)) {
      throw new IllegalStateException(Errno.failure("epoll_wait", count));
    }
    return Math.max(count, 0);
  }

  /// How long to wait at most, in milliseconds; -1 for as long as it takes.
  private int patience() {
    int millis = idle.patience();
    if (deaf) {
      int rest = (int) TimeUnit.NANOSECONDS.toMillis(Math.max(0, again - System.nanoTime())) + 1;
      return millis < 0 ? rest : Math.min(millis, rest);
    }
    return millis;
  }

  private void handle(long word, int bits) {
    if (word == BELL) {
      var _ = Libc.take(bell);
    } else if (word == THE_PORT) {
      accept();
    } else {
      switch (connector.slots.holder(word)) {
        case EpollEndPoint endPoint -> endPoint.fired(bits);
        case Parked _ -> attend(word, bits);
        case null -> {
          // Closed meanwhile; its number may have another generation by now.
        }
        case Object other -> throw new IllegalStateException("a slot holds " + other);
      }
    }
  }

  /// Lets a parked connection see to what has come, and wakes it if it cannot. The edge is used up
  /// either way: what it leaves behind must not wait for another.
  private void attend(long word, int bits) {
    int fd = Slots.fd(word);
    Parked.After after = Parked.After.AWAKE;
    try {
      Parked parked = connector.resident(fd);
      if (parked != null && (bits & Events.ENDS) == 0) {
        after = parked.attend(peek.at(fd));
      }
    } finally {
      switch (after) {
        case PARKED -> {}
        case PARKED_WITH_MORE -> ask(() -> attendAgain(word));
        case AWAKE -> connector.wake(fd, bits);
      }
    }
  }

  private void attendAgain(long word) {
    if (connector.slots.holder(word) instanceof Parked) {
      attend(word, 0);
    }
  }

  private void accept() {
    Port here = port;
    if (here == null) {
      return;
    }
    for (int i = 0; i < EVENTS; i++) {
      int fd = here.accept();
      if (fd >= 0) {
        connector.accepted(fd);
        continue;
      }
      if (fd == Port.LATER) {
        deaf = true;
        again = System.nanoTime() + REST;
        listenFor(here, 0);
      }
      return;
    }
  }

  private void listenAgain() {
    Port here = port;
    if (deaf && here != null && System.nanoTime() - again >= 0) {
      deaf = false;
      listenFor(here, Events.IN);
    }
  }

  private void listenFor(Port at, int bits) {
    int fd = at.fd();
    if (fd >= 0) {
      // Fails only if it has just been closed.
      var _ = Libc.epollCtl(epoll, Events.MODIFY, fd, Events.of(bits, THE_PORT));
    }
  }

  /// Does what was asked so far; what these ask for comes in the next round.
  private void answer() {
    for (int left = asked.size(); left > 0; left--) {
      Runnable task = asked.poll();
      if (task != null) {
        guarded(task);
      }
    }
  }

  private void guarded(long word, int bits) {
    try {
      handle(word, bits);
    } catch (RuntimeException | Error e) {
      LOG.error("an event's work on a reading thread failed", e);
    }
  }

  /// One connection's fault is not to end the others.
  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      LOG.error("work on a reading thread failed", e);
    }
  }

  /// Ends the thread, if it was started, and waits for that for 10 s.
  void stop(boolean started) throws InterruptedException {
    stopping = true;
    ring();
    if (started && !ended.await(10, TimeUnit.SECONDS)) {
      LOG.warn("a reading thread did not end");
      return;
    }
    close();
  }

  private void close() {
    synchronized (asked) {
      if (!closed) {
        closed = true;
        for (int fd : new int[] {epoll, bell}) {
          if (fd >= 0) {
            var _ = Libc.close(fd);
          }
        }
      }
    }
  }
}
