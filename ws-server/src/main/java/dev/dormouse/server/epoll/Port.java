package dev.dormouse.server.epoll;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A port that is listened on.
///
/// When the process has hardly a descriptor left ([Reserve]), the next client waits for a moment,
/// in which others may go. If that does not help, it and all that wait behind it are sent away.
/// Where not even one descriptor is left, as another process may have them, a spare one is given up
/// for that and taken again, so that the kernel does not tell of the same client for ever.
final class Port {
  private static final Logger LOG = LoggerFactory.getLogger(Port.class);

  /// There is no client, or none that could be had.
  static final int NONE = -1;

  /// Nothing can be accepted for now: ask again later, not at once.
  static final int LATER = -2;

  /// How many are sent away at once.
  private static final int QUEUE = 4_096;

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  /// Guarded by this, as are the fields below; -1 when closed.
  private int fd;

  private int spare;

  /// The client that waits for a moment; [#NONE] if none does.
  private int held = NONE;

  private long warned = System.nanoTime() - MINUTE;

  private final LongAdder refused;
  private final int reserve = Reserve.begin();

  private Port(int fd, LongAdder refused) {
    this.fd = fd;
    this.refused = refused;
    this.spare = Libc.eventfd();
  }

  /// Listens.
  ///
  /// @param host null for every address
  /// @param refused counts the clients that were sent away for want of descriptors
  static Port open(@Nullable String host, int port, int backlog, LongAdder refused)
      throws IOException {
    InetAddress address =
        host == null ? new InetSocketAddress(0).getAddress() : InetAddress.getByName(host);
    boolean four = address instanceof Inet4Address && !address.isAnyLocalAddress();
    int family = four ? Libc.AF_INET : Libc.AF_INET6;
    int fd = Libc.socket(family, Libc.SOCK_STREAM | Libc.NONBLOCK | Libc.CLOEXEC);
    if (fd == -Errno.EAFNOSUPPORT && address.isAnyLocalAddress()) {
      family = Libc.AF_INET;
      fd = Libc.socket(family, Libc.SOCK_STREAM | Libc.NONBLOCK | Libc.CLOEXEC);
    }
    if (fd < 0) {
      throw Errno.failure("socket", fd);
    }
    try {
      option(fd, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
      // What is accepted inherits it.
      option(fd, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, 1);
      if (family == Libc.AF_INET6) {
        option(fd, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, 0);
      }
      check("bind", Libc.bind(fd, Sockaddr.encode(family, address, port)));
      check("listen", Libc.listen(fd, backlog));
      return new Port(fd, refused);
    } catch (IOException e) {
      var _ = Libc.close(fd);
      throw e;
    }
  }

  private static void option(int fd, int level, int option, int value) throws IOException {
    check("setsockopt", Libc.setsockopt(fd, level, option, value));
  }

  private static void check(String call, int result) throws IOException {
    if (result < 0) {
      throw Errno.failure(call, result);
    }
  }

  /// The next client's descriptor, [#NONE] or [#LATER].
  synchronized int accept() {
    if (held != NONE) {
      int client = held;
      held = NONE;
      if (!Reserve.begun(reserve)) {
        return client;
      }
      sendAway(client);
      return clear();
    }
    // Clients that went away while they waited are passed over; bounded, as there may be many.
    for (int i = 0; i < 64 && fd >= 0; i++) {
      int client = Libc.accept(fd);
      if (client >= reserve) {
        warn();
        held = client;
        return LATER;
      }
      if (client >= 0) {
        return client;
      }
      switch (-client) {
        case Errno.EAGAIN -> {
          return NONE;
        }
        case Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM -> {
          return clear();
        }
        default -> {}
      }
    }
    return NONE;
  }

  /// Sends all away who wait and could not be taken in.
  private int clear() {
    for (int i = 0; i < QUEUE; i++) {
      int client = Libc.accept(fd);
      if (client >= 0 && client < reserve) {
        return client;
      }
      if (client < 0) {
        client = withSpare(client);
      }
      if (client >= 0) {
        sendAway(client);
      }
      if (spare < 0) {
        spare = Libc.eventfd();
      }
      if (client < 0) {
        return Errno.later(client) ? NONE : LATER;
      }
    }
    return NONE;
  }

  private void sendAway(int client) {
    var _ = Libc.close(client);
    refused.increment();
    warn();
  }

  /// Accepts once more with the spare descriptor, if it was a descriptor that was missing.
  private int withSpare(int error) {
    if ((error != -Errno.EMFILE && error != -Errno.ENFILE) || spare < 0) {
      return error;
    }
    var _ = Libc.close(spare);
    spare = NONE;
    return Libc.accept(fd);
  }

  private void warn() {
    if (System.nanoTime() - warned >= MINUTE) {
      warned = System.nanoTime();
      LOG.warn(
          "Too many open files: new clients are sent away, {} so far; 'ulimit -n' says how many may"
              + " be open",
          refused.sum());
    }
  }

  /// The descriptor to wait on; -1 when closed.
  synchronized int fd() {
    return fd;
  }

  /// The port that it listens on; -1 when closed.
  synchronized int port() {
    InetSocketAddress address = fd < 0 ? null : Sockaddr.of(fd, false);
    return address == null ? -1 : address.getPort();
  }

  synchronized void close() {
    if (fd >= 0) {
      var _ = Libc.close(fd);
      fd = -1;
      for (int other : new int[] {spare, held}) {
        if (other >= 0) {
          var _ = Libc.close(other);
        }
      }
      held = NONE;
    }
  }
}
