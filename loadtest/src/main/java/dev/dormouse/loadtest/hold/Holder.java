package dev.dormouse.loadtest.hold;

import dev.dormouse.loadtest.Frames;
import dev.dormouse.loadtest.WireException;
import dev.dormouse.loadtest.figures.Tick;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Holds the connections: one thread, the caller's, with one selector. It opens them, answers
/// pings, wakes some, and writes down each second how things stand.
final class Holder {
  /// From here on a select, which knows milliseconds only, would be late for a planned send.
  private static final long FINE = 1_500_000;

  private static final long NAP = 50_000;
  private static final long TICK = 200_000_000;

  private final HoldOptions options;
  private final Consumer<Tick> ticks;
  private final Selector selector;
  private final Optional<Orders> orders;
  private final Sockets sockets;
  private final Counts counts = new Counts();
  private final Opener opener;
  private final Waker waker;
  private final long start = System.nanoTime();
  private long second;
  private Phase phase = Phase.OPENING;

  private enum Phase {
    OPENING,
    HOLDING,

    /// Nothing new is sent, the last answers are awaited.
    STOPPING
  }

  /// @param ticks told of each second
  Holder(
      HoldOptions options,
      URI server,
      Sources sources,
      Optional<LateBinding> binding,
      Consumer<Tick> ticks)
      throws IOException {
    this.options = options;
    this.ticks = ticks;
    this.selector = Selector.open();
    this.sockets = new Sockets(options.connections());
    this.waker = new Waker(sockets, counts, options.patience().toNanos());
    this.opener = new Opener(options, server, sources, binding, sockets, counts, selector, now());
    this.orders =
        options.led() ? Optional.of(Orders.from(System.in, selector::wakeup)) : Optional.empty();
  }

  /// Since the start, and never 0.
  private long now() {
    return System.nanoTime() - start + 1;
  }

  /// Holds them for the whole duration, or until it is ordered to stop, and cuts them then.
  ///
  /// @return how it stands in the end
  Tick run() throws IOException {
    try (selector) {
      long end = options.duration().toNanos();
      second = System.currentTimeMillis() / 1_000;
      while (!(phase == Phase.STOPPING && waker.isQuiet())) {
        obey();
        if (now() > end) {
          stop();
        }
        work();
        tick();
        select();
      }
      Tick last = counts.tick(second + 1);
      ticks.accept(last);
      for (int i = 0; i < sockets.size(); i++) {
        sockets.cut(i);
      }
      selector.selectNow();
      return last;
    }
  }

  private void obey() {
    Optional<Orders.Order> order = orders.flatMap(Orders::next);
    if (order.isPresent()) {
      switch (order.get()) {
        case Orders.Order.Wake(double percent) -> waker.begin(percent, now());
        case Orders.Order.Stop _ -> stop();
      }
    }
  }

  private void stop() {
    if (phase != Phase.STOPPING) {
      phase = Phase.STOPPING;
      waker.end();
    }
  }

  private void work() {
    if (phase == Phase.OPENING) {
      opener.work(now());
      if (opener.isDone()) {
        phase = Phase.HOLDING;
        if (options.wake() > 0) {
          waker.begin(options.wake(), now());
        }
      }
    }
    waker.work(this::now, this::lost);
  }

  private void tick() {
    long newSecond = System.currentTimeMillis() / 1_000;
    if (newSecond != second) {
      ticks.accept(counts.tick(second));
      second = newSecond;
    }
  }

  private void select() throws IOException {
    long due = Math.min(waker.next(), phase == Phase.OPENING ? opener.next() : Long.MAX_VALUE);
    long wait = Math.min(due - now(), TICK);
    if (wait > FINE) {
      selector.select(this::ready, TimeUnit.NANOSECONDS.toMillis(wait));
    } else if (selector.selectNow(this::ready) == 0 && wait > 0) {
      LockSupport.parkNanos(Math.min(wait, NAP));
    }
  }

  private void ready(SelectionKey key) {
    int socket = (int) key.attachment();
    switch (sockets.state(socket)) {
      case CONNECTING -> opener.connected(socket, key);
      case UPGRADING, IDLE, WAITING -> readable(socket);
      case UNUSED, GONE -> key.cancel();
    }
  }

  private void readable(int socket) {
    int count;
    try {
      count = sockets.read(socket);
    } catch (IOException _) {
      count = -1;
    }
    if (sockets.state(socket) == Sockets.State.UPGRADING) {
      opener.answered(
          socket, sockets.bytes(), count, (bytes, length) -> frames(socket, bytes, length));
    } else if (count < 0) {
      lost(socket);
    } else {
      frames(socket, sockets.bytes(), count);
    }
  }

  private void frames(int socket, byte[] bytes, int length) {
    long now = now();
    try {
      sockets.frames(
          socket,
          bytes,
          length,
          (opcode, from, offset, size) -> frame(socket, opcode, from, offset, size, now));
    } catch (WireException _) {
      counts.wrong++;
      lost(socket);
    }
  }

  private void frame(int socket, int opcode, byte[] from, int offset, int length, long now) {
    switch (opcode) {
      case Frames.TEXT -> waker.heard(socket, from, offset, length, now);
      case Frames.PING -> pong(socket, Arrays.copyOfRange(from, offset, offset + length));
      case Frames.PONG -> {}
      case Frames.CLOSE -> lost(socket);
      default -> counts.wrong++;
    }
  }

  private void pong(int socket, byte[] payload) {
    try {
      sockets.send(socket, Frames.PONG, payload, payload.length);
    } catch (IOException _) {
      lost(socket);
    }
  }

  /// The server has ended it, or no longer reads.
  private void lost(int socket) {
    if (sockets.state(socket) != Sockets.State.GONE) {
      counts.open--;
      counts.closed++;
      sockets.cut(socket);
    }
  }
}
